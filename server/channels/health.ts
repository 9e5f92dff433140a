import type { ChannelHealth } from '../../shared/channel.ts';
import type { Context } from '../context.ts';
import type { ChannelHealthDoc } from './channel.model.ts';

const waitingStates = ['new', 'working', 'parked'];

interface Outgoing {
  _id: { channelId: string | null; state: string };
  count: number;
  oldest: Date | null;
}

interface Incoming {
  _id: { channelId: string | null; state: string };
  count: number;
}

/** How every channel does: what is kept of it, and what is counted now. */
export async function channelHealth(ctx: Context): Promise<(channelId: string) => ChannelHealth> {
  const [kept, outgoing, incoming] = await Promise.all([
    ctx.models.channelHealth.find({}).lean<ChannelHealthDoc[]>().exec(),
    ctx.models.messages
      .aggregate<Outgoing>([
        { $match: { 'delivery.state': { $in: ['queued', 'sending', 'failed', 'unknown'] } } },
        {
          $group: {
            _id: { channelId: '$channelId', state: '$delivery.state' },
            count: { $sum: 1 },
            oldest: { $min: '$delivery.queuedAt' },
          },
        },
      ])
      .exec(),
    ctx.models.inbound
      .aggregate<Incoming>([
        { $match: { state: { $in: [...waitingStates, 'failed'] } } },
        { $group: { _id: { channelId: '$channelId', state: '$state' }, count: { $sum: 1 } } },
      ])
      .exec(),
  ]);
  return (channelId) => {
    const own = kept.find((health) => health._id === channelId);
    const out = outgoing.filter((row) => row._id.channelId === channelId);
    const into = incoming.filter((row) => row._id.channelId === channelId);
    const queued = out.filter((row) => row._id.state === 'queued' || row._id.state === 'sending');
    const oldest = queued.flatMap((row) => (row.oldest ? [row.oldest.getTime()] : []));
    return {
      channelId,
      lastInAt: iso(own?.lastInAt),
      lastOutAt: iso(own?.lastOutAt),
      queued: sum(queued),
      oldestQueuedAt: oldest.length ? new Date(Math.min(...oldest)).toISOString() : null,
      inboundWaiting: sum(into.filter((row) => waitingStates.includes(row._id.state))),
      inboundFailed: sum(into.filter((row) => row._id.state === 'failed')),
      outboundFailed: sum(out.filter((row) => row._id.state === 'failed' || row._id.state === 'unknown')),
      silentSince: iso(own?.silentSince),
      catchingUp: own?.catchingUp
        ? { since: new Date(own.catchingUp.since).toISOString(), left: own.catchingUp.left }
        : null,
      expiresAt: iso(own?.expiresAt),
      heldUntil: own?.heldUntil && own.heldUntil > ctx.now() ? own.heldUntil.toISOString() : null,
      listening: own?.listening ?? 'notNeeded',
      lastError: own?.lastError
        ? {
            at: new Date(own.lastError.at).toISOString(),
            class: own.lastError.class,
            message: own.lastError.message,
            ...(own.lastError.code && { code: own.lastError.code }),
          }
        : null,
    };
  };
}

const sum = (rows: { count: number }[]) => rows.reduce((total, row) => total + row.count, 0);
const iso = (date: Date | null | undefined) => (date ? date.toISOString() : null);
