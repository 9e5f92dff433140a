import { AppError } from '../../shared/errors.ts';
import { key } from '../db/key.ts';
import { touchLane } from '../lanes/lane.touch.ts';
import { Again, type Tx } from '../messages/commit.ts';
import { undeliveredChange } from '../messages/delivery.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { ConversationDoc, DraftDoc, ReadDoc, RouteDoc } from './conversation.model.ts';

/** What one transaction moves at the most. */
export const mostMoved = 2_000;

/**
 * Messages that are to move, in their order.
 * @throws AppError invalid when there are too many; 409 inUse while one of them is on its way to its provider
 */
export async function movable(tx: Tx, filter: Record<string, unknown>): Promise<MessageDoc[]> {
  const messages = await tx.models.messages
    .find(filter, null, { session: tx.session })
    .sort({ seq: 1 })
    .limit(mostMoved + 1)
    .lean<MessageDoc[]>();
  if (messages.length > mostMoved)
    throw new AppError({
      code: 'invalid',
      message: `More than ${mostMoved} messages cannot be moved at once: resolve this conversation instead, and what comes next begins a new one.`,
    });
  mustNotBeSending(messages);
  return messages;
}

/**
 * The result of the call is the old lane's to write. What is only queued leaves from the new one.
 * @throws AppError 409 inUse
 */
export function mustNotBeSending(messages: readonly MessageDoc[]): void {
  if (messages.some((message) => message.delivery?.state === 'sending'))
    throw new AppError({
      code: 'conflict',
      reason: 'inUse',
      message: 'A reply of this thread is being sent at this moment. Try again in a few seconds.',
    });
}

export const undeliveredOf = (messages: readonly MessageDoc[]): number =>
  messages.filter((message) => message.delivery && undeliveredChange('queued', message.delivery) === 1)
    .length;

/** Where the next message of these identities goes is being decided: intake of one at the same moment conflicts with it. */
export async function touchIdentities(
  tx: Tx,
  options: { identityIds: Iterable<string>; customerId: string },
): Promise<void> {
  const ids = [...new Set(options.identityIds)].sort();
  const written = await tx.models.identities.updateMany(
    { _id: { $in: ids }, customerId: options.customerId },
    { $inc: { touched: 1 } },
    { session: tx.session },
  );
  if (written.matchedCount !== ids.length)
    throw new Again(`an identity is no longer customer ${options.customerId}’s`);
}

/** What hangs on messages that move and is found by their conversation: lanes of what is still to leave, and files. */
export async function moveWhatHangs(tx: Tx, messages: readonly MessageDoc[], to: string): Promise<void> {
  const lanes = messages.flatMap((message) =>
    message.channelId && ['queued', 'unknown'].includes(message.delivery?.state ?? '')
      ? [message.channelId]
      : [],
  );
  for (const channelId of new Set(lanes)) await touchLane(tx, { conversationId: to, channelId });
  const files = messages.flatMap((message) =>
    message.attachments.flatMap((attachment) => attachment.fileId ?? []),
  );
  if (files.length)
    await tx.models.files.updateMany(
      { _id: { $in: files } },
      { $set: { conversationId: to } },
      { session: tx.session },
    );
}

export function readsOf(tx: Tx, conversationId: string): Promise<ReadDoc[]> {
  return tx.models.reads.find({ conversationId }, null, { session: tx.session }).lean<ReadDoc[]>().exec();
}

/** How far these people have read in a conversation, from now on. */
export async function setReads(
  tx: Tx,
  conversationId: string,
  reads: readonly { userId: string; seq: number }[],
): Promise<void> {
  for (const { userId, seq } of reads) {
    await tx.models.reads.updateOne(
      { _id: key(userId, conversationId) },
      { $set: { userId, conversationId, seq } },
      { session: tx.session, upsert: true },
    );
    tx.emit('read.changed', { userId, conversationId, seq });
  }
}

/** Drafts go along with what they answer. One that finds another in its place is added to it: no words are lost. */
export async function moveDrafts(
  tx: Tx,
  options: { from: string; to: string; goes: (draft: DraftDoc) => boolean },
): Promise<void> {
  const { from, to, goes } = options;
  const { session, models } = tx;
  const drafts = await models.drafts.find({ conversationId: from }, null, { session }).lean<DraftDoc[]>();
  for (const draft of drafts.filter(goes)) {
    const { userId, mode } = draft;
    const _id = key(userId, to, mode);
    const there = await models.drafts.findById(_id, null, { session }).lean<DraftDoc>();
    const text = there ? `${there.text}\n\n${draft.text}` : draft.text;
    const savedAt = Math.max(there?.savedAt ?? 0, draft.savedAt);
    await models.drafts.deleteOne({ _id: draft._id }, { session });
    if (there) await models.drafts.updateOne({ _id }, { $set: { text, savedAt } }, { session });
    else await models.drafts.insertMany([{ ...draft, _id, conversationId: to }], { session, lean: true });
    tx.emit('draft.changed', { userId, conversationId: from, mode });
    tx.emit('draft.changed', { userId, conversationId: to, mode });
  }
}

/** The thread that an agent split off into this conversation. */
export function routesTo(tx: Tx, conversationId: string): Promise<RouteDoc[]> {
  return tx.models.routes.find({ conversationId }, null, { session: tx.session }).lean<RouteDoc[]>().exec();
}

export async function findConversation(tx: Tx, id: string): Promise<ConversationDoc | null> {
  return tx.models.conversations.findById(id, null, { session: tx.session }).lean<ConversationDoc>();
}

/** The conversation in which one goes on today. */
export async function followed(tx: Tx, id: string): Promise<ConversationDoc | null> {
  const seen = new Set<string>();
  for (let next: string | null = id; next && !seen.has(next); ) {
    seen.add(next);
    const conversation: ConversationDoc | null = await findConversation(tx, next);
    if (conversation?.status !== 'continued') return conversation;
    next = conversation.successorId;
  }
  return null;
}
