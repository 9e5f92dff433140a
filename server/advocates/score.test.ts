import { describe, expect, it } from 'vitest';
import { scoreOf, scoreParts } from '../../shared/advocate.ts';
import { seeded, shuffled } from '../../test/random.ts';
import { usualSettings } from './advocate.settings.ts';
import { placeAt, placeBetween } from './order.ts';
import { changeOf, purchaseWeight, type ScoredEvidence, scoreFrom, trendFrom } from './score.ts';

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

describe('a trend', () => {
  it('tells how the score was at the end of each of thirty days, the last one now', () => {
    const sources = {
      ...nothing,
      evidence: [
        said('praise', { at: ago(40) }),
        said('praise', { at: ago(7) }),
        said('help', { at: ago(7), weight: 2 }),
        said('criticism', { at: ago(1) }),
      ],
      purchases: [{ at: ago(20), amount: 9_000_000, currency: 'IRR' }],
      reaches: [999],
    };
    const trend = trendFrom(sources);
    expect(trend).toHaveLength(30);
    expect(trend.at(-1)).toBe(scoreFrom(sources).score);
    const yesterday = new Date('2026-03-20T23:59:59.999Z');
    expect(trend.at(-2)).toBe(scoreFrom({ ...sources, now: yesterday }).score);
    // Noon of the day: known at its end, not at the end of the one before.
    expect(trend[22]).toBeGreaterThan((trend[21] ?? 0) + 5);
    expect(trend[9]).toBeGreaterThan(trend[8] ?? 0);
    // A day without a word is a little less than the one before it.
    expect(trend[28]).toBeLessThan(trend[27] ?? 0);
  });

  it('rises by what was said and done, not by a weight, a merge or the day on which it was learnt', () => {
    const old = { ...nothing, evidence: many(5, 'praise', { at: ago(60) }), reaches: [50_000] };
    const other = {
      ...old,
      settings: { ...usualSettings, weights: { ...usualSettings.weights, praise: 90, recency: 0 } },
    };
    expect(changeOf(trendFrom(old))).toBeLessThan(0);
    expect(changeOf(trendFrom(other))).toBe(0);
    const merged = { ...old, evidence: [...old.evidence, ...many(9, 'help', { at: ago(50) })] };
    expect(changeOf(trendFrom(merged))).toBeLessThan(0);
    const lately = { ...old, evidence: [...old.evidence, said('recommendation', { at: ago(2) })] };
    expect(changeOf(trendFrom(lately))).toBeGreaterThan(0);
    expect(trendFrom(nothing)).toEqual(Array(30).fill(0));
  });
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
