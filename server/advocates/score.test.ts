import { describe, expect, it } from 'vitest';
import { scoreOf, scoreParts } from '../../shared/advocate.ts';
import { seeded, shuffled } from '../../test/random.ts';
import { usualSettings } from './advocate.settings.ts';
import { placeAt, placeBetween } from './order.ts';
import {
  dayOf,
  purchaseWeight,
  type ScoredEvidence,
  scoreFrom,
  scoreOn,
  trendOf,
  withToday,
} from './score.ts';

const dayMs = 86_400_000;
const now = new Date('2026-03-21T12:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * dayMs);
const said = (part: ScoredEvidence['part'], more: Partial<ScoredEvidence> = {}): ScoredEvidence => ({
  part,
  weight: 1,
  at: now,
  channelId: 'c',
  products: [],
  public: true,
  ...more,
});
const nothing = { evidence: [], purchases: [], referrals: [], reaches: [], settings: usualSettings, now };
const many = (n: number, part: ScoredEvidence['part'], more: Partial<ScoredEvidence> = {}) =>
  Array.from({ length: n }, () => said(part, more));

describe('a score', () => {
  it('of nothing is nothing', () => {
    const score = scoreFrom(nothing);
    expect(score).toMatchObject({ score: 0, kinds: [], reach: -1, lastAt: null, products: [] });
    expect(Object.values(score.parts)).toEqual(scoreParts.map(() => 0));
  });

  it('rises with every word, less each time, and never beyond 100', () => {
    const praise = [1, 2, 4, 8, 64, 1000].map(
      (n) => scoreFrom({ ...nothing, evidence: many(n, 'praise') }).parts.praise,
    );
    expect(praise.slice(0, 3)).toEqual([15.4, 28.3, 48.7]);
    expect([...praise].sort((a, b) => a - b)).toEqual(praise);
    expect(praise.at(-1)).toBe(100);
  });

  it('knows reach by its logarithm, purchases by their worth, and silence by its half-life', () => {
    const reach = (...reaches: number[]) => scoreFrom({ ...nothing, reaches }).parts.reach;
    expect([reach(0), reach(9), reach(999), reach(500, 499), reach(999_999), reach(50_000_000)]).toEqual([
      0, 16.7, 50, 50, 100, 100,
    ]);
    expect(purchaseWeight({ at: now, amount: 99_000_000, currency: 'IRR' })).toBe(3);
    expect(purchaseWeight({ at: now, amount: 99_000_000, currency: 'EUR' })).toBe(1);
    expect(purchaseWeight({ at: now, amount: null, currency: 'IRR' })).toBe(1);
    const recency = (days: number) =>
      scoreFrom({ ...nothing, evidence: [said('praise', { at: ago(days) })] }).parts.recency;
    expect([recency(0), recency(45), recency(90)]).toEqual([100, 50, 25]);
    // A word against us is no sign of life.
    expect(scoreFrom({ ...nothing, evidence: [said('criticism')] }).parts.recency).toBe(0);
  });

  it('does not depend on the order of its evidence, and its parts make it', () => {
    const random = seeded(7);
    const evidence = Array.from({ length: 60 }, () =>
      said(random() < 0.5 ? 'praise' : 'help', {
        weight: Math.round(random() * 1500) / 1000,
        at: ago(Math.floor(random() * 300)),
        products: [['Kettle', 'Toaster', 'Fan', 'Lamp'][Math.floor(random() * 4)] ?? ''],
      }),
    );
    const first = scoreFrom({ ...nothing, evidence });
    for (let n = 0; n < 5; n += 1)
      expect(scoreFrom({ ...nothing, evidence: shuffled(evidence, random) })).toEqual(first);
    expect(first.score).toBe(scoreOf(first.parts, usualSettings.weights));
    expect(first.products).toHaveLength(3);
  });

  it('tells the kinds apart', () => {
    const kinds = (evidence: ScoredEvidence[], reaches: number[] = []) =>
      scoreFrom({ ...nothing, evidence, reaches }).kinds;
    expect(kinds([], [20_000])).toEqual(['influencer']);
    expect(kinds(many(3, 'help'))).toEqual(['helper']);
    expect(kinds(many(2, 'help'))).toEqual([]);
    expect(kinds([...many(9, 'praise'), ...many(3, 'recommendation')])).toEqual(['advocate']);
    expect(kinds(many(2, 'criticism'))).toEqual(['detractor']);
    expect(kinds(many(2, 'criticism', { public: false }))).toEqual([]);
    expect(kinds(many(1, 'criticism'))).toEqual([]);
    expect(kinds(many(1, 'criticism'), [6_000])).toEqual(['detractor']);
    expect(kinds(many(1, 'criticism', { public: false }), [6_000])).toEqual([]);
    expect(kinds([...many(2, 'criticism'), ...many(2, 'praise')])).toEqual([]);
    expect(kinds(many(2, 'criticism', { at: ago(91) }))).toEqual([]);
  });
});

it('a trend has thirty days, and days of which nothing is known are as the one before', () => {
  const days = withToday(
    [
      { day: dayOf(ago(60)), score: 5 },
      { day: dayOf(ago(40)), score: 7 },
      { day: dayOf(ago(3)), score: 20 },
    ],
    30,
    now,
  );
  expect(days).toEqual([
    { day: dayOf(ago(30)), score: 7 },
    { day: dayOf(ago(3)), score: 20 },
    { day: dayOf(now), score: 30 },
  ]);
  expect(withToday(days, 31, now).at(-1)).toEqual({ day: dayOf(now), score: 31 });
  const trend = trendOf(days, now);
  expect(trend).toHaveLength(30);
  expect(trend.slice(25)).toEqual([7, 20, 20, 20, 30]);
  expect(trendOf([{ day: dayOf(now), score: 9 }], now).slice(28)).toEqual([0, 9]);
  expect(scoreOn(days, dayOf(ago(7)))).toBe(7);
});

it('between two places there is always a third, wherever cards are put', () => {
  const random = seeded(3);
  const column: string[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const at =
      random() < 0.5 ? Math.floor(random() * (column.length + 1)) : random() < 0.5 ? 0 : column.length;
    const place = placeBetween(column[at - 1] ?? null, column[at] ?? null);
    expect(place.endsWith('0')).toBe(false);
    column.splice(at, 0, place);
  }
  expect([...column].sort()).toEqual(column);
  expect(new Set(column).size).toBe(2_000);
  expect(placeBetween('a', 'a1') > 'a' && placeBetween('a', 'a1') < 'a1').toBe(true);
  expect(() => placeBetween('b', 'a')).toThrow(RangeError);
  const earlier = placeAt(new Date(1), 0.99);
  expect(earlier < placeAt(new Date(2), 0)).toBe(true);
  expect(placeBetween(earlier, null) > earlier).toBe(true);
});
