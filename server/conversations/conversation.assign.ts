import { canSee, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { accessConversation, liveConversation } from './conversation.access.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/**
 * Gives a conversation to a colleague, to oneself, or back to everyone (null).
 * @throws AppError invalid when the colleague could not see it
 */
export async function assignConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; assigneeId: string | null },
): Promise<ConversationDoc> {
  const { conversationId, assigneeId } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const id = ctx.uuid();
  return commit(ctx, async (tx) => {
    const conversation = await liveConversation(tx, conversationId);
    if (conversation.assigneeId === assigneeId) return conversation;
    if (assigneeId) {
      const user = await tx.models.users
        .findById(assigneeId, null, { session: tx.session, lean: true })
        .exec();
      const fits =
        user?.active &&
        may(user, 'conversation.read') &&
        canSee({ id: user._id, role: user.role, channelIds: user.channelIds }, conversation);
      if (!fits)
        throw new AppError({
          code: 'invalid',
          message: 'That colleague cannot see this conversation.',
          fields: { assigneeId: 'Choose an active colleague who has one of its channels.' },
        });
    }
    const after = await tx.raise(conversation, { set: { assigneeId }, messages: 1 });
    await tx.insert([
      eventLine({
        id,
        conversationId,
        at: ctx.now(),
        type: 'assigned',
        data: { from: conversation.assigneeId, to: assigneeId },
        authorId: viewer.id,
      }),
    ]);
    return after;
  });
}
