import { mayActivate } from '../conversations/conversation.active.ts';
import { previewAfterChange, previewOf } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { waitsSince } from '../conversations/conversation.recount.ts';
import type { Tx } from '../messages/commit.ts';
import type { AttachmentDoc, CallDoc, MessageDoc } from '../messages/message.model.ts';
import { awake, comesBackBy, waitingAfter, waitsFor } from './call.header.ts';
import { isMissed } from './call.merge.ts';
import { backLine } from './call.place.ts';

export interface CallChange {
  call: CallDoc;
  at: Date;
  text: string;
  attachments: AttachmentDoc[];
  editedAt?: Date | null;
}

/**
 * More is known of a call that is here. Only who waits, the preview and the order by time hang on it. @returns the call as it is now,
 * unchanged where nothing is new
 */
export async function changeCall(
  tx: Tx,
  of: { message: MessageDoc; conversation: ConversationDoc; change: CallChange; lineId: string },
): Promise<MessageDoc> {
  const { message, conversation, change } = of;
  const becameMissed = isMissed(change.call) && !isMissed(message.call);
  const noLonger = isMissed(message.call) && !isMissed(change.call);
  const by =
    becameMissed && (await comesBack(tx, conversation)) ? comesBackBy(conversation, change.call) : null;
  const after: MessageDoc = { ...message, ...change };
  const line = by ? backLine(conversation, { id: of.lineId, by, message: after }) : null;
  const waits = waitsFor(conversation) || by !== null;
  const raised = await tx.raise(conversation, {
    set: {
      ...previewAfterChange(conversation, after),
      ...(waits ? waitingAfter(conversation, { message: after, seq: message.seq }) : {}),
      ...(by ? awake : {}),
    },
    messages: line ? 1 : 0,
  });
  if (line) await tx.insert([line]);
  const call: CallDoc = {
    ...change.call,
    ...(becameMissed && change.call.heard
      ? { heard: { ...change.call.heard, missedAt: raised.version } }
      : {}),
  };
  const { editedAt, ...rest } = change;
  const written = await tx.change(message, {
    set: { ...differing(message, { ...rest, ...(editedAt ? { editedAt } : {}) }), call },
  });
  const moved = change.at.getTime() !== message.at.getTime();
  if (moved || noLonger) {
    await tx.amend(conversation._id, {
      ...(moved ? await newestOf(tx, conversation._id) : {}),
      ...(noLonger && waits ? await recountedWaiting(tx, conversation._id) : {}),
    });
  }
  return written;
}

/** What stays as it was is not written: search hears of every text that is. */
function differing(message: MessageDoc, change: Partial<MessageDoc>): Partial<MessageDoc> {
  return Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(message[name as keyof MessageDoc]),
    ),
  );
}

/** What is over comes back unless its customer has another active one by now. */
async function comesBack(tx: Tx, conversation: ConversationDoc): Promise<boolean> {
  if (conversation.status === 'snoozed') return true;
  if (conversation.status !== 'resolved') return false;
  const customer = await tx.models.customers
    .findById(conversation.customerId, { active: 1 })
    .session(tx.session)
    .lean<{ active: { main: string | null } }>();
  if (customer?.active.main && customer.active.main !== conversation._id) return false;
  await mayActivate(tx, conversation, { becomes: true });
  return true;
}

async function newestOf(
  tx: Tx,
  conversationId: string,
): Promise<Pick<ConversationDoc, 'preview' | 'newestAt' | 'lastAt'> | object> {
  const newest = await tx.models.messages
    .findOne({ conversationId, kind: { $ne: 'event' } }, null, { session: tx.session })
    .sort({ at: -1, providerOrder: -1, seq: -1 })
    .lean<MessageDoc>();
  return newest ? { preview: previewOf(newest), newestAt: newest.at, lastAt: newest.at } : {};
}

async function recountedWaiting(
  tx: Tx,
  conversationId: string,
): Promise<Pick<ConversationDoc, 'waitingSince' | 'lastInboundSeq'>> {
  const inbound = await tx.models.messages
    .find(
      { conversationId, direction: 'in', imported: false, kind: { $in: ['message', 'call'] } },
      { seq: 1, kind: 1, call: 1 },
      { session: tx.session },
    )
    .sort({ seq: -1 })
    .lean<Pick<MessageDoc, 'seq' | 'kind' | 'call'>[]>();
  const last = inbound.find((one) => one.kind === 'message' || isMissed(one.call));
  return { waitingSince: await waitsSince(tx, conversationId), lastInboundSeq: last?.seq ?? 0 };
}
