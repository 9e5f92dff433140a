import type { Context } from '../context.ts';
import type { InboundDoc } from './inbound.model.ts';

const everyMs = 5_000;
/** After this, what waits for a message that never came is `failed: unmatched`. */
export const parkedForMs = 72 * 3_600_000;
const batch = 500;

/** Every five seconds, on any node; two at once do no harm. @returns stops it, after the sweep under way */
export function startInboundSweep(ctx: Context, options: { everyMs?: number } = {}): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() =>
      sweepInbound(ctx).catch((error) => ctx.log.warn({ err: error }, 'inbound sweep failed')),
    );
  }, options.everyMs ?? everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

/** Wakes what nobody works on, ends what waits in vain, removes raw payloads whose time has come. */
export async function sweepInbound(ctx: Context): Promise<void> {
  const { inbound } = ctx.models;
  const now = ctx.now();
  const ids = { _id: 1 } as const;

  // The holder is gone when its lease is, by the database's clock.
  const abandoned = await inbound
    .find({ state: 'working', $expr: { $lt: ['$lease.until', '$$NOW'] } }, ids)
    .sort({ receivedAt: 1, _id: 1 })
    .limit(batch)
    .lean<Pick<InboundDoc, '_id'>[]>();
  const unwoken = await inbound
    .find({ state: 'new', $or: [{ nextAt: null }, { nextAt: { $lte: now } }] }, ids)
    .sort({ receivedAt: 1, _id: 1 })
    .limit(batch)
    .lean<Pick<InboundDoc, '_id'>[]>();

  const again = await inbound
    .find({ state: 'parked', nextAt: { $lte: now } }, ids)
    .limit(batch)
    .lean<Pick<InboundDoc, '_id'>[]>();
  if (again.length)
    await inbound.updateMany(
      { _id: { $in: again.map((doc) => doc._id) }, state: 'parked' },
      { $set: { state: 'new', nextAt: null } },
    );
  await inbound.updateMany(
    { state: 'parked', parkedAt: { $lt: new Date(now.getTime() - parkedForMs) } },
    { $set: { state: 'failed', nextAt: null, reason: 'unmatched: the message it speaks about never came.' } },
  );
  for (const { _id } of [...abandoned, ...unwoken, ...again]) ctx.queue.wake('inbound', _id);
  await removePayloads(ctx, now);
}

async function removePayloads(ctx: Context, now: Date): Promise<void> {
  for (const state of ['done', 'ignored'] as const) {
    const old = await ctx.models.inbound
      .find({ state, nextAt: { $lte: now } }, { fileId: 1 })
      .limit(batch)
      .lean<Pick<InboundDoc, '_id' | 'fileId'>[]>();
    if (!old.length) continue;
    for (const { fileId } of old) if (fileId) await ctx.files.remove(fileId);
    await ctx.models.inbound.updateMany(
      { _id: { $in: old.map((doc) => doc._id) }, state },
      { $set: { payload: null, fileId: null, nextAt: null } },
    );
  }
}
