import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { key } from '../db/key.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { followed } from '../messages/intake.place.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { aboutOthers } from './about-others.ts';
import { type HeardMessage, isHeard } from './listen.source.ts';
import { change } from './mention.intake.ts';
import type { MentionDoc } from './mention.model.ts';
import { owedToListening } from './mention.owed.ts';

/** Words of authors that are looked at for one batch of messages. */
const mostWords = 1_000;

type Word = Pick<MentionDoc, '_id' | 'authorId' | 'channelId' | 'at' | 'todo'>;

/**
 * Whoever speaks to us, in whatever way, brings along what they said about us on that channel before: it is owed to the conversation from
 * here on. Looked for after the message's own commit, as `comeAlong` does after the mention's: so whichever of them comes last finds the
 * other, and taking a message in costs nothing more.
 */
export async function bringAlong(ctx: Context, messages: readonly HeardMessage[]): Promise<void> {
  // A channel's history was no answer to anything, and what was brought along brings nothing itself.
  const spoken = messages.filter((message) => isHeard(message) && !message.imported);
  if (!spoken.length) return;
  const { mentions } = ctx.models;
  const words = await mentions
    .find(
      {
        authorId: { $in: [...new Set(spoken.flatMap(({ identityId }) => identityId ?? []))] },
        messageId: null,
        deletedAt: null,
      },
      { authorId: 1, channelId: 1, at: 1, todo: 1 },
    )
    .sort({ at: -1 })
    .limit(mostWords)
    .lean<Word[]>();
  if (!words.length) return;
  const made = await mentions
    .find({ messageId: { $in: spoken.map(({ _id }) => _id) }, broughtBy: { $ne: null } }, { messageId: 1 })
    .lean<Pick<MentionDoc, '_id' | 'messageId'>[]>();
  const asked = new Set(made.map(({ messageId }) => messageId));
  const others = await aboutOthers(
    ctx,
    words.map(({ _id }) => _id),
  );
  const last = new Map<string, HeardMessage>();
  for (const message of spoken) {
    const whose = key(message.identityId ?? '', message.channelId ?? '');
    const before = last.get(whose);
    // What was made a message of a mention sees to the words before it itself.
    if (!asked.has(message._id) && (!before || before.at < message.at)) last.set(whose, message);
  }
  for (const [whose, { at, conversationId }] of last) {
    const earlier = words.filter((word) => key(word.authorId, word.channelId) === whose && word.at <= at);
    const unheard = earlier.filter(({ todo }) => todo?.includes(owedToListening));
    // Whoever looks at one of these now has not seen the message: they look again.
    if (unheard.length)
      await mentions.updateMany({ _id: { $in: unheard.map(({ _id }) => _id) } }, { $inc: { version: 1 } });
    const newest = earlier.find((word) => !unheard.includes(word) && !others.has(word._id));
    if (newest) await commit(ctx, (tx) => owe(tx, newest._id, conversationId));
  }
}

/** The same for a word that comes in after its author spoke to us: in the commit in which the saved searches look at it. */
export async function comeAlong(tx: Tx, mentionId: string): Promise<void> {
  const { models, session } = tx;
  const mention = await models.mentions.findById(mentionId, null, { session }).lean<MentionDoc>();
  if (!mention || mention.messageId || mention.deletedAt) return;
  const { authorId, channelId, at } = mention;
  const identity = await models.identities
    .findById(authorId, { customerId: 1, channelIds: 1, lastSeenAt: 1, blocked: 1 }, { session })
    .lean<Pick<IdentityDoc, '_id' | 'customerId' | 'channelIds' | 'lastSeenAt' | 'blocked'>>();
  if (!identity || identity.blocked || identity.lastSeenAt < at || !identity.channelIds.includes(channelId))
    return;
  if ((await aboutOthers(tx, [mentionId])).size) return;
  const conversations = await models.conversations
    .find({ customerId: identity.customerId, channelIds: channelId }, { _id: 1 }, { session })
    .lean<Pick<ConversationDoc, '_id'>[]>();
  const [message] = await models.messages
    .find(
      {
        conversationId: { $in: conversations.map(({ _id }) => _id) },
        at: { $gte: at },
        identityId: authorId,
        channelId,
        direction: 'in',
        kind: 'message',
        imported: { $ne: true },
      },
      { conversationId: 1 },
      { session },
    )
    .sort({ at: 1 })
    .limit(1)
    .lean<Pick<MessageDoc, '_id' | 'conversationId'>[]>();
  if (message) await owe(tx, mentionId, message.conversationId);
}

async function owe(tx: Tx, mentionId: string, conversationId: string): Promise<void> {
  const mention = await tx.models.mentions
    .findById(mentionId, null, { session: tx.session })
    .lean<MentionDoc>();
  if (!mention || mention.messageId || mention.deletedAt || mention.bringing) return;
  const conversation = await followed(tx, conversationId);
  // What everybody saw does not disappear among the unwanted.
  if (!conversation || conversation.status === 'spam') return;
  await change(
    tx,
    mention,
    { bringing: { conversationId: conversation._id, byUserId: null, addressed: true } },
    { heard: false },
  );
}
