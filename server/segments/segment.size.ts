import type { Viewer } from '../../shared/access.ts';
import type { SegmentCount } from '../../shared/segment.ts';
import type { Context } from '../context.ts';
import { countFacts } from './segment.count.ts';
import type { SegmentDoc } from './segment.model.ts';
import { queryOfRule } from './segment.rule.ts';

/** A size is as old as this at most; and whoever shows segments is told to ask again at most this often. */
const paceMs = 5_000;
const mostKept = 2_000;

interface Kept {
  until: number;
  size: Promise<SegmentCount>;
}

/** Of each server: what was counted lately, for each segment as it was saved and each set of channels. */
const kept = new WeakMap<Context['models'], Map<string, Kept>>();

/** How many of those the viewer may see a segment holds, as of some seconds ago at most. */
export function segmentSize(ctx: Context, viewer: Viewer, segment: SegmentDoc): Promise<SegmentCount> {
  const sizes = kept.get(ctx.models) ?? new Map<string, Kept>();
  kept.set(ctx.models, sizes);
  const channels = viewer.channelIds === 'all' ? 'all' : [...viewer.channelIds].sort();
  const asked = JSON.stringify([segment._id, segment.updatedAt, channels]);
  const now = performance.now();
  const known = sizes.get(asked);
  if (known && known.until > now) return known.size;
  if (sizes.size >= mostKept) sizes.clear();
  const size = queryOfRule(ctx, segment.rule).then((query) => countFacts(ctx, viewer, query));
  sizes.set(asked, { until: now + paceMs, size });
  size.catch(() => sizes.delete(asked));
  return size;
}

/**
 * Tells whoever shows segments that their sizes may be others. What changed while others were waiting to be told is told of once more:
 * a size that was counted just before it is kept, here or by another server, for as long.
 * @returns ends it
 */
export function announceSizes(ctx: Context): () => void {
  let timer: NodeJS.Timeout | null = null;
  let more = false;
  const wait = () => {
    timer = setTimeout(() => {
      timer = null;
      ctx.bus.emit('lists.changed', { list: 'segments', userId: null });
      if (more) wait();
      more = false;
    }, paceMs);
    timer.unref();
  };
  const stop = ctx.bus.on('facts.changed', () => {
    if (timer) more = true;
    else wait();
  });
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}
