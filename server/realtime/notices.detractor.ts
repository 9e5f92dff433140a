import { canSee, may } from '../../shared/access.ts';
import type { Notice } from '../../shared/events.ts';
import type { DetractorDoc } from '../advocates/advocate.model.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { key } from '../db/key.ts';
import type { AuthorDoc } from '../listening/author.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { rooms } from './rooms.ts';
import type { Io } from './server.ts';

const textLength = 140;

/**
 * Somebody with reach spoke against us in public, and the conversation of it is urgent: its team and whose it is are told; where nobody of
 * them may see it, whoever may. Who is not there now finds it in the team's queue.
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
  const { models } = ctx;
  const detractor = await models.detractors.findById(id).lean<DetractorDoc>().exec();
  if (!detractor?.conversationId) return;
  const [author, said, conversation] = await Promise.all([
    models.authors.findById(detractor.authorId).lean<AuthorDoc>().exec(),
    saidBy(ctx, detractor),
    models.conversations.findById(detractor.conversationId).lean<ConversationDoc>().exec(),
  ]);
  if (!said || said.deletedAt || !conversation) return;
  const notice: Notice = {
    id: key(id, 'detractor'),
    event: 'detractor',
    conversationId: conversation._id,
    customerName: author?.name || author?.handle || '',
    text: said.text.replace(/\s+/g, ' ').trim().slice(0, textLength),
    byUserId: null,
    at: said.at.toISOString(),
  };
  const users = await models.users
    .find({ active: true }, { role: 1, channelIds: 1, teamIds: 1 })
    .lean<Reader[]>()
    .exec();
  const readers = users.filter(
    (user) => may(user, 'conversation.read') && canSee(viewerOf(user), conversation),
  );
  const theirs = readers.filter(
    ({ _id, teamIds }) =>
      _id === conversation.assigneeId || (conversation.teamId && teamIds.includes(conversation.teamId)),
  );
  for (const { _id } of theirs.length ? theirs : readers) io.to(rooms.user(_id)).emit('notify', notice);
}

type Reader = Pick<UserDoc, '_id' | 'role' | 'channelIds' | 'teamIds'>;

async function saidBy(
  ctx: Context,
  { source, sourceId }: DetractorDoc,
): Promise<{ text: string; at: Date; deletedAt: Date | null } | null> {
  const { mentions, messages } = ctx.models;
  return source === 'mention'
    ? mentions.findById(sourceId).lean<MentionDoc>().exec()
    : messages.findById(sourceId).lean<MessageDoc>().exec();
}
