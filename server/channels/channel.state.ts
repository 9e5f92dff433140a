import type { Context } from '../context.ts';
import type { ChannelHealthDoc } from './channel.model.ts';

/**
 * What many customers share is written outside every transaction, so that no message waits for another customer's. Notes of what
 * came in, went out and failed are coalesced: one write a second and channel.
 */

/** Nothing is sent on it and nobody listens until an administrator resumes it; they are told. Idempotent. */
export async function pauseChannel(
  ctx: Context,
  options: { channelId: string; reason: string; code?: string },
): Promise<void> {
  const { modifiedCount } = await ctx.models.channels.updateOne(
    { _id: options.channelId, state: 'connected' },
    { $set: { state: 'paused', pausedReason: options.reason, pausedCode: options.code ?? null } },
  );
  if (!modifiedCount) return;
  ctx.log.warn({ channelId: options.channelId, reason: options.reason }, 'channel paused');
  ctx.bus.emit('channel.changed', { channelId: options.channelId });
  ctx.bus.emit('channel.ill', { channelId: options.channelId, ill: 'paused', since: ctx.now() });
}

/** The provider said: not before. The later of two such words holds. */
export async function holdChannel(ctx: Context, options: { channelId: string; until: Date }): Promise<void> {
  await ctx.models.channelHealth.updateOne(
    { _id: options.channelId },
    { $max: { heldUntil: options.until } },
    { upsert: true },
  );
  ctx.bus.emit('channel.changed', { channelId: options.channelId });
}

/** Until when the whole channel waits, or null. */
export async function heldUntil(ctx: Context, channelId: string): Promise<Date | null> {
  const health = await ctx.models.channelHealth.findById(channelId, { heldUntil: 1 }, { lean: true }).exec();
  return health?.heldUntil && health.heldUntil > ctx.now() ? health.heldUntil : null;
}

/** Something came in from the provider. */
export function noteIn(ctx: Context, channelId: string): void {
  note(ctx, channelId, { lastInAt: ctx.now(), silentSince: null });
}

/** The provider took something. */
export function noteOut(ctx: Context, channelId: string): void {
  note(ctx, channelId, { lastOutAt: ctx.now() });
}

/** A call failed. `message` is a sentence for a person, without any secret. */
export function noteError(
  ctx: Context,
  options: { channelId: string; class: string; message: string; code?: string },
): void {
  const { channelId, ...error } = options;
  note(ctx, channelId, { lastError: { at: ctx.now(), ...error } });
}

type Note = Partial<Pick<ChannelHealthDoc, 'lastInAt' | 'lastOutAt' | 'lastError' | 'silentSince'>>;

interface Pending {
  note: Note;
  timer: NodeJS.Timeout;
}

const coalesceMs = 1_000;
const pending = new WeakMap<Context, Map<string, Pending>>();

function note(ctx: Context, channelId: string, news: Note): void {
  const channels = pending.get(ctx) ?? new Map<string, Pending>();
  pending.set(ctx, channels);
  const waiting = channels.get(channelId);
  if (waiting) {
    Object.assign(waiting.note, news);
    return;
  }
  const timer = setTimeout(() => void write(ctx, channelId), coalesceMs);
  timer.unref();
  channels.set(channelId, { note: { ...news }, timer });
}

async function write(ctx: Context, channelId: string): Promise<void> {
  const channels = pending.get(ctx);
  const waiting = channels?.get(channelId);
  if (!channels || !waiting) return;
  channels.delete(channelId);
  clearTimeout(waiting.timer);
  try {
    await ctx.models.channelHealth.updateOne({ _id: channelId }, { $set: waiting.note }, { upsert: true });
    ctx.bus.emit('channel.changed', { channelId });
  } catch (error) {
    ctx.log.warn({ channelId, err: error }, 'channel health was not written');
  }
}

/** Writes what waits, at once: before a server leaves. */
export async function flushHealth(ctx: Context): Promise<void> {
  await Promise.all([...(pending.get(ctx)?.keys() ?? [])].map((channelId) => write(ctx, channelId)));
}
