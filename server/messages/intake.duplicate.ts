import { headerAfter } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { Tx } from './commit.ts';
import type { Incoming } from './intake.message.ts';
import type { MessageDoc, PartDoc } from './message.model.ts';
import { recordParts } from './parts.ts';

/**
 * A copy of a message that is here (a push and a poll, a retry, a release). It may know three things better: when the message was
 * sent, what it quotes, and further ids of it. Anything else in it is dropped: the first copy stands.
 */
export async function duplicateOf(
  tx: Tx,
  incoming: Incoming,
  found: { known: PartDoc[]; messageId: string; quoted: string | null },
): Promise<void> {
  const { event, saidAt, parts, scope } = incoming;
  const { session } = tx;
  const message = await tx.models.messages.findById(found.messageId, null, { session }).lean<MessageDoc>();
  if (!message) throw new Error(`A part names message ${found.messageId}, which does not exist.`);
  const set: Partial<MessageDoc> = {};
  if (message.atEstimated && saidAt) {
    set.at = saidAt;
    set.atEstimated = false;
    set.providerOrder = event.providerOrder;
  }
  if (!message.inReplyTo && found.quoted) set.inReplyTo = found.quoted;
  const changes = Object.keys(set).length > 0;
  if (changes) {
    const conversation = await tx.models.conversations
      .findById(message.conversationId, null, { session })
      .lean<ConversationDoc>();
    if (!conversation) throw new Error(`Message ${message._id} has no conversation.`);
    const header = set.at
      ? await headerWith(tx, conversation, { before: message, after: { ...message, ...set } })
      : {};
    await tx.raise(conversation, { set: header });
  }
  const named = new Set(found.known.filter((part) => part.messageId).map((part) => part._id));
  if (parts.some((id) => !named.has(id))) {
    const like = found.known.find((part) => part.messageId === message._id);
    await recordParts(tx, {
      scope,
      externalIds: event.externalIds,
      messageId: message._id,
      piece: like?.piece ?? null,
      attempt: like?.attempt ?? null,
      state: like?.state ?? null,
      known: found.known,
    });
  }
  if (!changes) return;
  if (set.at) await lineAlong(tx, message, set.at);
  await tx.change(message, { set });
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
