import { describe, expect, it } from 'vitest';
import { Draw } from '../../test/draw.ts';
import { seeded, seedsOf, shuffled } from '../../test/random.ts';
import { anySearch, type HitDoc, type Verdict } from './hit.model.ts';
import { type Finding, increments, recount, type Settled, type Source, settle } from './hit.settle.ts';
import { shiftOf } from './hour.ts';
import { clearOdds, isAway, learn, learntWords } from './learn.ts';
import { risenWords } from './risen.ts';
import { covers, isSpike, poissonTail, riseOf, usualOf } from './spike.rule.ts';

const shift = shiftOf('Asia/Tehran', new Date('2024-08-02T10:00:00Z'));

const source = (more: Partial<Source> = {}): Source => ({
  id: 'line:1',
  source: 'mention',
  channelId: 'one',
  connector: 'plain',
  authorId: 'xUser:1',
  handle: '@somebody',
  reach: 10,
  text: 'خرید از نارون عالی بود #نارون',
  at: new Date('2024-08-02T10:45:00Z'),
  postId: null,
  label: 'positive',
  state: 'new',
  deletedAt: null,
  ...more,
});
const found = (...names: string[]) =>
  new Map(names.map((name): [string, Finding] => [name, { matched: true, away: null }]));

/** Hits and counts as a database keeps them, by what `settle` says. */
class Kept {
  rows = new Map<string, HitDoc>();
  counts = new Map<string, Map<string, number>>();

  of = (sourceId: string) => [...this.rows.values()].filter((row) => row.sourceId === sourceId);

  write({ put, drop, counts }: Settled): void {
    for (const id of drop) this.rows.delete(id);
    for (const row of put) this.rows.set(row._id, structuredClone(row));
    for (const [id, { inc }] of increments(counts)) {
      const hour = this.counts.get(id) ?? new Map<string, number>();
      for (const [path, by] of Object.entries(inc)) hour.set(path, (hour.get(path) ?? 0) + by);
      this.counts.set(id, hour);
    }
  }

  /** Without what is zero. */
  counted(): Record<string, Record<string, number>> {
    const all: Record<string, Record<string, number>> = {};
    for (const [id, hour] of this.counts) {
      const left = [...hour].filter(([, n]) => n !== 0);
      if (left.length) all[id] = Object.fromEntries(left);
    }
    return all;
  }

  recounted(): Record<string, Record<string, number>> {
    const all: Record<string, Record<string, number>> = {};
    for (const [id, { n, of, by, tags }] of recount([...this.rows.values()]))
      all[id] = { ...flat('', { n }), ...flat('of', of), ...flat('by', by), ...flat('tags', tags) };
    return all;
  }
}

function flat(path: string, value: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]): [string, number][] => {
      const to = path ? `${path}.${name}` : name;
      return typeof one === 'number' ? [[to, one]] : Object.entries(flat(to, one as object));
    }),
  );
}

