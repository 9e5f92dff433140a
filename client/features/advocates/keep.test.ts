import { describe, expect, it } from 'vitest';
import type { Advocate, AdvocatePage, AdvocateStage } from '../../../shared/advocate.ts';
import { withCard } from './keep.ts';

const card = (customerId: string, stage: AdvocateStage, version = 1) =>
  ({ customerId, stage, version }) as Advocate;
const none = { discovered: 0, contacted: 0, engaged: 0, ambassador: 0, dormant: 0 };

const pages = (stage: AdvocateStage, ...letters: string[]) => ({
  pages: letters.map(
    (some): AdvocatePage => ({
      advocates: [...some].map((each) => card(each, stage)),
      next: null,
      counts: { ...none, discovered: 4, contacted: 1 },
    }),
  ),
  pageParams: letters.map(() => null),
});
const read = (data: ReturnType<typeof withCard>) =>
  data.pages.map(({ advocates }) => advocates.map(({ customerId }) => customerId).join(''));

describe('a card that was moved', () => {
  const change = { card: card('b', 'contacted', 2), from: 'discovered', before: 'y' } as const;

  it('leaves its column and comes to its place in the other', () => {
    expect(read(withCard(pages('discovered', 'abcd'), 'discovered', change))).toEqual(['acd']);
    const contacted = withCard(pages('contacted', 'xy', 'z'), 'contacted', change);
    expect(read(contacted)).toEqual(['xby', 'z']);
    expect(contacted.pages[0]?.advocates[1]?.version).toBe(2);
    expect(read(withCard(pages('contacted', 'x', 'z'), 'contacted', { ...change, before: null }))).toEqual([
      'x',
      'zb',
    ]);
  });

  it('is counted where it came to', () => {
    const [page] = withCard(pages('discovered', 'abcd'), 'discovered', change).pages;
    expect(page?.counts).toEqual({ ...none, discovered: 3, contacted: 2 });
    const within = { ...change, card: card('b', 'discovered', 2), before: 'a' } as const;
    const [same] = withCard(pages('discovered', 'abcd'), 'discovered', within).pages;
    expect(same?.counts).toEqual({ ...none, discovered: 4, contacted: 1 });
    const uncounted = pages('discovered', 'abcd');
    for (const each of uncounted.pages) each.counts = null;
    expect(withCard(uncounted, 'discovered', change).pages[0]?.counts).toBeNull();
  });

  it('stays in its row of a table, as it is now', () => {
    const table = withCard(pages('discovered', 'abc'), null, change);
    expect(read(table)).toEqual(['abc']);
    expect(table.pages[0]?.advocates[1]).toMatchObject({ stage: 'contacted', version: 2 });
  });
});
