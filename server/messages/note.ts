import { canSee, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { MessageCreate } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import { accessConversation, liveConversation } from '../conversations/conversation.access.ts';
import { deactivate } from '../conversations/conversation.active.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage, eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { resolvedHeader } from '../conversations/conversation.resolve.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { commit, type NewMessage, type Tx } from './commit.ts';
import { strikeDraft } from './draft.strike.ts';
import { knownMessage } from './known.ts';
import type { MessageDoc } from './message.model.ts';
import { attachmentOf, bindFiles, invalid, ownFiles } from './outgoing.ts';

/**
 * A private note: for the team alone, on no lane, and it opens nothing. The same id again gives the stored note again.
 * Colleagues it names have it on their list of mentions until they strike it off.
 * @throws AppError 403 notTheAuthor, 422 otherConversation, 409 continued; invalid for a colleague who cannot see the conversation
 */
export async function writeNote(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; create: MessageCreate },
): Promise<MessageDoc> {
  const { conversationId, create } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  if (!create.text.trim() && !create.fileIds.length) throw invalid('text', 'There is nothing in this note.');
  const resolvedId = ctx.uuid();

  return commit(ctx, async (tx) => {
    const known = await knownMessage(tx, viewer, { id: create.id, conversationId });
    if (known) return known;
    const conversation = await liveConversation(tx, conversationId);
    const now = ctx.now();
    const files = await ownFiles(tx, { viewer, conversationId, fileIds: create.fileIds });
    const note: NewMessage = {
      ...blankMessage({ id: create.id, conversationId, at: now }),
      kind: 'note',
      authorId: viewer.id,
      text: create.text,
      mentions: await mentioned(tx, conversation, create.mentions ?? []),
      attachments: files.map(attachmentOf),
    };
    const resolves = create.thenResolve === true && conversation.status !== 'resolved';
    const messages = [
      note,
      ...(resolves
        ? [eventLine({ id: resolvedId, conversationId, at: now, authorId: viewer.id, type: 'resolved' })]
        : []),
    ];
    if (resolves) await deactivate(tx, conversation);
    await tx.raise(conversation, {
      set: {
        ...headerAfter(conversation, messages, { firstSeq: conversation.seq + 1 }),
        ...(resolves ? resolvedHeader(now) : {}),
        ...listedFor(conversation, note),
      },
      messages: messages.length,
    });
    const [written] = await tx.insert(messages);
    await strikeDraft(tx, { userId: viewer.id, conversationId, mode: 'note' });
    await bindFiles(tx, { files, conversationId });
    return written as MessageDoc;
  });
}

/** @throws AppError invalid when one of them could not read it */
async function mentioned(
  tx: Tx,
  conversation: ConversationDoc,
  userIds: readonly string[],
): Promise<string[]> {
  const wanted = [...new Set(userIds)];
  if (!wanted.length) return [];
  const users = await tx.models.users
    .find({ _id: { $in: wanted }, active: true }, null, { session: tx.session })
    .lean<UserDoc[]>();
  const readers = users.filter(
    (user) => may(user, 'conversation.read') && canSee(viewerOf(user), conversation),
  );
  if (readers.length !== wanted.length)
    throw new AppError({
      code: 'invalid',
      reason: 'colleagueCannotSee',
      message: 'One of the colleagues you named cannot see this conversation.',
      fields: { mentions: 'Name only colleagues who can see the conversation.' },
    });
  return wanted;
}

/** Nobody is told of their own words. */
function listedFor(
  conversation: ConversationDoc,
  note: NewMessage,
): Pick<ConversationDoc, 'mentionedIds'> | object {
  const named = note.mentions.filter((id) => id !== note.authorId && !conversation.mentionedIds.includes(id));
  return named.length ? { mentionedIds: [...conversation.mentionedIds, ...named] } : {};
}
