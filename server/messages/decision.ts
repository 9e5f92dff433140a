import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { DeliveryDecision } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import { accessConversation, stateChanged } from '../conversations/conversation.access.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { touchLane } from '../lanes/lane.touch.ts';
import { commit } from './commit.ts';
import { cancel, countsAsUndelivered, markSent, resend, undeliveredChange } from './delivery.ts';
import type { DeliveryDoc, MessageDoc } from './message.model.ts';
import { connectedChannel, mustUseChannel } from './outgoing.ts';
import { withMarks } from './watermark.ts';

/**
 * The agent's word on a message that failed, has an unknown outcome, or asks before it leaves. `resend`: a new attempt from the first
 * piece that has not left. `markSent`: the agent knows that it arrived. `cancel`: it is given up.
 *
 * @throws AppError 409 stateChanged when it is not what the agent saw; 409 channelUnavailable
 */
export async function decideDelivery(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; messageId: string } & DeliveryDecision,
): Promise<MessageDoc> {
  const { conversationId, messageId, decision, attempt } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  return commit(ctx, async (tx) => {
    const { session, models } = tx;
    const message = await models.messages
      .findOne({ _id: messageId, conversationId }, null, { session })
      .lean<MessageDoc>();
    const conversation = await models.conversations
      .findById(conversationId, null, { session })
      .lean<ConversationDoc>();
    if (!message?.delivery || !message.channelId || !conversation)
      throw new AppError({ code: 'notFound', message: 'There is no such outgoing message here.' });
    const { delivery: before, channelId } = message;
    mustUseChannel(viewer, channelId);
    if (before.attempt !== attempt || !isOpen(before, decision)) throw stateChanged(conversation);
    if (decision === 'resend') await connectedChannel(tx, channelId);

    const decided = { resend, markSent, cancel }[decision](before, ctx.now());
    const delivery = await withMarks(tx, message, decided);
    const undelivered = undeliveredChange(before, delivery);
    await tx.raise(conversation, undelivered ? { inc: { undelivered } } : {});
    const after = await tx.change(message, { set: { delivery } });
    if (delivery.state === 'queued') await touchLane(tx, { conversationId, channelId });
    return after;
  });
}

/** Is there something to decide? What was never tried cannot be marked as sent. */
function isOpen(delivery: DeliveryDoc, decision: DeliveryDecision['decision']): boolean {
  if (countsAsUndelivered(delivery.state)) return true;
  return delivery.state === 'queued' && delivery.needsConfirm && decision !== 'markSent';
}
