import { stateChanged } from './conversation.access.ts';
import type { DeedOf } from './conversation.deed.ts';

/** The viewer has seen what they were named for: it leaves their list. No line says so: it concerns nobody else. */
export const strikingMention: DeedOf = (_ctx, viewer) => async (tx, conversation) => {
  if (!conversation.mentionedIds.includes(viewer.id)) return conversation;
  return tx.raise(conversation, {
    set: { mentionedIds: conversation.mentionedIds.filter((id) => id !== viewer.id) },
  });
};

/** Back on their list. @throws AppError 409 stateChanged when no note here names them */
export const restoringMention: DeedOf = (_ctx, viewer) => async (tx, conversation) => {
  if (conversation.mentionedIds.includes(viewer.id)) return conversation;
  const named = await tx.models.messages
    .exists({ conversationId: conversation._id, kind: 'note', mentions: viewer.id })
    .session(tx.session);
  if (!named) throw stateChanged(conversation);
  return tx.raise(conversation, { set: { mentionedIds: [...conversation.mentionedIds, viewer.id] } });
};
