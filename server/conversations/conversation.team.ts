import { AppError } from '../../shared/errors.ts';
import type { DeedOf } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';

/** Gives a conversation to a team, or to none. @throws AppError invalid for a team that is not there, or archived */
export const teaming: DeedOf<{ teamId: string | null }> = (ctx, viewer, { teamId }) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    if (conversation.teamId === teamId) return conversation;
    const exists =
      teamId === null || (await tx.models.teams.exists({ _id: teamId, archived: false }).session(tx.session));
    if (!exists)
      throw new AppError({
        code: 'invalid',
        message: 'There is no such team, or it is archived.',
        fields: { teamId: 'Choose a team that is not archived.' },
      });
    const after = await tx.raise(conversation, { set: { teamId }, messages: 1 });
    await tx.insert([
      eventLine({
        id,
        conversationId: conversation._id,
        at: ctx.now(),
        type: 'teamed',
        data: { from: conversation.teamId, to: teamId },
        authorId: viewer.id,
      }),
    ]);
    return after;
  };
};
