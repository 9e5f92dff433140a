import type { Viewer } from '../../shared/access.ts';
import type { MessageCreate } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import { accessConversation, liveConversation } from '../conversations/conversation.access.ts';
import { deactivate } from '../conversations/conversation.active.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage, eventLine } from '../conversations/conversation.line.ts';
import { resolvedHeader } from '../conversations/conversation.resolve.ts';
import { commit, type NewMessage } from './commit.ts';
import { strikeDraft } from './draft.strike.ts';
import { knownMessage } from './known.ts';
import type { MessageDoc } from './message.model.ts';
import { attachmentOf, bindFiles, invalid, ownFiles } from './outgoing.ts';

/**
 * A private note: for the team alone, on no lane, and it opens nothing. The same id again gives the stored note again.
 * @throws AppError 403 notTheAuthor, 422 otherConversation, 409 continued
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
      },
      messages: messages.length,
    });
    const [written] = await tx.insert(messages);
    await strikeDraft(tx, { userId: viewer.id, conversationId, mode: 'note' });
    await bindFiles(tx, { files, conversationId });
    return written as MessageDoc;
  });
}