describe('hits of one source', () => {
  it('are one a search and one of all, in the organisation’s hour', () => {
    const { put, counts } = settle(source(), { rows: [], found: found('b', 'a'), shift });
    expect(put.map(({ searchId }) => searchId)).toEqual(['a', 'b', anySearch]);
    expect(put.at(-1)).toMatchObject({
      searchIds: ['a', 'b'],
      hashtags: ['نارون'],
      state: 'new',
      counted: true,
    });
    // Hours in Tehran begin at the half.
    expect(put[0]?.hour).toEqual(new Date('2024-08-02T10:30:00Z'));
    expect(counts).toHaveLength(3);
    const again = settle(source(), { rows: put, found: found('b', 'a'), shift });
    expect(again).toEqual({ put: [], drop: [], counts: [] });
  });

  it('that a person taught away are kept and not counted, also when another search still means it', () => {
    const { put } = settle(source(), { rows: [], found: found('a', 'b'), shift });
    const one = settle(source(), { rows: put, verdicts: new Map([['a', 'taught' as const]]), shift });
    expect(one.put).toMatchObject([{ searchId: 'a', state: 'notUs', counted: false }]);
    expect(one.counts).toMatchObject([{ searchId: 'a', by: -1 }]);
    const rows = [...put.filter(({ searchId }) => searchId !== 'a'), ...one.put];
    const both = settle(source(), { rows, verdicts: new Map([['b', 'taught' as const]]), shift });
    expect(both.put.map(({ searchId, state }) => [searchId, state])).toEqual([
      ['b', 'notUs'],
      [anySearch, 'notUs'],
    ]);
    // Edited so that the search no longer finds it: a person's word is kept for when it does again.
    const gone = settle(source({ text: 'hm' }), {
      rows: both.put,
      found: new Map([['b', { matched: false, away: null }]]),
      shift,
    });
    expect(gone.put).toMatchObject([{ searchId: 'b', matched: false, verdict: 'taught' }]);
    expect(gone.drop).toHaveLength(1);
  });

  it('that what was learnt says are not about us say which words told, and are kept when a person says so', () => {
    const learnt = new Map([['a', { matched: true, away: ['درخت'] }]]);
    const { put, counts } = settle(source(), { rows: [], found: learnt, shift });
    expect(put).toMatchObject([
      { searchId: 'a', verdict: 'learnt', because: ['درخت'], state: 'notUs', counted: false },
      { searchId: anySearch, verdict: 'learnt', because: ['درخت'], state: 'notUs' },
    ]);
    expect(counts).toEqual([]);
    const kept = settle(source(), { rows: put, verdicts: new Map([['a', 'kept' as const]]), shift });
    expect(kept.put).toMatchObject([{ verdict: 'kept', state: 'new', counted: true }, { state: 'new' }]);
    // What somebody has said is not judged again.
    const later = settle(source(), { rows: kept.put, found: learnt, shift });
    expect(later.put).toEqual([]);
  });

  it('that were taken back stay as hits without words, and are not counted', () => {
    const { put } = settle(source(), { rows: [], found: found('a'), shift });
    const deleted = source({ text: '', deletedAt: new Date(), label: null });
    const after = settle(deleted, {
      rows: put,
      found: new Map([['a', { matched: false, away: null }]]),
      shift,
    });
    expect(after.put).toMatchObject([
      { matched: true, counted: false, words: [], hashtags: [], label: null },
      { matched: true, counted: false },
    ]);
    expect(settle(deleted, { rows: [], found: new Map(), shift }).put).toEqual([]);
  });
});

