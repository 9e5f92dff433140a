import { AppError } from '../../shared/errors.ts';
import type { DeedOf } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';

/** More labels than this on one conversation tell nobody anything. */
const mostTags = 50;

/**
 * Puts tags on a conversation and takes others off. One that is there already, or gone already, is no news. An archived tag may come
 * back by an undo.
 * @throws AppError invalid for a tag that is not there
 */
export const tagging: DeedOf<{ add: string[]; remove: string[] }> = (ctx, viewer, { add, remove }) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    const added = [...new Set(add)].filter(
      (tag) => !conversation.tagIds.includes(tag) && !remove.includes(tag),
    );
    const removed = conversation.tagIds.filter((tag) => remove.includes(tag));
    if (!added.length && !removed.length) return conversation;
    const known = await tx.models.tags
      .find({ _id: { $in: added } }, { _id: 1 }, { session: tx.session })
      .lean();
    if (known.length !== added.length) throw invalidTags('One of the tags does not exist any more.');
    const tagIds = [...conversation.tagIds.filter((tag) => !removed.includes(tag)), ...added];
    if (tagIds.length > mostTags) throw invalidTags(`A conversation has at most ${mostTags} tags.`);
    const after = await tx.raise(conversation, { set: { tagIds }, messages: 1 });
    await tx.insert([
      eventLine({
        id,
        conversationId: conversation._id,
        at: ctx.now(),
        type: 'tagged',
        data: { added, removed },
        authorId: viewer.id,
      }),
    ]);
    return after;
  };
};

function invalidTags(message: string): AppError {
  return new AppError({ code: 'invalid', message, fields: { add: message } });
}
