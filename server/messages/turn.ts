import type { Context } from '../context.ts';
import { commit, type Tx } from './commit.ts';
import { undeliveredChange } from './delivery.ts';
import { redacted } from './intake.delete.ts';
import type { DeliveryDoc, MessageDoc } from './message.model.ts';
import { recordParts } from './parts.ts';
import { markReach } from './reach.ts';
import { withMarks } from './watermark.ts';

export interface Turn {
  messageId: string;
  /** The fence under which it was last written: with another one the turn is not this caller's any more. */
  fence: number;
  /** What becomes of the delivery; null: nothing. Pure: it may be asked many times. */
  become: (delivery: DeliveryDoc) => DeliveryDoc | null;
  /** Provider ids that came with it. */
  parts?: Omit<Parameters<typeof recordParts>[1], 'messageId'>;
  /** The one written to cannot be reached there any more; false: they can, after all. */
  unreachable?: boolean;
  /** Runs last in the same transaction, after the message: the lane's own write. */
  finish?: (tx: Tx) => Promise<void>;
}

/**
 * One turn in the life of an outgoing message, as one commit of its conversation, whatever that one's status is: a reply queued in
 * a continued conversation still leaves.
 * @returns the message as it is now; null when the fence is another one and nothing was written
 */
export async function turnDelivery(ctx: Context, turn: Turn): Promise<MessageDoc | null> {
  return commit(ctx, async (tx) => {
    const { session, models } = tx;
    const message = await models.messages.findById(turn.messageId, null, { session, lean: true }).exec();
    if (!message?.delivery || message.delivery.fence !== turn.fence) return null;
    const become = turn.become(message.delivery);
    if (!become) return message;
    const delivery = await withMarks(tx, message, become);
    if (turn.unreachable !== undefined && message.identityId)
      await markReach(tx, { identityId: message.identityId, unreachable: turn.unreachable });
    const conversation = await models.conversations
      .findById(message.conversationId, null, { session, lean: true })
      .exec();
    if (!conversation) throw new Error(`Message ${message._id} has no conversation.`);
    const undelivered = undeliveredChange(message.delivery, delivery);
    await tx.raise(conversation, undelivered ? { inc: { undelivered } } : {});
    const gone = turn.parts && (await recordParts(tx, { ...turn.parts, messageId: message._id })).deletedAt;
    const set = gone ? { delivery, ...redacted, deletedAt: message.deletedAt ?? gone } : { delivery };
    const after = await tx.change(message, { set }, { 'delivery.fence': turn.fence });
    await turn.finish?.(tx);
    return after;
  });
}
