import { canSee, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { type DeedOf, perform } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/**
 * Gives a conversation to a colleague, to oneself, or back to everyone (null).
 * @throws AppError invalid when the colleague could not see it
 */
export const assigning: DeedOf<{ assigneeId: string | null }> = (ctx, viewer, { assigneeId }) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    if (conversation.assigneeId === assigneeId) return conversation;
    if (assigneeId) {
      const user = await tx.models.users
        .findById(assigneeId, null, { session: tx.session, lean: true })
        .exec();
      const fits = user?.active && may(user, 'conversation.read') && canSee(viewerOf(user), conversation);
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
        conversationId: conversation._id,
        at: ctx.now(),
        type: 'assigned',
        data: { from: conversation.assigneeId, to: assigneeId },
        authorId: viewer.id,
      }),
    ]);
    return after;
  };
};

export async function assignConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; assigneeId: string | null },
): Promise<ConversationDoc> {
  const { conversationId, ...what } = options;
  return (await perform(ctx, viewer, { conversationId, deed: assigning(ctx, viewer, what) })).after;
}
