import { headerAfter } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { Tx } from './commit.ts';
import type { Facts, Incoming } from './intake.message.ts';
import { publicWords } from './intake.public.ts';
import type { MessageDoc } from './message.model.ts';
import { partId, recordParts } from './parts.ts';

/** Messages of one thread that are given its right name at once. */
const mostAlong = 500;

/**
 * A copy of a message that is here (a push and a poll, a retry, another mailbox of ours, a release). It may know better when the message
 * was sent, what it answers and which thread it is of, which further ids it has and where else it came to. Anything else in it is
 * dropped: the first copy stands.
 */
export async function duplicateOf(
  tx: Tx,
  incoming: Incoming,
  found: Facts & { message: MessageDoc },
): Promise<void> {
  const { message, threaded } = found;
  const set = betterWords(incoming, found);
  const rename = set.threadKey ? { from: message.threadKey, to: set.threadKey } : null;
  const changes = Object.keys(set).length > 0;
  if (changes) {
    const conversation = await tx.models.conversations
      .findById(message.conversationId, null, { session: tx.session })
      .lean<ConversationDoc>();
    if (!conversation) throw new Error(`Message ${message._id} has no conversation.`);
    const header = set.at
      ? await headerWith(tx, conversation, { before: message, after: { ...message, ...set } })
      : {};
    const target = header.replyTarget ?? conversation.replyTarget;
    const channelId = incoming.arrival.channel._id;
    await tx.raise(conversation, {
      set: {
        ...header,
        ...(rename && target?.threadKey === rename.from
          ? { replyTarget: { ...target, threadKey: threaded.threadKey } }
          : {}),
        ...(set.alsoChannelIds && !conversation.channelIds.includes(channelId)
          ? { channelIds: [...conversation.channelIds, channelId] }
          : {}),
      },
    });
  }
  await recordFurther(tx, incoming, found);
  if (!changes) return;
  if (set.at) await lineAlong(tx, message, set.at);
  await tx.change(message, { set });
  if (rename) await threadAlong(tx, message, rename);
}

function betterWords(
  { event, saidAt, arrival, scope }: Incoming,
  { message, threaded }: Facts & { message: MessageDoc },
): Partial<MessageDoc> {
  const set: Partial<MessageDoc> = {};
  if (message.atEstimated && saidAt) {
    set.at = saidAt;
    set.atEstimated = false;
    set.providerOrder = event.providerOrder;
  }
  if (threaded.inReplyTo && threaded.inReplyTo !== message.inReplyTo) set.inReplyTo = threaded.inReplyTo;
  if (event.references && threaded.inReplyTo && threaded.threadKey !== message.threadKey)
    set.threadKey = threaded.threadKey;
  // What is here only grows: a link may give way to a nearer one, or to a letter of the sender's own.
  if (event.references && threaded.relatedId !== (message.relatedId ?? null))
    set.relatedId = threaded.relatedId;
  // A push may not say where it hangs, and the copy from the poll does.
  if (!message.deletedAt)
    for (const [name, word] of Object.entries(publicWords({ event, arrival, scope })))
      if (word && !message[name as 'postId' | 'answers' | 'url' | 'closed'])
        Object.assign(set, { [name]: word });
  const channelId = arrival.channel._id;
  const also = message.alsoChannelIds ?? [];
  if (message.channelId !== channelId && !also.includes(channelId)) set.alsoChannelIds = [...also, channelId];
  return set;
}

/** Ids by which the message was not known yet. */
async function recordFurther(
  tx: Tx,
  { scope }: Incoming,
  { known, message }: Facts & { message: MessageDoc },
): Promise<void> {
  const ids = known.externalIds.map((id) => partId(scope, id));
  const parts = known.parts.filter((part) => ids.includes(part._id));
  const named = new Set(parts.filter((part) => part.messageId).map((part) => part._id));
  if (ids.every((id) => named.has(id))) return;
  const like = parts.find((part) => part.messageId === message._id);
  await recordParts(tx, {
    scope,
    externalIds: known.externalIds,
    messageId: message._id,
    piece: like?.piece ?? null,
    attempt: like?.attempt ?? null,
    state: like?.state ?? null,
    known: parts,
  });
}

/** What came while this message's thread was known by another name is of the same thread. */
async function threadAlong(
  tx: Tx,
  message: MessageDoc,
  rename: { from: string | null; to: string },
): Promise<void> {
  const { _id, conversationId, identityId } = message;
  const along = await tx.models.messages
    .find(
      { conversationId, _id: { $ne: _id }, identityId, threadKey: rename.from, kind: 'message' },
      { conversationId: 1 },
      { session: tx.session },
    )
    .limit(mostAlong)
    .lean<Pick<MessageDoc, '_id' | 'conversationId'>[]>();
  for (const other of along) await tx.change(other, { set: { threadKey: rename.to } });
}

/** The line that says what this message did ("reopened") stays above it. */
async function lineAlong(tx: Tx, message: MessageDoc, at: Date): Promise<void> {
  const { conversationId, seq } = message;
  const line = await tx.models.messages
    .findOne({ conversationId, seq: seq - 1, kind: 'event' }, null, { session: tx.session })
    .lean<MessageDoc>();
  if (line?.event?.data.by === 'message' && line.at > at) await tx.change(line, { set: { at } });
}

/** The header as if the message had had its right time from the beginning. */
async function headerWith(
  tx: Tx,
  conversation: ConversationDoc,
  message: { before: MessageDoc; after: MessageDoc },
): Promise<Partial<ConversationDoc>> {
  const newest = (filter: Record<string, unknown>) =>
    tx.models.messages
      .find({ conversationId: conversation._id, _id: { $ne: message.after._id }, ...filter }, null, {
        session: tx.session,
      })
      .sort({ at: -1, providerOrder: -1, seq: -1 })
      .limit(1)
      .lean<MessageDoc[]>();
  const said = await newest({ kind: { $ne: 'event' } });
  const heard = await newest({ kind: 'message', direction: 'in' });
  const anew: ConversationDoc = {
    ...conversation,
    lastAt: new Date(0),
    newestAt: new Date(0),
    preview: null,
    replyTarget: null,
    replyTargetAt: null,
  };
  const { lastAt, newestAt, preview, replyTarget, replyTargetAt } = {
    ...anew,
    ...headerAfter(anew, [...heard, ...said, message.after], { firstSeq: 1 }),
  };
  return {
    lastAt,
    newestAt,
    preview,
    replyTarget,
    replyTargetAt,
    waitingSince: waitingWith(conversation.waitingSince, message),
  };
}

/** Who waits since this message's wrong time waits since its right one. */
function waitingWith(
  waitingSince: Date | null,
  message: { before: MessageDoc; after: MessageDoc },
): Date | null {
  const { before, after } = message;
  if (!waitingSince || before.direction !== 'in' || before.at < waitingSince) return waitingSince;
  if (before.at.getTime() === waitingSince.getTime()) return after.at;
  return after.at < waitingSince ? after.at : waitingSince;
}
