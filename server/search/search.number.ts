import type { Context } from '../context.ts';
import { eraSize } from './search.bits.ts';
import type { SearchStateDoc, TailEntry } from './search.model.ts';
import { readState } from './search.view.ts';

/** Something to be indexed: under the number it has, or under a new one. */
export interface NewEntry {
  no: number | null;
  at: Date;
  terms: Iterable<string>;
}

/** What is older when it is indexed is from long ago: a history that was read in, a program that was away. */
const pastMs = 24 * 60 * 60 * 1000;

/** Blocks keep seconds in four bytes: what is later than 2106, a guarantee or a slip of a year, is all at their end. */
const latest = 2 ** 32 - 1;

const empty: Omit<SearchStateDoc, '_id'> = {
  // Numbers begin above 0: an index tells them from none by that.
  nextEra: 1,
  live: null,
  past: null,
  nextTail: 1,
  mergedTo: 0,
  waiting: 0,
  eras: [],
};

/** Under the worker's lease alone: of two at once one fails. */
export async function stateOf(ctx: Context): Promise<SearchStateDoc> {
  const state = await readState(ctx);
  if (state) return state;
  await ctx.models.searchState.updateOne({ _id: 'state' }, { $setOnInsert: empty }, { upsert: true });
  return stateOf(ctx);
}

/**
 * Gives numbers and writes one tail: from then on search finds the entries. Numbers that were given to what was then not written are
 * nobody's for ever.
 *
 * @returns the numbers, in order
 * @throws when another server indexes at the same time
 */
export async function writeTail(ctx: Context, entries: readonly NewEntry[]): Promise<number[]> {
  const state = await stateOf(ctx);
  const numbers = entries.map(({ no, at }) => {
    if (no !== null) return no;
    const kind = ctx.now().getTime() - at.getTime() > pastMs ? 'past' : 'live';
    return nextNumber(state, kind);
  });
  const { nextEra, live, past, nextTail } = state;
  const taken = await ctx.models.searchState.updateOne(
    { _id: 'state', nextTail },
    { $set: { nextEra, live, past, nextTail: nextTail + 1, waiting: state.waiting + entries.length } },
  );
  if (!taken.matchedCount) throw new Error('Another server writes to the index of search at the same time.');
  const lines = entries.map(
    ({ at, terms }, index): TailEntry => ({
      n: numbers[index] ?? 0,
      t: Math.min(latest, Math.max(0, Math.floor(at.getTime() / 1000))),
      w: [...terms].join(' '),
    }),
  );
  await ctx.models.searchTails.collection.insertOne({ _id: nextTail as never, entries: lines });
  return numbers;
}

function nextNumber(state: SearchStateDoc, kind: 'live' | 'past'): number {
  let open = state[kind];
  if (!open || open.used >= eraSize) {
    open = { no: state.nextEra, used: 0 };
    state.nextEra += 1;
    state[kind] = open;
  }
  const no = open.no * eraSize + open.used;
  open.used += 1;
  return no;
}
