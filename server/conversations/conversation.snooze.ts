import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { accessConversation, liveConversation, stateChanged } from './conversation.access.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

const longestMs = 366 * 24 * 3_600_000;

/**
 * Puts an active conversation away until a time; a message wakes it earlier. Again with another time moves it.
 * @throws AppError invalid when the time is not within the coming year; 409 stateChanged when it is resolved
 */
export async function snoozeConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; until: Date },
): Promise<ConversationDoc> {
  const { conversationId, until } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const ahead = until.getTime() - ctx.now().getTime();
  if (!(ahead > 0 && ahead <= longestMs))
    throw new AppError({
      code: 'invalid',
      message: 'A conversation is snoozed until a time within the coming year.',
      fields: { until: 'Choose a time in the future, at most a year ahead.' },
    });
  const id = ctx.uuid();
  return commit(ctx, async (tx) => {
    const conversation = await liveConversation(tx, conversationId);
    if (conversation.status === 'resolved') throw stateChanged(conversation);
    if (conversation.snoozedUntil?.getTime() === until.getTime()) return conversation;
    const after = await tx.raise(conversation, {
      set: { status: 'snoozed', snoozedUntil: until },
      messages: 1,
    });
    await tx.insert([
      eventLine({
        id,
        conversationId,
        at: ctx.now(),
        type: 'snoozed',
        data: { until: until.toISOString() },
        authorId: viewer.id,
      }),
    ]);
    return after;
  });
}

/** Its time has come: by the sweep, on any server and any number of times. */
export async function wakeConversation(ctx: Context, conversationId: string): Promise<void> {
  const id = ctx.uuid();
  await commit(ctx, async (tx) => {
    const now = ctx.now();
    const conversation = await tx.models.conversations
      .findById(conversationId, null, { session: tx.session, lean: true })
      .exec();
    if (conversation?.status !== 'snoozed') return;
    if (!conversation.snoozedUntil || conversation.snoozedUntil > now) return;
    await tx.raise(conversation, { set: { status: 'open', snoozedUntil: null }, messages: 1 });
    await tx.insert([
      eventLine({ id, conversationId, at: now, type: 'woken', data: { by: 'time' }, authorId: null }),
    ]);
  });
}
