import { defaultRouting } from '../../shared/channel.ts';
import type { Context } from '../context.ts';
import { takeLease } from '../jobs/leases.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { openTime } from './hours.ts';

const hourMs = 3_600_000;

/** What came while no server ran is fetched or delivered again first. */
const graceMs = 15 * 60_000;

/**
 * Since when a channel is silent: nothing came in for `silentAfter` hours of business, or nothing at all since it was connected, as when
 * its provider was never told where to send. Who manages channels is told once; the next event ends it. One server looks, under a lease
 * that it lets run out: that is its pace.
 * @param begunAt when this server began to run: shortly after, no channel falls silent
 */
export async function sweepSilence(ctx: Context, begunAt?: Date): Promise<void> {
  if (!(await takeLease(ctx, 'silence'))) return;
  const channels = await ctx.models.channels
    .find({ state: 'connected' }, { routing: 1, createdAt: 1, connectedAt: 1 })
    .lean<Pick<ChannelDoc, '_id' | 'routing' | 'createdAt' | 'connectedAt'>[]>();
  const kept = await ctx.models.channelHealth
    .find({}, { lastInAt: 1, silentSince: 1 })
    .lean<Pick<ChannelHealthDoc, '_id' | 'lastInAt' | 'silentSince'>[]>();
  const health = new Map(kept.map((one) => [one._id, one]));
  const now = ctx.now();
  for (const channel of channels) {
    const { silentAfter, hours } = channel.routing ?? defaultRouting;
    const known = health.get(channel._id);
    const since = latest(channel.createdAt, channel.connectedAt, known?.lastInAt);
    const enough = (silentAfter ?? 0) * hourMs;
    const silent = silentAfter !== null && openTime(hours, { from: since, to: now, enough }) >= enough;
    if (silent && !known?.silentSince && begunAt && now.getTime() < begunAt.getTime() + graceMs) continue;
    const silentSince = silent ? since : null;
    if ((known?.silentSince ?? null)?.getTime() === silentSince?.getTime()) continue;
    if (!known)
      await ctx.models.channelHealth.updateOne(
        { _id: channel._id },
        { $setOnInsert: { lastInAt: null } },
        { upsert: true },
      );
    // Not over an event that came in since it was read.
    const { matchedCount } = await ctx.models.channelHealth.updateOne(
      { _id: channel._id, lastInAt: known?.lastInAt ?? null },
      { $set: { silentSince } },
    );
    if (!matchedCount) continue;
    ctx.bus.emit('channel.changed', { channelId: channel._id });
    if (!silent) continue;
    ctx.log.warn({ channelId: channel._id, since }, 'a channel is silent');
    ctx.bus.emit('channel.ill', { channelId: channel._id, ill: 'silent', since });
  }
}

function latest(first: Date, ...others: (Date | null | undefined)[]): Date {
  return new Date(Math.max(first.getTime(), ...others.map((at) => at?.getTime() ?? 0)));
}
