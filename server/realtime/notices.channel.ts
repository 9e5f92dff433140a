import { may } from '../../shared/access.ts';
import type { Notice } from '../../shared/events.ts';
import type { DomainEvents } from '../bus.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { rooms } from './rooms.ts';
import type { Io } from './server.ts';

const textLength = 140;

/** Tells whoever manages channels that one of them is ill: once, when it begins. Who is not there sees its mark later. */
export function tellOfChannels({ ctx, io }: { ctx: Context; io: Io }): { close(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const off = ctx.bus.on('channel.ill', (event) => {
    running = running
      .then(() => tell(ctx, io, event))
      .catch((error) => ctx.log.error({ err: error }, 'nobody was told of an ill channel'));
  });
  return {
    async close() {
      off();
      await running;
    },
  };
}

async function tell(ctx: Context, io: Io, event: DomainEvents['channel.ill']): Promise<void> {
  const { channelId, ill, since, days } = event;
  const channel = await ctx.models.channels.findById(channelId).lean<ChannelDoc>().exec();
  if (!channel || channel.state === 'archived') return;
  const notice: Notice = {
    id: key(channelId, ill, String(since.getTime()), String(days ?? '')),
    event: 'channel',
    conversationId: '',
    path: '/health',
    customerName: channel.name,
    text: ill === 'paused' ? (channel.pausedReason ?? '').slice(0, textLength) : '',
    channel: { ill, ...(days === undefined ? {} : { days }) },
    byUserId: null,
    at: ctx.now().toISOString(),
  };
  const users = await ctx.models.users
    .find({ active: true }, { role: 1, channelIds: 1, teamIds: 1 })
    .lean<Pick<UserDoc, '_id' | 'role' | 'channelIds' | 'teamIds'>[]>()
    .exec();
  for (const user of users)
    if (may(viewerOf(user), 'channel.manage')) io.to(rooms.user(user._id)).emit('notify', notice);
}
