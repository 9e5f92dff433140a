import { canSee, may, type Permission, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../messages/commit.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { noConversation } from './conversation.visible.ts';

/**
 * The first line of every deed on a conversation.
 * @throws AppError forbidden; notFound, also when it exists and this viewer may not see it
 */
export async function accessConversation(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  options: { conversationId: string; permission: Permission },
): Promise<ConversationDoc> {
  if (!may(viewer, options.permission))
    throw new AppError({ code: 'forbidden', message: 'You may not do this in conversations.' });
  const conversation = await ctx.models.conversations
    .findById(options.conversationId)
    .lean<ConversationDoc>()
    .exec();
  if (!conversation || !canSee(viewer, conversation)) throw noConversation();
  return conversation;
}

/**
 * The conversation inside its deed's transaction.
 * @throws AppError 409 continued, with its successor: nothing is done in it any more
 */
export async function liveConversation(tx: Tx, conversationId: string): Promise<ConversationDoc> {
  const conversation = await tx.models.conversations
    .findById(conversationId, null, { session: tx.session, lean: true })
    .exec();
  if (!conversation) throw noConversation();
  if (conversation.status === 'continued')
    throw new AppError({
      code: 'conflict',
      reason: 'continued',
      message: 'This conversation goes on in another one.',
      data: { successorId: conversation.successorId },
    });
  return conversation as ConversationDoc;
}

/** It is no longer what the agent saw. */
export function stateChanged(conversation: ConversationDoc): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: 'This conversation has just changed.',
    data: { header: presentConversation(conversation) },
  });
}
