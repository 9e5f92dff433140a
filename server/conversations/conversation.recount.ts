import { isActive } from '../../shared/conversation.ts';
import type { Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { previewOf, targetOfMessage } from './conversation.header.ts';
import type { ConversationDoc } from './conversation.model.ts';

/**
 * The header as the messages that are in the conversation now make it: after some left, or came back. `headerAfter` says the same one
 * message at a time.
 */
export async function recounted(tx: Tx, conversation: ConversationDoc): Promise<Partial<ConversationDoc>> {
  const { _id: conversationId } = conversation;
  const [newest, inbound, replyTarget, waitingSince, channelIds] = [
    await one(tx, { conversationId, kind: { $ne: 'event' } }, { at: -1, providerOrder: -1, seq: -1 }),
    await one(tx, { ...unanswered, conversationId, imported: false }, { seq: -1 }),
    await newestTarget(tx, conversation),
    isActive(conversation.status) ? await waitsSince(tx, conversationId) : null,
    await channelsOf(tx, conversation),
  ];
  return {
    preview: newest && previewOf(newest),
    newestAt: newest?.at ?? new Date(0),
    lastAt: newest?.at ?? conversation.createdAt,
    lastInboundSeq: inbound?.seq ?? 0,
    waitingSince,
    channelIds,
    ...replyTarget,
  };
}

const customers = { kind: 'message', direction: 'in' } as const;
/** What wants an answer: what customers wrote, and their calls that reached nobody. */
const unanswered = {
  direction: 'in',
  $or: [{ kind: 'message' }, { kind: 'call', 'call.disposition': { $nin: [null, 'answered'] } }],
} as const;

async function one(
  tx: Tx,
  filter: Record<string, unknown>,
  sort: Record<string, 1 | -1>,
): Promise<MessageDoc | null> {
  return tx.models.messages.findOne(filter, null, { session: tx.session }).sort(sort).lean<MessageDoc>();
}

/** Since when somebody waits, by the messages alone. */
export async function waitsSince(tx: Tx, conversationId: string): Promise<Date | null> {
  const reply = await one(
    tx,
    {
      conversationId,
      direction: 'out',
      sentElsewhere: false,
      imported: false,
      automatic: { $ne: true },
      'letter.forward': { $ne: true },
      $or: [{ kind: 'message' }, { kind: 'call', 'call.disposition': 'answered' }],
    },
    { seq: -1 },
  );
  const closed = await one(tx, { conversationId, kind: 'event', 'event.type': 'resolved' }, { seq: -1 });
  const after = Math.max(reply?.seq ?? 0, closed?.seq ?? 0);
  const first = await one(
    tx,
    { ...unanswered, conversationId, imported: false, seq: { $gt: after } },
    { at: 1 },
  );
  return first?.at ?? null;
}

/** Of the newest inbound message; of several in one moment the same one whatever came first. */
async function newestTarget(
  tx: Tx,
  conversation: ConversationDoc,
): Promise<Pick<ConversationDoc, 'replyTarget' | 'replyTargetAt'>> {
  const met = { ...customers, conversationId: conversation._id, identityId: { $ne: null } };
  const newest = await one(tx, met, { at: -1 });
  if (!newest) {
    // An agent began it, or answered there: that is where it still goes.
    const sent = await one(tx, { ...met, direction: 'out' }, { seq: -1 });
    const target = sent && targetOfMessage(sent);
    return { replyTarget: target, replyTargetAt: null };
  }
  const together = await tx.models.messages
    .find({ ...met, at: newest.at }, null, { session: tx.session })
    .lean<MessageDoc[]>();
  const targets = together.flatMap((message) => targetOfMessage(message) ?? []);
  const word = (of: (typeof targets)[number]) => `${of.channelId}\n${of.identityId}\n${of.threadKey}`;
  const [greatest = null] = targets.sort((a, b) => (word(a) < word(b) ? 1 : -1));
  return { replyTarget: greatest, replyTargetAt: newest.at };
}

async function channelsOf(tx: Tx, conversation: ConversationDoc): Promise<string[]> {
  const kept: string[] = [];
  for (const channelId of conversation.channelIds) {
    const met = await tx.models.messages
      .exists({ conversationId: conversation._id, channelId })
      .session(tx.session);
    if (met) kept.push(channelId);
  }
  // Somebody must be able to see it.
  return kept.length ? kept : conversation.channelIds;
}
