import { isActive } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Target } from '../../shared/message.ts';
import { key } from '../db/key.ts';
import type { Tx } from '../messages/commit.ts';
import { reopenWithinMs } from './conversation.header.ts';
import type { ConversationDoc, RouteDoc } from './conversation.model.ts';
import { followed } from './conversation.thread.ts';

/**
 * A thread that was split off is answered where it is: the customer's next word goes there too.
 * @throws AppError 409 continued, with the conversation it goes on in
 */
export async function mustBeRoutedHere(
  tx: Tx,
  options: { conversation: ConversationDoc; target: Target },
): Promise<void> {
  const { conversation, target } = options;
  const route = await tx.models.routes
    .findById(key(target.channelId, target.identityId, target.threadKey), null, { session: tx.session })
    .lean<RouteDoc>();
  if (!route || route.conversationId === conversation._id) return;
  const there = await followed(tx, route.conversationId);
  if (!there || there._id === conversation._id || there.customerId !== conversation.customerId) return;
  const recently = new Date(tx.ctx.now().getTime() - reopenWithinMs);
  const lives = isActive(there.status) || (there.resolvedAt !== null && there.resolvedAt >= recently);
  if (lives)
    throw new AppError({
      code: 'conflict',
      reason: 'continued',
      message: 'This thread goes on in another conversation.',
      data: { successorId: there._id },
    });
}
