import type { Context } from '../context.ts';
import { dropLease, type HeldLease, renewLease, takeLease } from '../jobs/leases.ts';
import { indexOwed } from './search.index.ts';
import { merge, type Rest } from './search.merge.ts';
import { stateOf } from './search.number.ts';

/** What comes within this is indexed together. */
const gatherMs = 150;
/** A rest after each piece of work, as a part of the time that it took, and at least. */
const restShare = 0.6;
const leastRestMs = 2;
/** Tails are merged once there are so many of them, or so many entries in them: each server holds them in memory. */
const mostTails = 400;
const mostEntries = 2_000;
/** While much is owed they may grow: a merge of many writes each block once. */
const mostEntriesOwed = 12_000;

/**
 * Indexes what is owed, on one server at a time.
 * @returns ends it; what is under way comes to its end
 */
export function startSearch(ctx: Context, signal: AbortSignal): () => void {
  ctx.queue.work('search', 1, () => workSearch(ctx, signal), { leaseMs: ctx.leaseMs });
  let timer: NodeJS.Timeout | null = null;
  const stop = ctx.bus.on('conversation.changed', ({ conversation, messages }) => {
    const owed = conversation.todo?.length || messages.some((one) => 'todo' in one && one.todo?.length);
    if (!owed) return;
    timer ??= setTimeout(() => {
      timer = null;
      ctx.queue.wake('search', 'owed');
    }, gatherMs);
    timer.unref();
  });
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}

/** Wakes the worker for what nobody woke it for. */
export async function sweepSearch(ctx: Context): Promise<void> {
  const { messages, records, conversations } = ctx.models;
  // Sorted, so that the index of what is owed is the one that is asked.
  const owed = { todo: 'search' };
  const any =
    (await messages.findOne(owed, { _id: 1 }).sort({ at: 1 }).lean()) ??
    (await records.findOne(owed, { _id: 1 }).sort({ at: 1 }).lean()) ??
    (await conversations.findOne(owed, { _id: 1 }).sort({ lastAt: 1 }).lean());
  if (any) ctx.queue.wake('search', 'owed');
}

/** Until nothing is owed, or another server is at it. @param options.pace 0 rests nowhere, for whoever waits for the end */
export async function workSearch(
  ctx: Context,
  signal: AbortSignal,
  options: { pace?: number } = {},
): Promise<void> {
  const held = await takeLease(ctx, 'search');
  if (!held) return;
  const pace = options.pace ?? restShare;
  const rest: Rest =
    pace > 0 ? (worked) => pause(Math.max(leastRestMs, worked * pace), signal) : async () => {};
  try {
    await workUnder(ctx, held, { signal, rest });
  } finally {
    await dropLease(ctx, held).catch((error) =>
      ctx.log.warn({ err: error, lease: held.name }, 'a lease was not let go; it ends by itself'),
    );
  }
}

async function workUnder(
  ctx: Context,
  held: HeldLease,
  options: { signal: AbortSignal; rest: Rest },
): Promise<void> {
  const keeping = new Keeping(ctx, held);
  const rest: Rest = async (worked) => {
    await keeping.renew();
    await options.rest(worked);
  };
  const signal = AbortSignal.any([options.signal, keeping.lost.signal]);
  const merging = { fence: held.fence, signal, rest };
  for (let owed = true; owed && !signal.aborted; ) {
    const { value: indexed, ms } = await ctx.background.turn(() => indexOwed(ctx));
    owed = indexed > 0;
    await rest(ms);
    const { nextTail, mergedTo, waiting } = await stateOf(ctx);
    const tails = nextTail - 1 - mergedTo;
    if (waiting >= (owed ? mostEntriesOwed : mostEntries) || (!owed && tails >= mostTails))
      await merge(ctx, merging);
  }
}

/** A lease that is renewed when work stops to breathe. */
class Keeping {
  readonly lost = new AbortController();
  private renewed = performance.now();
  private readonly ctx: Context;
  private readonly held: HeldLease;

  constructor(ctx: Context, held: HeldLease) {
    this.ctx = ctx;
    this.held = held;
  }

  async renew(): Promise<void> {
    if (performance.now() - this.renewed < this.ctx.leaseMs / 3) return;
    if (await renewLease(this.ctx, this.held)) this.renewed = performance.now();
    else this.lost.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