describe('whatever happens', () => {
  const seeds = seedsOf('HITS', 150);
  const searches = ['a', 'b', 'c'];

  class Life extends Draw {
    readonly kept = new Kept();
    readonly sources = new Map<string, Source>();

    step(): void {
      const { kept } = this;
      const id = `line:${this.below(6)}`;
      const known = this.sources.get(id);
      const finding = (): [string, Finding] => [
        this.one(searches),
        { matched: this.chance(0.7), away: this.chance(0.2) ? ['word'] : null },
      ];
      const searched = () => new Map(this.some([0, 3], finding));
      if (!known) {
        const at = new Date(Date.UTC(2024, 7, 2, this.below(3), this.below(60)));
        this.sources.set(id, source({ id, at, channelId: this.one(['one', 'two']) }));
        kept.write(settle(this.now(id), { rows: [], found: searched(), shift }));
        return;
      }
      this.way<void>(
        [3, () => kept.write(settle(known, { rows: kept.of(id), found: searched(), shift }))],
        [2, () => this.change(id, { label: this.one(['positive', 'neutral', 'negative', null]) })],
        [
          1,
          () =>
            this.change(id, { text: this.one(['#نارون تازه', '#elm #نارون', 'constructor #constructor']) }),
        ],
        [1, () => this.change(id, { state: this.one(['new', 'done', 'converted']) })],
        [1, () => this.change(id, { deletedAt: new Date(0), text: '', label: null })],
        [
          3,
          () => {
            const verdict = this.one<Verdict>(['taught', 'none', 'kept', 'taught']);
            const verdicts = new Map([[this.one(searches), verdict]]);
            const rows = kept
              .of(id)
              .filter((row) => row.searchId === anySearch || verdicts.has(row.searchId));
            if (rows.length > 1) kept.write(settle(known, { rows: kept.of(id), verdicts, shift }));
          },
        ],
      );
    }

    now = (id: string) => this.sources.get(id) as Source;

    change(id: string, more: Partial<Source>): void {
      const after = { ...this.now(id), ...more };
      if (this.now(id).deletedAt) return;
      this.sources.set(id, after);
      this.kept.write(settle(after, { rows: this.kept.of(id), shift: this.chance(0.1) ? 0 : shift }));
    }
  }

  it('the counts of the hours are those of the hits', () => {
    for (let seed = seeds.first; seed <= seeds.last; seed += 1) {
      const life = new Life(seeded(seed));
      for (let n = 0; n < 60; n += 1) {
        life.step();
        expect(life.kept.counted(), `seed ${seed}, step ${n}`).toEqual(life.kept.recounted());
      }
      for (const row of life.kept.rows.values())
        if (row.searchId !== anySearch && row.counted)
          expect(life.kept.rows.get(`${anySearch}:${row._id.slice(row.searchId.length + 1)}`)?.counted).toBe(
            true,
          );
    }
  });

  it('words of people and of searches come to the same in any order', () => {
    for (let seed = seeds.first; seed <= seeds.last; seed += 1) {
      const draw = new Draw(seeded(seed));
      const verdicts = new Map(
        searches.map((name) => [name, draw.one<Verdict | null>(['taught', 'kept', null])]),
      );
      const orders = [1, 2].map((n) => shuffled([...searches, ...searches], seeded(seed * 7 + n)));
      // The first word of a search finds it; a person can say something of it only then.
      const ends = orders.map((order) => {
        const met = new Set<string>();
        const kept = new Kept();
        for (const name of order) {
          const verdict = verdicts.get(name);
          const word = met.has(name)
            ? verdict && { verdicts: new Map([[name, verdict]]) }
            : { found: found(name) };
          if (word) kept.write(settle(source(), { rows: kept.of('line:1'), ...word, shift }));
          met.add(name);
        }
        return [[...kept.rows.values()].sort((a, b) => (a._id < b._id ? -1 : 1)), kept.counted()];
      });
      expect(ends[0], `seed ${seed}`).toEqual(ends[1]);
    }
  });
});

describe('what is learnt', () => {
  const about = ['گوشی', 'باتری', 'دوربین', 'قیمت'];
  const away = (n: number) => Array.from({ length: n }, (_, i) => ['نارون', 'درخت', `باغ${i}`, 'سایه']);
  const kept = Array.from({ length: 20 }, (_, i) => ['نارون', about[i % 4] ?? '', `خرید${i}`]);
  const own = new Set(['نارون']);

  it('needs five examples, and says by which words it knows', () => {
    expect(learn({ away: away(4), kept }, { own })).toBeNull();
    const learnt = learn({ away: away(5), kept }, { own });
    expect(learntWords(learnt)).toEqual(['درخت', 'سایه']);
    expect(isAway(learnt, ['درخت', 'سایه', 'نارون'])).toEqual(['درخت', 'سایه']);
  });

  it('lets nothing go that speaks for us, or of which nothing is known', () => {
    const learnt = learn({ away: away(8), kept }, { own });
    expect(isAway(learnt, ['نارون', 'چیز', 'تازه'])).toBeNull();
    expect(isAway(learnt, [])).toBeNull();
    expect(isAway(learnt, ['گوشی', 'باتری', 'دوربین', 'درخت'])).toBeNull();
    expect(isAway(null, ['درخت'])).toBeNull();
    expect(clearOdds).toBeCloseTo(2.996, 2);
  });

  it('has counterexamples', () => {
    const trees = Array.from({ length: 8 }, (_, i) => ['نارون', 'درخت', `عکس${i}`]);
    const learnt = learn({ away: away(8), kept: [...kept, ...trees] }, { own });
    expect(isAway(learnt, ['درخت'])).toBeNull();
  });
});

