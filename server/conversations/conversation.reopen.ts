import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import { stateChanged } from './conversation.access.ts';
import { mayActivate } from './conversation.active.ts';
import { type DeedOf, perform } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** What an open conversation's header says. */
export const openHeader = {
  status: 'open',
  resolvedAt: null,
  snoozedUntil: null,
  resolvedFrom: null,
} as const satisfies Partial<ConversationDoc>;

/**
 * Opens a resolved conversation again, or wakes a snoozed one; an open one stays as it is.
 * @param options.asBefore as the undo of a resolution: it sleeps on if its time has not come, and whoever waited waits since then
 * @throws AppError 409 anotherActive when the customer meanwhile has another one; 409 stateChanged for spam
 */
export const reopening: DeedOf<{ asBefore: boolean }> = (ctx, viewer, { asBefore }) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    if (conversation.status === 'open') return conversation;
    if (conversation.status === 'spam') throw stateChanged(conversation);
    const asleep = conversation.status === 'snoozed';
    if (!asleep) await mayActivate(tx, conversation, { becomes: true });
    const set = { ...openHeader, ...(asBefore && before(conversation, ctx.now())) };
    const after = await tx.raise(conversation, { set, messages: 1 });
    await tx.insert([
      eventLine({
        id,
        conversationId: conversation._id,
        at: ctx.now(),
        type: asleep ? 'woken' : 'reopened',
        data: { by: 'agent' },
        authorId: viewer.id,
      }),
    ]);
    return after;
  };
};

/** How a conversation was when somebody resolved it. */
function before({ status, resolvedFrom }: ConversationDoc, now: Date): Partial<ConversationDoc> {
  if (status !== 'resolved' || !resolvedFrom) return {};
  const { snoozedUntil, waitingSince } = resolvedFrom;
  return { waitingSince, ...(snoozedUntil && snoozedUntil > now && { status: 'snoozed', snoozedUntil }) };
}

export async function reopenConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string },
): Promise<ConversationDoc> {
  const deed = reopening(ctx, viewer, { asBefore: false });
  return (await perform(ctx, viewer, { ...options, deed })).after;
}
