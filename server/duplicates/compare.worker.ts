import type { Context } from '../context.ts';
import { workInSteps } from '../jobs/steps.ts';
import { compareAgain } from './compare.ts';
import type { CompareDueDoc } from './duplicate.model.ts';

/** Customers compared at once: few, so that whoever waits for an answer does not wait for these. */
const batch = 5;
/** What happens within this is compared once. */
const gatherMs = 200;
const restShare = 1.5;
/** Who looks at the queue is told of its changes at most so often. */
const tellMs = 2_000;

/**
 * Looks for duplicates as customers change, on one server at a time, the latest changed first.
 * @returns ends it; what is under way comes to its end
 */
export function startCompare(ctx: Context, signal: AbortSignal): () => void {
  const tell = teller(ctx);
  ctx.queue.work('compare', 1, () => workCompare(ctx, signal, tell.changed), { leaseMs: ctx.leaseMs });
  let timer: NodeJS.Timeout | null = null;
  const stop = ctx.bus.on('compare.due', () => {
    timer ??= setTimeout(() => {
      timer = null;
      ctx.queue.wake('compare', 'due');
    }, gatherMs);
    timer.unref();
  });
  return () => {
    stop();
    tell.stop();
    if (timer) clearTimeout(timer);
  };
}

/** Wakes the worker for what nobody woke it for. */
export async function sweepCompare(ctx: Context): Promise<void> {
  if (await ctx.models.comparesDue.exists({}).exec()) ctx.queue.wake('compare', 'due');
}

/** Until nobody is due, or another server is at it. */
export async function workCompare(
  ctx: Context,
  signal: AbortSignal,
  changed: () => void = () => undefined,
): Promise<void> {
  await workInSteps(ctx, {
    lease: 'compare',
    signal,
    restShare,
    step: async () => {
      const due = await ctx.models.comparesDue
        .find({})
        .sort({ at: -1 })
        .limit(batch)
        .lean<CompareDueDoc[]>()
        .exec();
      if (!due.length) return false;
      if (
        await compareAgain(
          ctx,
          due.map((one) => one._id),
        )
      )
        changed();
      // What was said of one of them meanwhile stays due.
      await ctx.models.comparesDue.bulkWrite(
        due.map(({ _id, due }) => ({ deleteOne: { filter: { _id, due } } })),
        { ordered: false },
      );
      return true;
    },
  });
}

/** Says that the queue changed, at once and then at most every other second, the last time after the last change. */
function teller(ctx: Context): { changed(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  const tell = () => {
    again = false;
    ctx.bus.emit('lists.changed', { list: 'duplicates', userId: null });
    timer = setTimeout(() => {
      timer = null;
      if (again) tell();
    }, tellMs);
    timer.unref();
  };
  return {
    changed() {
      if (timer) again = true;
      else tell();
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
