import type { Context } from '../context.ts';
import { workInSteps } from '../jobs/steps.ts';
import { deriveAdvocates } from './advocate.derive.ts';
import type { AdvocateDoc, AdvocateDueDoc } from './advocate.model.ts';
import { hearMentions, hearMessages } from './hear.ts';
import { dayOf } from './score.ts';

const batch = 10;
/** What happens within this is heard together. */
const gatherMs = 200;
/** Rests half again as long as it works: the inbox comes first. */
const restShare = 1.5;

/**
 * Hears what was said, derives scores as they become due and once a day, on one server at a time.
 * @returns ends it; what is under way comes to its end
 */
export function startAdvocates(ctx: Context, signal: AbortSignal): () => void {
  ctx.queue.work('advocates', 1, () => workAdvocates(ctx, signal), { leaseMs: ctx.leaseMs });
  let timer: NodeJS.Timeout | null = null;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      ctx.queue.wake('advocates', 'due');
    }, gatherMs);
    timer.unref();
  };
  const endings = [
    ctx.bus.on('advocates.due', soon),
    // Mentions are heard once saved searches have looked at them.
    ctx.bus.on('hits.changed', soon),
    ctx.bus.on('conversation.changed', ({ messages }) => {
      if (messages.some((one) => 'todo' in one && one.todo?.includes('advocate'))) soon();
    }),
  ];
  return () => {
    for (const end of endings) end();
    if (timer) clearTimeout(timer);
  };
}

/** Until nothing is left to do, or another server is at it. */
export async function workAdvocates(
  ctx: Context,
  signal: AbortSignal,
  options: { restShare?: number } = {},
): Promise<void> {
  await workInSteps(ctx, {
    lease: 'advocates',
    signal,
    restShare: options.restShare ?? restShare,
    step: () => step(ctx),
  });
}

/** Wakes the worker for what nobody woke it for: a new day, too. */
export async function sweepAdvocates(ctx: Context): Promise<void> {
  const { models } = ctx;
  const any =
    (await models.advocatesDue.exists({}).exec()) ??
    (await models.messages.findOne({ todo: 'advocate' }, { _id: 1 }).sort({ receivedAt: 1 }).lean()) ??
    (await models.mentions
      .findOne({ todo: { $in: ['advocate'], $nin: ['listen'] } }, { _id: 1 })
      .sort({ receivedAt: 1 })
      .lean()) ??
    (await models.advocates.exists(ofAnotherDay(ctx)).exec());
  if (any) ctx.queue.wake('advocates', 'due');
}

const ofAnotherDay = (ctx: Context) => ({ day: { $lt: dayOf(ctx.now()) } });

async function step(ctx: Context): Promise<boolean> {
  if (await hearMessages(ctx)) return true;
  if (await hearMentions(ctx)) return true;
  const due = await ctx.models.advocatesDue
    .find({})
    .sort({ at: -1 })
    .limit(batch)
    .lean<AdvocateDueDoc[]>()
    .exec();
  if (due.length) {
    const changed = await deriveAdvocates(ctx, due);
    if (changed.length) ctx.bus.emit('lists.changed', { list: 'advocates', userId: null });
    return true;
  }
  return ofToday(ctx);
}

/** What decays does so once a day, a few at a time. */
async function ofToday(ctx: Context): Promise<boolean> {
  const some = await ctx.models.advocates
    .find(ofAnotherDay(ctx), { _id: 1 })
    .limit(batch)
    .lean<Pick<AdvocateDoc, '_id'>[]>()
    .exec();
  if (!some.length) return false;
  await deriveAdvocates(
    ctx,
    some.map(({ _id }) => ({ _id, due: 0 })),
  );
  return true;
}
