import { ConnectorError } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { takeLease } from '../jobs/leases.ts';
import { callProvider } from '../lanes/lane.call.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { noteError, pauseChannel } from './channel.state.ts';
import { connectorContext, connectorOf } from './runtime.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const everyMs = 60_000;
const callMs = 20_000;
/** Days before the end of a permission at which administrators are told; 0: it has ended. */
const warnings = [0, 1, 3, 7] as const;

/** What a check of a channel's credentials said: kept for the health page, and asked again a day later. */
export async function noteChecked(
  ctx: Context,
  channelId: string,
  checked: { expiresAt?: Date | null },
): Promise<void> {
  await ctx.models.channelHealth.updateOne(
    { _id: channelId },
    { $set: { expiresAt: checked.expiresAt ?? null, checkAt: new Date(ctx.now().getTime() + dayMs) } },
    { upsert: true },
  );
}

/**
 * Asks each connected channel's provider once a day whether its credentials still hold, and until when: a channel that only receives
 * would otherwise end unseen. @returns ends it
 */
export function startExpiry(ctx: Context): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const round = () => {
    running = running.then(async () => {
      // One server looks, under a lease that it lets run out.
      if (stopped || !(await takeLease(ctx, 'expiry'))) return;
      await checkDue(ctx, () => stopped);
      await warnOfExpiry(ctx);
    });
    running = running.catch((error) => ctx.log.warn({ err: error }, 'channels were not checked'));
  };
  const timer = setInterval(round, everyMs);
  timer.unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}

/** Checks the channels whose day has come. */
export async function checkDue(ctx: Context, stopped: () => boolean = () => false): Promise<void> {
  const now = ctx.now();
  const channels = await ctx.models.channels.find({ state: 'connected' }).lean<ChannelDoc[]>();
  const kept = await ctx.models.channelHealth
    .find({}, { checkAt: 1 })
    .lean<Pick<ChannelHealthDoc, '_id' | 'checkAt'>[]>();
  const due = new Map(kept.map(({ _id, checkAt }) => [_id, checkAt]));
  for (const channel of channels) {
    if (stopped()) return;
    const at = due.get(channel._id) ?? new Date(channel.createdAt.getTime() + dayMs);
    if (at <= now && Object.hasOwn(ctx.connectors, channel.connector)) await check(ctx, channel);
  }
}

async function check(ctx: Context, channel: ChannelDoc): Promise<void> {
  try {
    const checked = await callProvider(ctx, {
      timeout: callMs,
      call: () => connectorOf(ctx, channel).check(connectorContext(ctx, channel)),
    });
    await noteChecked(ctx, channel._id, checked);
    ctx.bus.emit('channel.changed', { channelId: channel._id });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { class: kind, code, message } = error;
    noteError(ctx, { channelId: channel._id, class: kind, code, message });
    await ctx.models.channelHealth.updateOne(
      { _id: channel._id },
      { $set: { checkAt: new Date(ctx.now().getTime() + hourMs) } },
      { upsert: true },
    );
    if (kind === 'auth') await pauseChannel(ctx, { channelId: channel._id, reason: message, code });
  }
}

/** Who manages channels is told a week, three days and a day before the end, and at the end. */
export async function warnOfExpiry(ctx: Context): Promise<void> {
  const now = ctx.now();
  const channels = await ctx.models.channels
    .find({ state: { $ne: 'archived' } }, { _id: 1 })
    .lean<Pick<ChannelDoc, '_id'>[]>();
  const used = new Set(channels.map((channel) => channel._id));
  const kept = await ctx.models.channelHealth
    .find(
      { $or: [{ expiresAt: { $ne: null } }, { expiryWarned: { $ne: null } }] },
      { expiresAt: 1, expiryWarned: 1 },
    )
    .lean<Pick<ChannelHealthDoc, '_id' | 'expiresAt' | 'expiryWarned'>[]>();
  for (const { _id, expiresAt = null, expiryWarned = null } of kept) {
    if (!used.has(_id)) continue;
    const left = expiresAt && expiresAt.getTime() - now.getTime();
    const due = left === null ? null : (warnings.find((days) => left <= days * dayMs) ?? null);
    if (due === expiryWarned) continue;
    await ctx.models.channelHealth.updateOne({ _id }, { $set: { expiryWarned: due } });
    if (due === null || !expiresAt) continue;
    ctx.log.warn({ channelId: _id, expiresAt }, 'a channel’s permission at its provider ends');
    ctx.bus.emit('channel.changed', { channelId: _id });
    const ill = due === 0 ? 'expired' : 'expiring';
    ctx.bus.emit('channel.ill', { channelId: _id, ill, since: expiresAt, days: due });
  }
}
