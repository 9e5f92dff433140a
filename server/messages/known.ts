import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { key } from '../db/key.ts';
import type { Tx } from './commit.ts';
import type { MessageDoc } from './message.model.ts';

/**
 * The message of this id, when it is already written: a client that did not hear the answer sends the same document again.
 * @throws AppError 403 when another wrote it, 422 when it is in another conversation
 */
export async function knownMessage(
  tx: Tx,
  viewer: Viewer,
  sent: { id: string; conversationId: string },
): Promise<MessageDoc | null> {
  const message = await tx.models.messages
    .findById(sent.id, null, { session: tx.session })
    .lean<MessageDoc>();
  if (!message) return null;
  if (message.authorId !== viewer.id)
    throw new AppError({
      code: 'forbidden',
      reason: 'notTheAuthor',
      message: 'A message with this id was written by somebody else.',
    });
  if (message.conversationId !== sent.conversationId && !(await movedFrom(tx, sent)))
    throw new AppError({
      code: 'invalid',
      reason: 'otherConversation',
      message: 'A message with this id is in another conversation.',
    });
  return message;
}

/** It was written here, and its thread was split off since, or brought back. */
async function movedFrom(tx: Tx, sent: { id: string; conversationId: string }): Promise<boolean> {
  const left = await tx.models.tombstones
    .exists({ _id: key(sent.conversationId, sent.id) })
    .session(tx.session);
  return left !== null;
}
