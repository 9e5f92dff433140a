import type { Context } from '../context.ts';
import { workInSteps } from '../jobs/steps.ts';
import type { CustomerDoc } from './customer.model.ts';
import { derive } from './facts.derive.ts';
import { everybody, type FactsDueDoc } from './facts.model.ts';

/** Customers whose facts are derived at once: few, so that whoever waits for an answer does not wait for these. */
const batch = 10;
/** How many are made due at once, of all. */
const dueBatch = 50;
/** What happens within this is derived once. */
const gatherMs = 100;
const restShare = 0.6;

/**
 * Derives facts as they become due, on one server at a time, the newest first.
 * @returns ends it; what is under way comes to its end
 */
export function startFacts(ctx: Context, signal: AbortSignal): () => void {
  ctx.queue.work('facts', 1, () => workFacts(ctx, signal), { leaseMs: ctx.leaseMs });
  let timer: NodeJS.Timeout | null = null;
  const stop = ctx.bus.on('facts.due', () => {
    timer ??= setTimeout(() => {
      timer = null;
      ctx.queue.wake('facts', 'due');
    }, gatherMs);
    timer.unref();
  });
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}

/** Wakes the worker for what nobody woke it for. */
export async function sweepFacts(ctx: Context): Promise<void> {
  if (await ctx.models.factsDue.exists({}).exec()) ctx.queue.wake('facts', 'due');
}

/** Until nothing is due, or another server is at it. */
export async function workFacts(ctx: Context, signal: AbortSignal): Promise<void> {
  await workInSteps(ctx, { lease: 'facts', signal, restShare, step: () => step(ctx) });
}

/** @returns false when nothing is due */
async function step(ctx: Context): Promise<boolean> {
  const due = await ctx.models.factsDue.find({}).sort({ at: -1 }).limit(batch).lean<FactsDueDoc[]>().exec();
  if (!due.length) return false;
  const all = due.find((one) => one._id === everybody);
  if (all) await makeDue(ctx, all);
  const some = due.filter((one) => one !== all);
  if (!some.length) return true;
  const customerIds = await derive(ctx, some);
  if (customerIds.length) ctx.bus.emit('facts.changed', { customerIds });
  return true;
}

/** The next of all customers become due, dated long ago; after the last of them nobody is left. */
async function makeDue(ctx: Context, all: FactsDueDoc): Promise<void> {
  const { models } = ctx;
  const some = await models.customers
    .find({ _id: { $gt: all.after ?? '' } }, { _id: 1 })
    .sort({ _id: 1 })
    .limit(dueBatch)
    .lean<Pick<CustomerDoc, '_id'>[]>()
    .exec();
  const last = some.at(-1);
  if (last) {
    await models.factsDue.bulkWrite(
      some.map(({ _id }) => ({
        updateOne: { filter: { _id }, update: { $inc: { due: 1 }, $max: { at: new Date(0) } }, upsert: true },
      })),
      { ordered: false },
    );
    // Asked for anew meanwhile, it begins at the beginning.
    await models.factsDue.updateOne({ _id: everybody, due: all.due }, { $set: { after: last._id } }).exec();
  } else await models.factsDue.deleteOne({ _id: everybody, due: all.due }).exec();
}
