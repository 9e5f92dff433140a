import type { InboundMessage } from '../../connectors/connector.ts';
import { keyParts } from '../db/key.ts';
import type { Tx } from './commit.ts';
import type { MessageDoc, PartDoc } from './message.model.ts';
import { findParts, partId } from './parts.ts';

/** Under which ids a message is known or will be, and what is known of them. */
export interface Known {
  /** As they are kept: the provider's own, or with a mark where another message has those. */
  externalIds: string[];
  /** Of these ids, and of those beside them that were asked for. */
  parts: PartDoc[];
  /** The message that is here already. */
  message: MessageDoc | null;
}

/**
 * Senders make ids of their own (Message-ID), and some use one twice. A known id with other content, or from another sender, is another
 * message: its ids bear the digest. Without a digest an id is an id.
 * @param options.beside parts to be read along
 */
export async function knownAs(
  tx: Tx,
  options: { event: InboundMessage; scope: string; beside: readonly string[] },
): Promise<Known> {
  const { event, scope } = options;
  for (const mark of marksOf(event)) {
    const externalIds = event.externalIds.map((id) => `${id}${mark}`);
    const ids = externalIds.map((id) => partId(scope, id));
    const parts = await findParts(tx, [...ids, ...options.beside]);
    const messageId = parts.find((part) => part.messageId && ids.includes(part._id))?.messageId;
    if (!messageId) return { externalIds, parts, message: null };
    const message = await tx.models.messages
      .findById(messageId, null, { session: tx.session })
      .lean<MessageDoc>();
    if (!message) throw new Error(`A part names message ${messageId}, which does not exist.`);
    if (isCopy(event, message)) return { externalIds, parts, message };
  }
  throw new Error('Another message with this id, content and sender goes in the other direction.');
}

/** From the provider's own ids on, always the same. */
function marksOf({ digest, direction, sender }: InboundMessage): string[] {
  return digest ? ['', `#${digest}`, `#${digest}#${direction}#${sender.value}`] : [''];
}

function isCopy(event: InboundMessage, message: MessageDoc): boolean {
  if (!event.digest) return true;
  if (event.direction !== message.direction) return false;
  if (message.digest && message.digest !== event.digest) return false;
  // To whom ours went may be told in several ways; who wrote, in one.
  const writer = message.identityId && keyParts(message.identityId)?.[1];
  return event.direction === 'out' || !writer || writer === event.sender.value;
}
