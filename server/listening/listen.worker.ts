import type { Context } from '../context.ts';
import { workInSteps } from '../jobs/steps.ts';
import { anySearch } from './hit.model.ts';
import { lookBack } from './listen.back.ts';
import { listeningSearches } from './listen.match.ts';
import { type Heard, listenOwed } from './listen.owed.ts';
import { bringOwed, sweepBringing } from './mention.bring.ts';
import { owedToListening } from './mention.owed.ts';
import { watchSpikes } from './spike.watch.ts';

/** What comes within this is looked at together. */
const gatherMs = 150;
const restShare = 0.6;
/** Whoever shows hits is told at most this often. */
const paceMs = 1_000;

/**
 * Lets saved searches look at what is said, on one server at a time, and tells whoever shows what they found.
 * @returns ends it; what is under way comes to its end
 */
export function startListening(ctx: Context, signal: AbortSignal): () => void {
  ctx.queue.work('listen', 1, () => workListening(ctx, signal), { leaseMs: ctx.leaseMs });
  let timer: NodeJS.Timeout | null = null;
  const wake = () => {
    timer ??= setTimeout(() => {
      timer = null;
      ctx.queue.wake('listen', 'owed');
    }, gatherMs);
    timer.unref();
  };
  const stops = [
    ctx.bus.on('mention.changed', wake),
    ctx.bus.on('conversation.changed', ({ messages }) => {
      if (messages.some((one) => 'todo' in one && one.todo?.includes(owedToListening))) wake();
    }),
    tellChanged(ctx),
  ];
  return () => {
    for (const stop of stops) stop();
    if (timer) clearTimeout(timer);
  };
}

/** Wakes the worker for what nobody woke it for, and ends alerts whose hour is over. */
export async function sweepListening(ctx: Context): Promise<void> {
  const { mentions, messages, savedSearches } = ctx.models;
  const owed = { todo: owedToListening };
  const any =
    (await mentions.findOne(owed, { _id: 1 }).sort({ at: 1 }).lean()) ??
    (await messages.findOne(owed, { _id: 1 }).sort({ at: 1 }).lean()) ??
    (await savedSearches.findOne({ run: { $ne: null }, archived: false }, { _id: 1 }).lean());
  if (any || (await sweepBringing(ctx))) ctx.queue.wake('listen', 'owed');
  await watchSpikes(ctx, []);
}

/** Until nothing is owed, or another server is at it. @param options.rest 0 rests nowhere, for whoever waits for the end */
export async function workListening(
  ctx: Context,
  signal: AbortSignal,
  options: { rest?: number } = {},
): Promise<void> {
  await workInSteps(ctx, {
    lease: 'listen',
    signal,
    restShare: options.rest ?? restShare,
    step: async () => {
      await bringOwed(ctx);
      const heard = await step(ctx);
      if (!heard) return false;
      if (heard.changed)
        ctx.bus.emit('hits.changed', {
          searchIds: [...new Set(heard.counts.map(({ searchId }) => searchId))].filter(
            (id) => id !== anySearch,
          ),
        });
      await watchSpikes(ctx, heard.counts);
      return true;
    },
  });
}

/** @returns null when nothing is left */
async function step(ctx: Context): Promise<Heard | null> {
  const listening = await listeningSearches(ctx);
  const owed = await listenOwed(ctx, listening);
  if (owed.looked) return owed;
  const back = listening.find(({ search }) => search.run !== null);
  if (!back?.search.run) return null;
  const heard = await lookBack(ctx, back, back.search.run);
  return heard.looked ? heard : { ...heard, changed: true };
}

/** Told at once, and then once more for all that changed while others were waiting to be told. */
function tellChanged(ctx: Context): () => void {
  let timer: NodeJS.Timeout | null = null;
  let more = false;
  const tell = () => {
    ctx.bus.emit('lists.changed', { list: 'hits', userId: null });
    timer = setTimeout(() => {
      timer = null;
      if (more) tell();
      more = false;
    }, paceMs);
    timer.unref();
  };
  const stop = ctx.bus.on('hits.changed', () => {
    if (timer) more = true;
    else tell();
  });
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}
