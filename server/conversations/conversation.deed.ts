import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { accessConversation, liveConversation } from './conversation.access.ts';
import type { ConversationDoc } from './conversation.model.ts';

/**
 * What one deed does to a conversation inside its transaction. Made once, run perhaps many times: what it mints, it minted when it was
 * made. It gives back the conversation as it is after it; the same document when there was nothing to do.
 */
export type Deed = (tx: Tx, conversation: ConversationDoc) => Promise<ConversationDoc>;

/** Makes a deed: who does it, and what it mints, are settled outside the transaction. */
export type DeedOf<Options = undefined> = (ctx: Context, viewer: Viewer, options: Options) => Deed;

export interface Done {
  before: ConversationDoc;
  after: ConversationDoc;
}

/**
 * One deed of one person on one conversation, as one commit.
 * @throws AppError forbidden, notFound, 409 continued, and what the deed says
 */
export async function perform(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; deed: Deed },
): Promise<Done> {
  const { conversationId, deed } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  return commit(ctx, async (tx) => {
    const before = await liveConversation(tx, conversationId);
    return { before, after: await deed(tx, before) };
  });
}
