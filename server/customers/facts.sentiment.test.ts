import { describe, expect, it } from 'vitest';
import type { SentimentLabel } from '../../shared/sentiment.ts';
import type { MessageFrom } from './facts.activity.ts';
import { sentimentFacts, staleAtOf } from './facts.sentiment.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
function said(days: number, label: SentimentLabel | null, direction: 'in' | 'out' = 'in'): MessageFrom {
  const sentiment = label && {
    label,
    score: 0,
    confidence: 1,
    language: 'fa' as const,
    about: [],
    words: [],
    by: 'model' as const,
    byUserId: null,
  };
  return {
    _id: `${days} ${label}`,
    conversationId: 'c',
    kind: 'message',
    direction,
    identityId: 'i',
    at: ago(days),
    automatic: false,
    sentiment,
  };
}

describe('how a customer writes', () => {
  it('is counted over ninety days, and known for its last word however long ago', () => {
    const { sentiment, staleAt } = sentimentFacts(
      [said(1, null), said(2, 'positive'), said(30, 'negative'), said(89, 'negative'), said(91, 'negative')],
      now,
    );
    expect(sentiment).toEqual({ last: 'positive', positive: 1, neutral: 0, negative: 2 });
    expect(staleAt).toEqual(new Date(ago(89).getTime() + 90 * 86_400_000));
    expect(sentimentFacts([said(100, 'negative')], now)).toEqual({
      sentiment: { last: 'negative', positive: 0, neutral: 0, negative: 0 },
      staleAt: null,
    });
  });

  it('is not what we write, and nothing where nothing was said', () => {
    expect(sentimentFacts([said(1, 'positive', 'out')], now).sentiment.last).toBe('');
  });

  it('is stale with whatever is stale first', () => {
    const never = new Date(0);
    expect(staleAtOf(never, null)).toEqual(never);
    expect(staleAtOf(never, ago(-3))).toEqual(ago(-3));
    expect(staleAtOf(ago(-1), ago(-3))).toEqual(ago(-1));
    expect(staleAtOf(ago(-5), ago(-3))).toEqual(ago(-3));
  });
});
