import { createHash } from 'node:crypto';
import { blankConversation, headerAfter } from '../conversations/conversation.header.ts';
import type { Met } from '../customers/identity.ts';
import { key } from '../db/key.ts';
import type { NewMessage, Tx } from './commit.ts';
import { followed, type Place } from './intake.place.ts';

/**
 * A channel's own history goes into conversations that are over, one a thread, whose id follows from whose thread it is: so two messages
 * of it that are taken in at once meet there. Nobody waits in them, and nothing about them opens, wakes or rings.
 */
export async function historyPlace(
  tx: Tx,
  options: { met: Met; threadKey: string; into: string | null },
): Promise<Place> {
  const today = options.into ? await followed(tx, options.into) : null;
  if (today?.customerId === options.met.customer._id) return { conversation: today, routed: false };
  const id = historyId(options.met.identity.homeCustomerId, options.threadKey);
  const conversation = await followed(tx, id);
  const theirs = conversation?.customerId === options.met.customer._id;
  return { conversation: theirs ? conversation : null, routed: false, ...(conversation ? {} : { id }) };
}

const historyId = (customerId: string, threadKey: string) => idFrom(key('history', customerId, threadKey));

/** An id of its own for each fact: whoever writes it down meets the same document. */
export function idFrom(fact: string): string {
  const hash = createHash('sha256').update(fact).digest('hex');
  // In the form of a UUID of a kind of our own (RFC 9562, version 8).
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/** Begins the resolved conversation, or adds to whatever has become of it. */
export async function enterHistory(
  tx: Tx,
  options: { met: Met; place: Place; message: NewMessage },
): Promise<void> {
  const { met, place, message } = options;
  const { conversation } = place;
  if (!conversation) {
    const blank = {
      ...blankConversation({
        id: message.conversationId,
        customerId: met.customer._id,
        homeCustomerId: met.identity.homeCustomerId,
        at: message.at,
      }),
      lastAt: message.at,
    };
    const header = { ...blank, ...headerAfter(blank, [message], { firstSeq: 1 }) };
    await tx.begin({ ...header, status: 'resolved', resolvedAt: message.at }, 1);
    return;
  }
  // A conversation of today began when it began.
  const older = conversation.status === 'resolved' && message.at < conversation.createdAt;
  const later = conversation.resolvedAt && message.at > conversation.resolvedAt;
  await tx.raise(conversation, {
    set: {
      ...headerAfter(conversation, [message], { firstSeq: conversation.seq + 1 }),
      ...(older ? { createdAt: message.at } : {}),
      ...(later ? { resolvedAt: message.at } : {}),
    },
    messages: 1,
  });
}
