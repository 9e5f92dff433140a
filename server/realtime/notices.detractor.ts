import { canUseChannel, may } from '../../shared/access.ts';
import type { Notice } from '../../shared/events.ts';
import type { DetractorDoc } from '../advocates/advocate.model.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import type { AuthorDoc } from '../listening/author.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { rooms } from './rooms.ts';
import type { Io } from './server.ts';

const textLength = 140;

/**
 * Somebody with reach spoke against us where there is no conversation: whoever listens on that channel is told.
 * Of a message its conversation tells by itself: it became urgent, and a team's.
 */
export function tellDetractors({ ctx, io }: { ctx: Context; io: Io }): { close(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const off = ctx.bus.on('detractor.spoke', ({ id }) => {
    running = running
      .then(() => tell(ctx, io, id))
      .catch((error) => ctx.log.error({ err: error }, 'nobody was told of a detractor'));
  });
  return {
    async close() {
      off();
      await running;
    },
  };
}

async function tell(ctx: Context, io: Io, id: string): Promise<void> {
  const detractor = await ctx.models.detractors.findById(id).lean<DetractorDoc>().exec();
  if (detractor?.source !== 'mention') return;
  const [author, mention] = await Promise.all([
    ctx.models.authors.findById(detractor.authorId).lean<AuthorDoc>().exec(),
    ctx.models.mentions.findById(detractor.sourceId).lean<MentionDoc>().exec(),
  ]);
  if (!mention || mention.deletedAt) return;
  const notice: Notice = {
    id: key(id, 'detractor'),
    event: 'detractor',
    conversationId: '',
    path: `/listening?${new URLSearchParams({ author: detractor.authorId })}`,
    customerName: author?.name || author?.handle || '',
    text: mention.text.replace(/\s+/g, ' ').trim().slice(0, textLength),
    byUserId: null,
    at: mention.at.toISOString(),
  };
  const users = await ctx.models.users
    .find({ active: true }, { role: 1, channelIds: 1, teamIds: 1 })
    .lean<Pick<UserDoc, '_id' | 'role' | 'channelIds' | 'teamIds'>[]>()
    .exec();
  for (const user of users) {
    const viewer = viewerOf(user);
    if (may(viewer, 'listening.read') && canUseChannel(viewer, detractor.channelId))
      io.to(rooms.user(user._id)).emit('notify', notice);
  }
}
