import type { Priority } from '../../shared/conversation.ts';
import type { DeedOf } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';

export const prioritising: DeedOf<{ priority: Priority }> = (ctx, viewer, { priority }) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    if (conversation.priority === priority) return conversation;
    const after = await tx.raise(conversation, { set: { priority }, messages: 1 });
    await tx.insert([
      eventLine({
        id,
        conversationId: conversation._id,
        at: ctx.now(),
        type: 'prioritised',
        data: { from: conversation.priority, to: priority },
        authorId: viewer.id,
      }),
    ]);
    return after;
  };
};
