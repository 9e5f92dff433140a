import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { accessConversation, liveConversation } from './conversation.access.ts';
import { mayActivate } from './conversation.active.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** What an open conversation's header says. */
export const openHeader = {
  status: 'open',
  resolvedAt: null,
  snoozedUntil: null,
} as const satisfies Partial<ConversationDoc>;

/**
 * Opens a resolved conversation again, or wakes a snoozed one; an open one stays as it is.
 * @throws AppError 409 anotherActive when the customer meanwhile has another one
 */
export async function reopenConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string },
): Promise<ConversationDoc> {
  const { conversationId } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const id = ctx.uuid();
  return commit(ctx, async (tx) => {
    const conversation = await liveConversation(tx, conversationId);
    if (conversation.status === 'open') return conversation;
    const asleep = conversation.status === 'snoozed';
    if (!asleep) await mayActivate(tx, conversation, { becomes: true });
    const after = await tx.raise(conversation, { set: { ...openHeader }, messages: 1 });
    await tx.insert([
      eventLine({
        id,
        conversationId,
        at: ctx.now(),
        type: asleep ? 'woken' : 'reopened',
        data: { by: 'agent' },
        authorId: viewer.id,
      }),
    ]);
    return after;
  });
}
