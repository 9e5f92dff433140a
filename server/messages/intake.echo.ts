import { deliveryStates } from '../../shared/message.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { identityId } from '../customers/identity.ts';
import type { Tx } from './commit.ts';
import { applyPieceState, hasLeft, undeliveredChange } from './delivery.ts';
import type { Incoming } from './intake.message.ts';
import type { Known } from './intake.same.ts';
import type { Outcome } from './intake.step.ts';
import { cleanText } from './intake.text.ts';
import type { DeliveryDoc, MessageDoc, PieceDoc } from './message.model.ts';
import { partId, recordParts } from './parts.ts';
import { withMarks } from './watermark.ts';

/** While our own call is under way its echo may come first; its answer will name the id. Looked at again after this long. */
const lookAgainMs = 5_000;

/** An echo comes at once; this much later, after an outage of the webhook. */
const latestMs = 7 * 24 * 3_600_000;

type Ours = Pick<MessageDoc, '_id' | 'at' | 'channelId' | 'conversationId' | 'delivery' | 'identityId'> & {
  visibility: MessageDoc['visibility'];
};

interface Sent {
  message: Ours;
  delivery: DeliveryDoc;
  /** Index into the delivery's pieces. */
  index: number;
  piece: PieceDoc;
}

/**
 * What the provider tells us of our own account's message. Ours when it bears our reference, or says what one of ours says of which
 * nobody knows the provider's id: then it is what became of that. Parked while a call to the same person is under way, whose answer
 * may name it; null when it was sent elsewhere.
 */
export async function matchEcho(tx: Tx, incoming: Incoming, known: Known): Promise<Outcome | null> {
  const { event, scope, arrival } = incoming;
  const parts = known.externalIds.map((id) => partId(scope, id));
  const saidAt = incoming.saidAt ?? arrival.inbound.receivedAt;
  const messages = await tx.models.messages
    .find(
      {
        identityId: identityId(event.sender),
        channelId: arrival.channel._id,
        'delivery.state': { $in: [...deliveryStates] },
        at: { $gte: new Date(saidAt.getTime() - latestMs) },
      },
      { at: 1, channelId: 1, conversationId: 1, delivery: 1, identityId: 1, visibility: 1 },
      { session: tx.session },
    )
    .sort({ at: 1 })
    .lean<Ours[]>();
  const sent = messages.flatMap((message): Sent[] => {
    const { delivery } = message;
    return delivery ? delivery.pieces.map((piece, index) => ({ message, delivery, piece, index })) : [];
  });
  const bears = ({ piece }: Sent) => Boolean(event.sendRef) && piece.sendRef === event.sendRef;
  const ours = sent.find(bears) ?? sent.find((one) => saysTheSame(one, event));
  if (ours) {
    await left(tx, ours, {
      scope,
      externalIds: known.externalIds,
      at: incoming.saidAt,
      known: known.parts.filter((part) => parts.includes(part._id)),
    });
    return { state: 'done' };
  }
  if (!parts[0] || !messages.some(({ delivery }) => delivery?.state === 'sending')) return null;
  return {
    state: 'parked',
    waitsFor: parts.slice(0, 1),
    lookAgainAt: new Date(tx.ctx.now().getTime() + lookAgainMs),
  };
}

/** One of ours that left or may have left, and has no id. */
function saysTheSame({ message, piece }: Sent, event: Incoming['event']): boolean {
  if (piece.externalIds.length > 0 || !(piece.state === 'unknown' || hasLeft(piece.state))) return false;
  const files = piece.files?.length ?? Number(piece.file !== null);
  return (
    message.visibility === event.visibility &&
    files === event.attachments.length &&
    cleanText(piece.text).trim() === cleanText(event.text).trim()
  );
}

async function left(
  tx: Tx,
  { message, delivery, index, piece }: Sent,
  echo: { scope: string; externalIds: string[]; at: Date | null; known: Known['parts'] },
): Promise<void> {
  const { scope, externalIds, at, known } = echo;
  const { attempt } = piece;
  const heard = applyPieceState(delivery, { piece: index, attempt, state: 'sent', externalIds, at });
  const after = heard && (await withMarks(tx, message, heard));
  if (after) {
    const conversation = await tx.models.conversations
      .findById(message.conversationId, null, { session: tx.session })
      .lean<ConversationDoc>();
    if (!conversation) throw new Error(`Message ${message._id} has no conversation.`);
    const undelivered = undeliveredChange(delivery, after);
    await tx.raise(conversation, undelivered ? { inc: { undelivered } } : {});
  }
  await recordParts(tx, {
    scope,
    externalIds,
    messageId: message._id,
    piece: index,
    attempt,
    state: 'sent',
    known,
  });
  if (after) await tx.change(message, { set: { delivery: after } });
}
