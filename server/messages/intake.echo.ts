import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { identityId } from '../customers/identity.ts';
import type { Tx } from './commit.ts';
import { applyPieceState, undeliveredChange } from './delivery.ts';
import type { Incoming } from './intake.message.ts';
import type { Known } from './intake.same.ts';
import type { Outcome } from './intake.step.ts';
import type { MessageDoc } from './message.model.ts';
import { partId, recordParts } from './parts.ts';
import { withMarks } from './watermark.ts';

/** While our own call is under way its echo may come first; its answer will name the id. Looked at again after this long. */
const lookAgainMs = 5_000;

/**
 * What the provider tells us of our own account's message. Ours when it bears our reference; parked while a call to the same person
 * is under way, whose answer may name it; null when it was sent elsewhere.
 */
export async function matchEcho(tx: Tx, incoming: Incoming, known: Known): Promise<Outcome | null> {
  const { event, arrival, scope, saidAt } = incoming;
  const { externalIds } = known;
  const parts = externalIds.map((id) => partId(scope, id));
  const { session } = tx;
  if (event.sendRef) {
    const message = await tx.models.messages
      .findOne(
        {
          'delivery.state': { $in: ['queued', 'sending', 'unknown', 'failed'] },
          channelId: arrival.channel._id,
          'delivery.pieces.sendRef': event.sendRef,
        },
        null,
        { session },
      )
      .lean<MessageDoc>();
    const piece = message?.delivery?.pieces.findIndex((one) => one.sendRef === event.sendRef) ?? -1;
    const attempt = message?.delivery?.pieces[piece]?.attempt;
    if (message?.delivery && attempt !== undefined) {
      const heard = applyPieceState(message.delivery, {
        piece,
        attempt,
        state: 'sent',
        externalIds,
        at: saidAt,
      });
      const delivery = heard && (await withMarks(tx, message, heard));
      if (delivery) {
        const conversation = await tx.models.conversations
          .findById(message.conversationId, null, { session })
          .lean<ConversationDoc>();
        if (!conversation) throw new Error(`Message ${message._id} has no conversation.`);
        const undelivered = undeliveredChange(message.delivery, delivery);
        await tx.raise(conversation, undelivered ? { inc: { undelivered } } : {});
      }
      await recordParts(tx, {
        scope,
        externalIds,
        messageId: message._id,
        piece,
        attempt,
        state: 'sent',
        known: known.parts.filter((part) => parts.includes(part._id)),
      });
      if (delivery) await tx.change(message, { set: { delivery } });
      return { state: 'done' };
    }
  }
  const sending = await tx.models.messages
    .exists({
      'delivery.state': 'sending',
      channelId: arrival.channel._id,
      identityId: identityId(event.sender),
    })
    .session(session);
  if (!sending || !parts[0]) return null;
  return {
    state: 'parked',
    waitsFor: parts.slice(0, 1),
    lookAgainAt: new Date(tx.ctx.now().getTime() + lookAgainMs),
  };
}
