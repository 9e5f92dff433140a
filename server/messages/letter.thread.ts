import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { Tx } from './commit.ts';
import type { MessageDoc } from './message.model.ts';

/** What letters of a thread say about it. */
export type ThreadLetter = Pick<MessageDoc, 'externalId' | 'delivery' | 'letter'>;

/** Beside the root, so many of the newest stand in References. */
const mostReferences = 10;

/** The customer's letters of one thread, the oldest first; what was passed on to others is not of it. */
export async function threadSoFar(
  tx: Tx,
  of: { customerId: string; threadKey: string },
): Promise<ThreadLetter[]> {
  const { session, models } = tx;
  const conversations = await models.conversations
    .find({ customerId: of.customerId }, { _id: 1 }, { session })
    .lean<Pick<ConversationDoc, '_id'>[]>();
  const letters = await models.messages
    .find(
      {
        conversationId: { $in: conversations.map(({ _id }) => _id) },
        threadKey: of.threadKey,
        kind: 'message',
      },
      { externalId: 1, delivery: 1, letter: 1 },
      { session },
    )
    .sort({ at: 1, providerOrder: 1, seq: 1 })
    .lean<ThreadLetter[]>();
  return letters.filter(({ letter }) => !letter?.forward);
}

/** External ids of the thread, the oldest first: its root and the newest. */
export function referencesOf(thread: readonly ThreadLetter[]): string[] {
  const ids = [...new Set(thread.flatMap((letter) => ownId(letter) ?? []))];
  const [root, ...others] = ids;
  return root === undefined ? [] : [root, ...others.slice(-mostReferences)];
}

/** The provider's id of a message as the provider spells it; null while it has none. */
export function ownId(message: Pick<MessageDoc, 'externalId' | 'delivery'>): string | null {
  return message.externalId ?? message.delivery?.pieces[0]?.externalIds[0] ?? null;
}

/** Of the newest letter that has one; null in a thread without letters. */
export function subjectOf(thread: readonly ThreadLetter[]): string | null {
  return thread.findLast(({ letter }) => letter?.subject.trim())?.letter?.subject ?? null;
}