describe('an hour far above its usual', () => {
  it('is told by this hour of the weeks before, or the hours before where there are too few', () => {
    expect(usualOf({ weeks: [4, 6, 5, 90], hours: [1, 1] })).toMatchObject({ median: 5.5 });
    expect(usualOf({ weeks: [4], hours: [2, 2, 2] })).toMatchObject({ median: 2 });
    expect(usualOf({ weeks: [], hours: [] })).toEqual({ median: 0, deviation: 0, mean: 0 });
  });

  it.each([
    // count, the weeks before, is it
    [7, [0, 0, 0, 0, 0, 0, 0, 0], false],
    [8, [0, 0, 0, 0, 0, 0, 0, 0], true],
    [8, [2, 3, 2, 2, 3, 2, 1, 2], false],
    [12, [2, 3, 2, 2, 3, 2, 1, 2], true],
    [30, [20, 22, 18, 21, 19, 20, 22, 18], false],
    [60, [20, 22, 18, 21, 19, 20, 22, 18], true],
    // An hour that is loud now and then.
    [60, [5, 40, 25, 60, 8, 30, 10, 45], false],
    // Once was a storm: the median does not mind, and chance is judged by the mean.
    [12, [1, 1, 1, 1, 1, 1, 1, 60], false],
  ])('%i after %j: %s', (count, weeks, spike) => {
    expect(isSpike(count, usualOf({ weeks, hours: [] }))).toBe(spike);
  });

  it.each([
    // said, negative, what rose
    [30, 3, null],
    [30, 25, 'negative'],
    [90, 3, 'all'],
    [90, 60, 'both'],
  ] as const)('%i things said, %i of them negative: %s', (all, negative, rise) => {
    const usual = {
      all: usualOf({ weeks: [30, 31, 29, 30, 32, 30, 28, 30], hours: [] }),
      negative: usualOf({ weeks: [2, 3, 2, 1, 2, 2, 3, 2], hours: [] }),
    };
    expect(riseOf({ all, negative }, usual)).toBe(rise);
  });

  it('is no news once it was told, and complaints are where only the number was', () => {
    expect(covers('both', 'all') && covers('both', 'negative') && covers('all', 'all')).toBe(true);
    expect(covers('all', 'negative') || covers('all', 'both') || covers('negative', 'all')).toBe(false);
  });

  it('chance is the tail of a Poisson distribution', () => {
    expect(poissonTail(0, 3)).toBe(1);
    expect(poissonTail(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12);
    expect(poissonTail(3, 2)).toBeCloseTo(1 - Math.exp(-2) * (1 + 2 + 2), 12);
  });
});

it('words have risen that are met far more often than before, and none that always are', () => {
  const hit = (...words: string[]) => ({ words, hashtags: words.includes('خراب') ? ['تعمیر'] : [] });
  const now = [
    ...Array.from({ length: 12 }, () => hit('گوشی', 'خراب')),
    ...Array.from({ length: 12 }, () => hit('گوشی', 'خوب')),
  ];
  const before = Array.from({ length: 200 }, (_, n) => hit('گوشی', n % 2 ? 'خوب' : 'ارزان'));
  expect(risenWords(now, before, { own: new Set(), limit: 5 })).toEqual([
    { word: '#تعمیر', count: 12, usual: 0 },
    { word: 'خراب', count: 12, usual: 0 },
  ]);
  expect(risenWords(now, before, { own: new Set(['خراب', 'تعمیر']), limit: 5 })).toEqual([]);
});
