import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import { stateChanged } from './conversation.access.ts';
import { deactivate } from './conversation.active.ts';
import { type DeedOf, perform } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** What a resolved conversation's header says. */
export function resolvedHeader(now: Date): Partial<ConversationDoc> {
  return { status: 'resolved', resolvedAt: now, waitingSince: null, snoozedUntil: null, resolvedFrom: null };
}

/**
 * Ends a conversation; one that is resolved already stays as it is. Nobody waits for the team any more.
 * @throws AppError 409 stateChanged for spam
 */
export const resolving: DeedOf = (ctx, viewer) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    if (conversation.status === 'resolved') return conversation;
    if (conversation.status === 'spam') throw stateChanged(conversation);
    const now = ctx.now();
    await deactivate(tx, conversation);
    const { snoozedUntil, waitingSince } = conversation;
    const set = { ...resolvedHeader(now), resolvedFrom: { snoozedUntil, waitingSince } };
    const after = await tx.raise(conversation, { set, messages: 1 });
    const line = { id, conversationId: conversation._id, at: now, authorId: viewer.id };
    await tx.insert([eventLine({ ...line, type: 'resolved' })]);
    return after;
  };
};

export async function resolveConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string },
): Promise<ConversationDoc> {
  const deed = resolving(ctx, viewer, undefined);
  return (await perform(ctx, viewer, { ...options, deed })).after;
}
