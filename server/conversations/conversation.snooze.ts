import type { Viewer } from '../../shared/access.ts';
import { isActive } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { stateChanged } from './conversation.access.ts';
import { type DeedOf, perform } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

const longestMs = 366 * 24 * 3_600_000;

/**
 * Puts an active conversation away until a time; a message wakes it earlier. Again with another time moves it.
 * @throws AppError invalid when the time is not within the coming year; 409 stateChanged when it is resolved or spam
 */
export const snoozing: DeedOf<{ until: Date }> = (ctx, viewer, { until }) => {
  const ahead = until.getTime() - ctx.now().getTime();
  const fits = ahead > 0 && ahead <= longestMs;
  const id = ctx.uuid();
  return async (tx, conversation) => {
    if (!fits)
      throw new AppError({
        code: 'invalid',
        message: 'A conversation is snoozed until a time within the coming year.',
        fields: { until: 'Choose a time in the future, at most a year ahead.' },
      });
    if (!isActive(conversation.status)) throw stateChanged(conversation);
    if (conversation.snoozedUntil?.getTime() === until.getTime()) return conversation;
    const after = await tx.raise(conversation, {
      set: { status: 'snoozed', snoozedUntil: until },
      messages: 1,
    });
    await tx.insert([
      eventLine({
        id,
        conversationId: conversation._id,
        at: ctx.now(),
        type: 'snoozed',
        data: { until: until.toISOString() },
        authorId: viewer.id,
      }),
    ]);
    return after;
  };
};

export async function snoozeConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; until: Date },
): Promise<ConversationDoc> {
  const { conversationId, ...what } = options;
  return (await perform(ctx, viewer, { conversationId, deed: snoozing(ctx, viewer, what) })).after;
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
