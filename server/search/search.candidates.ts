import type { Context } from '../context.ts';
import { addAll, type Bits, eraSize, keepCommon, noBits, placesOf } from './search.bits.ts';
import { collect } from './search.block.ts';
import { blockId, type Lookup } from './search.keys.ts';
import { type Overlay, wantedBy } from './search.overlay.ts';
import { keysOfPlan, type Plan } from './search.plan.ts';
import { type EraRange, readBlocks, viewOf } from './search.view.ts';

/** A place in the one order of everything that is indexed: newest first, by seconds, then by number. */
export interface Place {
  t: number;
  n: number;
}

const isBefore = (a: Place, b: Place): boolean => a.t > b.t || (a.t === b.t && a.n > b.n);
const inOrder = (a: Place, b: Place): number => b.t - a.t || b.n - a.n;

/** Eras of which blocks are read together: few at first, since most finds are among the newest. */
const steps = [2, 6, 16];

/**
 * What may match a plan, newest first, a piece at a time: each piece is in order and newer than the next. Whoever has enough stops, and
 * older eras are not read. No more than `most` are given in all.
 */
export async function* candidates(
  ctx: Pick<Context, 'models'>,
  options: { plan: Plan; after: Place | null; most: number },
): AsyncGenerator<Place[]> {
  const { plan, after, most } = options;
  const view = viewOf(ctx);
  const { overlay, eras: all } = await view.fresh(ctx);
  const eras = after ? all.filter(({ oldest }) => oldest <= after.t) : all;
  const keys = keysOfPlan(plan);
  let held: Place[] = [];
  let given = 0;
  for (let at = 0, step = 0; at < eras.length && given < most; step += 1) {
    const some = eras.slice(at, at + (steps[Math.min(step, steps.length - 1)] ?? 1));
    at += some.length;
    const blocks = await readBlocks(
      ctx,
      some.flatMap(({ no }) => keys.map((key) => blockId(no, key))),
    );
    for (const era of some) {
      const bits = bitsOf(plan, { era: era.no, blocks, overlay });
      if (!bits) continue;
      const times = await view.timesOf(ctx, era.no);
      const places = newest(placesOf(bits), { era, times, overlay, after, most });
      held = held.concat(places);
    }
    held.sort(inOrder);
    // What is in an era still to come may be newer than what is held.
    const newestLeft = eras[at]?.newest ?? -1;
    const safe = held.filter(({ t }) => t > newestLeft).slice(0, most - given);
    if (safe.length) yield safe;
    given += safe.length;
    held = held.slice(safe.length);
  }
}

interface Source {
  era: number;
  blocks: ReadonlyMap<string, Buffer>;
  overlay: Overlay;
}

/** @returns null when there is nothing */
function bitsOf(plan: Plan, source: Source): Bits | null {
  let all: Bits | null = null;
  for (const ways of plan) {
    const unit = noBits();
    for (const way of ways) {
      const bits = commonOf(way, source);
      if (bits) addAll(unit, bits);
    }
    if (all === null) all = unit;
    else if (!keepCommon(all, unit)) return null;
  }
  return all;
}

function commonOf(way: readonly Lookup[], source: Source): Bits | null {
  let all: Bits | null = null;
  for (const lookup of way) {
    const bits = noBits();
    const block = source.blocks.get(blockId(source.era, lookup.key));
    if (block) collect(block, wantedBy(lookup), bits);
    source.overlay.collect(source.era, lookup, bits);
    if (all === null) all = bits;
    else if (!keepCommon(all, bits)) return null;
  }
  return all;
}

/** The newest so many places of an era, and a few more. */
function newest(
  places: Uint16Array,
  of: { era: EraRange; times: Uint32Array; overlay: Overlay; after: Place | null; most: number },
): Place[] {
  const { era, times, overlay, after, most } = of;
  const fresh = overlay.eras.get(era.no)?.times;
  const seconds = new Uint32Array(places.length);
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] as number;
    // A place that left the tails this moment has a time in the blocks, not yet in memory: it is one of the newest.
    seconds[at] = fresh?.get(place) ?? (times[place] || era.newest);
  }
  const cut = places.length <= most * 2 ? 0 : cutOf(seconds, { most, latest: after?.t ?? era.newest });
  const found: Place[] = [];
  for (let at = 0; at < places.length; at += 1) {
    const t = seconds[at] as number;
    if (t < cut) continue;
    const one = { t, n: era.no * eraSize + (places[at] as number) };
    if (!after || isBefore(after, one)) found.push(one);
  }
  return found;
}

const buckets = 4_096;

/** A time such that at least `most` of those up to `latest` are not older, and not many more; of those in the very second of `latest` none counts. */
function cutOf(seconds: Uint32Array, { most, latest }: { most: number; latest: number }): number {
  let oldest = latest;
  for (const t of seconds) if (t < oldest) oldest = t;
  const width = (latest - oldest + 1) / buckets;
  const counts = new Uint32Array(buckets);
  for (const t of seconds) {
    if (t >= latest) continue;
    const bucket = Math.floor((t - oldest) / width);
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  let sum = 0;
  for (let bucket = buckets - 1; bucket >= 0; bucket -= 1) {
    sum += counts[bucket] as number;
    if (sum >= most) return oldest + bucket * width;
  }
  return oldest;
}
