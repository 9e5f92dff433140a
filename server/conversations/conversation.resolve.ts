import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { accessConversation, liveConversation } from './conversation.access.ts';
import { deactivate } from './conversation.active.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** What a resolved conversation's header says. */
export function resolvedHeader(now: Date): Partial<ConversationDoc> {
  return { status: 'resolved', resolvedAt: now, waitingSince: null, snoozedUntil: null };
}

/** Ends a conversation; one that is resolved already stays as it is. Nobody waits for the team any more. */
export async function resolveConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string },
): Promise<ConversationDoc> {
  const { conversationId } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const id = ctx.uuid();
  return commit(ctx, async (tx) => {
    const conversation = await liveConversation(tx, conversationId);
    if (conversation.status === 'resolved') return conversation;
    const now = ctx.now();
    await deactivate(tx, conversation);
    const after = await tx.raise(conversation, { set: resolvedHeader(now), messages: 1 });
    await tx.insert([eventLine({ id, conversationId, at: now, type: 'resolved', authorId: viewer.id })]);
    return after;
  });
}
