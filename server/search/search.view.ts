import type { Context } from '../context.ts';
import { Breath } from '../jobs/breath.ts';
import { eraSize } from './search.bits.ts';
import { blockId } from './search.keys.ts';
import type { SearchStateDoc, SearchTailDoc, TailEntry } from './search.model.ts';
import { Overlay } from './search.overlay.ts';

/** Times of an era are kept in so many blocks of 16 KB. */
const timeBlocks = 16;
export const timesOfBlock = eraSize / timeBlocks;
export const timeKey = (block: number): string => `!${block.toString(16)}`;

/** Times of so many eras stay in memory: 256 KB each. */
const mostTimes = 128;

export interface EraRange {
  no: number;
  oldest: number;
  newest: number;
}

/** What one server holds of the index in memory: what is not in the blocks yet, and when entries are of. Everything else is read. */
class SearchView {
  private readonly tails = new Map<number, TailEntry[]>();
  private overlay = new Overlay();
  private state: SearchStateDoc | null = null;
  private readonly times = new Map<number, { changed: number; of: Uint32Array }>();
  private refreshing: Promise<void> = Promise.resolve();

  /** As it is now: the index's state first, then its tails. Blocks that are read after that hold whatever left the tails meanwhile. */
  async fresh(ctx: Pick<Context, 'models'>): Promise<{ overlay: Overlay; eras: EraRange[] }> {
    const mine = this.refreshing.then(() => this.refresh(ctx));
    this.refreshing = mine.catch(() => undefined);
    await mine;
    return { overlay: this.overlay, eras: this.ranges() };
  }

  private async refresh(ctx: Pick<Context, 'models'>): Promise<void> {
    const state = await readState(ctx);
    if (!state) {
      this.forget();
      return;
    }
    // A copy of the data was put back, or the index was made anew.
    if (this.state && (state.nextTail < this.state.nextTail || state.mergedTo < this.state.mergedTo))
      this.forget();
    const breath = new Breath();
    if (this.state && state.mergedTo > this.state.mergedTo) await this.drop(state.mergedTo, breath);
    const last = Math.max(state.mergedTo, ...this.tails.keys());
    if (state.nextTail - 1 > last) {
      const more = await ctx.models.searchTails
        .find({ _id: { $gt: last } })
        .sort({ _id: 1 })
        .lean<SearchTailDoc[]>();
      for (const { _id, entries } of more) {
        this.tails.set(_id, entries);
        await this.overlay.addAll(entries, breath);
      }
    }
    this.state = state;
  }

  private async drop(mergedTo: number, breath: Breath): Promise<void> {
    for (const id of this.tails.keys()) if (id <= mergedTo) this.tails.delete(id);
    this.overlay = new Overlay();
    for (const entries of this.tails.values()) await this.overlay.addAll(entries, breath);
  }

  private forget(): void {
    this.tails.clear();
    this.times.clear();
    this.overlay = new Overlay();
    this.state = null;
  }

  /** The newest first. */
  private ranges(): EraRange[] {
    const ranges = new Map<number, EraRange>();
    for (const { no, oldest, newest } of this.state?.eras ?? []) ranges.set(no, { no, oldest, newest });
    for (const [no, { oldest, newest }] of this.overlay.eras) {
      const known = ranges.get(no);
      ranges.set(no, {
        no,
        oldest: Math.min(oldest, known?.oldest ?? oldest),
        newest: Math.max(newest, known?.newest ?? 0),
      });
    }
    return [...ranges.values()].sort((a, b) => b.newest - a.newest || b.no - a.no);
  }

  /** Seconds of each place of an era; 0 where the blocks do not say. */
  async timesOf(ctx: Pick<Context, 'models'>, era: number): Promise<Uint32Array> {
    const changed = this.state?.eras.find(({ no }) => no === era)?.changed ?? 0;
    const known = this.times.get(era);
    if (known && known.changed === changed) return known.of;
    const of = await readTimes(ctx, era);
    this.times.delete(era);
    this.times.set(era, { changed, of });
    for (const oldest of this.times.keys()) if (this.times.size > mostTimes) this.times.delete(oldest);
    return of;
  }
}

const views = new WeakMap<object, SearchView>();

/** One for each server. */
export function viewOf(ctx: Pick<Context, 'models'>): SearchView {
  let view = views.get(ctx.models);
  if (!view) {
    view = new SearchView();
    views.set(ctx.models, view);
  }
  return view;
}

export async function readState(ctx: Pick<Context, 'models'>): Promise<SearchStateDoc | null> {
  return ctx.models.searchState.findById('state').lean<SearchStateDoc>();
}

async function readTimes(ctx: Pick<Context, 'models'>, era: number): Promise<Uint32Array> {
  const ids = Array.from({ length: timeBlocks }, (_, block) => blockId(era, timeKey(block)));
  const blocks = await readBlocks(ctx, ids);
  const times = new Uint32Array(eraSize);
  for (const [block, id] of ids.entries()) {
    const bytes = blocks.get(id);
    if (!bytes) continue;
    for (let at = 0; at * 4 < bytes.length; at += 1)
      times[block * timesOfBlock + at] = bytes.readUInt32LE(at * 4);
  }
  return times;
}

/** Blocks by their ids; one that is not there is not among them. */
export async function readBlocks(
  ctx: Pick<Context, 'models'>,
  ids: readonly string[],
): Promise<Map<string, Buffer>> {
  const found = await ctx.models.searchBlocks.collection
    .find({ _id: { $in: [...ids] as never[] } }, { promoteBuffers: true })
    .toArray();
  return new Map(found.map(({ _id, d }) => [String(_id), d as unknown as Buffer]));
}
