import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { Tx } from './commit.ts';
import type { Arrival } from './intake.step.ts';
import type { MessageDoc, PartDoc } from './message.model.ts';
import { findParts, partId, scopeOf } from './parts.ts';

export interface Found {
  part: PartDoc;
  message: MessageDoc;
  conversation: ConversationDoc;
}

/** The part's `_id` of what an event speaks about. */
export function aboutPart(arrival: Arrival, about: { externalId: string; scope?: string }): string {
  return partId(scopeOf(arrival.channel._id, about.scope), about.externalId);
}

/** The message an event speaks about, with its conversation; null while it is not here. */
export async function findAbout(tx: Tx, part: string): Promise<Found | null> {
  const [known] = await findParts(tx, [part]);
  if (!known?.messageId) return null;
  const message = await tx.models.messages
    .findById(known.messageId, null, { session: tx.session })
    .lean<MessageDoc>();
  if (!message) throw new Error(`Part ${part} is of message ${known.messageId}, which does not exist.`);
  const conversation = await tx.models.conversations
    .findById(message.conversationId, null, { session: tx.session })
    .lean<ConversationDoc>();
  if (!conversation)
    throw new Error(
      `Message ${message._id} is of conversation ${message.conversationId}, which does not exist.`,
    );
  return { part: known, message, conversation };
}

/** The provider's time as it is kept: none later than two minutes after receipt; null when it said none, or nonsense. */
export function clamped(at: Date | null, receivedAt: Date): Date | null {
  if (!at || Number.isNaN(at.getTime())) return null;
  const latest = new Date(receivedAt.getTime() + 120_000);
  return at > latest ? latest : at;
}
