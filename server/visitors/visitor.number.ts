import type { Tx } from '../messages/commit.ts';
import { hasLeft } from '../messages/delivery.ts';
import type { MessageDoc } from '../messages/message.model.ts';

const prefix = 'webVisitor:';

/** Is this the identity of a visitor of a site? */
export function isVisitor(identityId: string | null): identityId is string {
  return identityId?.startsWith(prefix) ?? false;
}

/**
 * May the visitor of its identity see it? What they wrote, and what was written to them there and has been offered. Never a note, a line
 * of the timeline, a message of another channel's identity, or a forward to somebody else.
 */
export function isShown(message: MessageDoc): boolean {
  if (message.kind !== 'message' || message.visibility !== 'private' || !isVisitor(message.identityId))
    return false;
  if (message.letter) return false;
  if (message.direction === 'in') return true;
  return message.direction === 'out' && message.delivery !== null && hasLeft(message.delivery.state);
}

/** What a visitor sees of a message is made of these. */
const words = ['text', 'editedAt', 'deletedAt', 'attachments', 'at'] as const;

/** Does a visitor see that this was changed? Also when it is now that they may see it at all. */
export function showsChange(after: MessageDoc, set: object): boolean {
  return isShown(after) && (!after.visitorSeq || words.some((word) => word in set));
}

/**
 * Gives each of these a new number of its visitor's own, in the order they stand in, within the commit that changes them: so numbers
 * become visible in order, and every one belongs to one change. It is announced after the commit.
 * @param messages all of them shown to their visitors
 */
export async function numberForVisitors(tx: Tx, messages: readonly MessageDoc[]): Promise<void> {
  for (const identityId of new Set(messages.map((message) => message.identityId ?? ''))) {
    const own = messages.filter((message) => message.identityId === identityId);
    const identity = await tx.models.identities
      .findOneAndUpdate(
        { _id: identityId },
        { $inc: { visitorSeq: own.length } },
        { session: tx.session, returnDocument: 'after', lean: true, projection: { visitorSeq: 1 } },
      )
      .exec();
    if (!identity?.visitorSeq) throw new Error(`Identity ${identityId} has messages and does not exist.`);
    const first = identity.visitorSeq - own.length + 1;
    own.forEach((message, index) => {
      message.visitorSeq = first + index;
    });
    tx.emit('visitor.changed', { identityId, messages: own });
  }
}
