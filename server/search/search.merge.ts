import type { Context } from '../context.ts';
import { Breath } from '../jobs/breath.ts';
import { extended } from './search.block.ts';
import { blockId } from './search.keys.ts';
import type { SearchStateDoc, SearchTailDoc } from './search.model.ts';
import { stateOf } from './search.number.ts';
import { Overlay } from './search.overlay.ts';
import { readBlocks, timeKey, timesOfBlock } from './search.view.ts';

/** Blocks written at once: a few milliseconds of the database. */
const piece = 200;

/** Waits after a piece of work of so many milliseconds, so that others have their turn. */
export type Rest = (workedMs: number) => Promise<void>;

/**
 * Puts all tails into the blocks. What is in both is found once; so it may break off anywhere and be done again.
 *
 * @param options.fence of the lease that is held
 * @returns how many entries that were
 * @throws when another server holds the lease meanwhile
 */
export async function merge(
  ctx: Context,
  options: { fence: number; signal: AbortSignal; rest: Rest },
): Promise<number> {
  const { fence } = options;
  const state = await stateOf(ctx);
  const tails = await ctx.models.searchTails
    .find({ _id: { $gt: state.mergedTo } })
    .sort({ _id: 1 })
    .lean<SearchTailDoc[]>();
  const last = tails.at(-1);
  if (!last) return 0;

  const overlay = new Overlay();
  const breath = new Breath();
  for (const { entries } of tails) await overlay.addAll(entries, breath);

  for (const [no, era] of overlay.eras) {
    // Neighbours are stored together: a piece touches few pages.
    const keys = [...era.keys].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let from = 0; from < keys.length; from += piece) {
      if (options.signal.aborted) return 0;
      const began = performance.now();
      const some = new Map(keys.slice(from, from + piece).map(([key, names]) => [blockId(no, key), names]));
      const before = await readBlocks(ctx, [...some.keys()]);
      const after: Written[] = [];
      for (const [id, names] of some) {
        const block = before.get(id) ?? null;
        after.push({ id, bytes: extended(block, names), isNew: block === null });
        await breath.draw();
      }
      await writeBlocks(ctx, after, fence);
      await options.rest(performance.now() - began);
    }
    await writeTimes(ctx, { era: no, times: era.times, fence });
  }

  const written = await ctx.models.searchState.updateOne(
    { _id: 'state', mergedTo: state.mergedTo },
    { $set: { mergedTo: last._id, waiting: 0, eras: erasAfter(state.eras, overlay, last._id) } },
  );
  if (!written.matchedCount) throw new Error('Another server merged the index of search at the same time.');
  await ctx.models.searchTails.deleteMany({ _id: { $lte: last._id } });
  return overlay.size;
}

interface Written {
  id: string;
  bytes: Buffer;
  /** It was not there. */
  isNew: boolean;
}

/** @throws when one was written under a higher fence meanwhile, or made by another server */
async function writeBlocks(ctx: Context, blocks: readonly Written[], fence: number): Promise<void> {
  const { collection } = ctx.models.searchBlocks;
  const fresh = blocks.filter(({ isNew }) => isNew);
  const known = blocks.filter(({ isNew }) => !isNew);
  if (fresh.length)
    await collection.insertMany(
      fresh.map(({ id, bytes }) => ({ _id: id as never, d: bytes, f: fence })),
      { ordered: false },
    );
  if (!known.length) return;
  const { matchedCount } = await collection.bulkWrite(
    known.map(({ id, bytes }) => ({
      updateOne: {
        filter: { _id: id as never, f: { $lte: fence } },
        update: { $set: { d: bytes, f: fence } },
      },
    })),
    { ordered: false },
  );
  if (matchedCount !== known.length)
    throw new Error('Another server merges the index of search at the same time.');
}

async function writeTimes(
  ctx: Context,
  options: { era: number; times: ReadonlyMap<number, number>; fence: number },
): Promise<void> {
  const { era, times, fence } = options;
  const blocks = new Map<number, Map<number, number>>();
  for (const [place, t] of times) {
    const block = Math.floor(place / timesOfBlock);
    const of = blocks.get(block) ?? new Map<number, number>();
    of.set(place % timesOfBlock, t);
    blocks.set(block, of);
  }
  const idOf = (block: number) => blockId(era, timeKey(block));
  const before = await readBlocks(ctx, [...blocks.keys()].map(idOf));
  await writeBlocks(
    ctx,
    [...blocks].map(([block, of]) => {
      const id = idOf(block);
      const bytes = Buffer.alloc(timesOfBlock * 4);
      before.get(id)?.copy(bytes);
      for (const [at, t] of of) bytes.writeUInt32LE(t, at * 4);
      return { id, bytes, isNew: !before.has(id) };
    }),
    fence,
  );
}

function erasAfter(
  before: SearchStateDoc['eras'],
  overlay: Overlay,
  changed: number,
): SearchStateDoc['eras'] {
  const eras = new Map(before.map((era) => [era.no, era]));
  for (const [no, { oldest, newest }] of overlay.eras) {
    const known = eras.get(no);
    eras.set(no, {
      no,
      oldest: Math.min(oldest, known?.oldest ?? oldest),
      newest: Math.max(newest, known?.newest ?? newest),
      changed,
    });
  }
  return [...eras.values()].sort((a, b) => a.no - b.no);
}
