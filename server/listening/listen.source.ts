import type { Hit } from '../../shared/listening.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { AuthorDoc } from './author.ts';
import type { Source } from './hit.settle.ts';
import type { MentionDoc } from './mention.model.ts';

const prefix = 'message:';

/** Under which a message is a hit. */
export const messageSourceId = (messageId: string) => `${prefix}${messageId}`;

/** The message that a hit is of; null when it is a mention. */
export function messageIdOf(sourceId: string): string | null {
  return sourceId.startsWith(prefix) ? sourceId.slice(prefix.length) : null;
}

/** What saved searches read of a message. */
export const heardFields = {
  conversationId: 1,
  kind: 1,
  direction: 1,
  visibility: 1,
  version: 1,
  at: 1,
  text: 1,
  letter: 1,
  channelId: 1,
  identityId: 1,
  postId: 1,
  sentiment: 1,
  deletedAt: 1,
  editedAt: 1,
  editOrder: 1,
  imported: 1,
  todo: 1,
} as const;
export type HeardMessage = Pick<
  MessageDoc,
  | '_id'
  | 'conversationId'
  | 'kind'
  | 'direction'
  | 'visibility'
  | 'version'
  | 'at'
  | 'text'
  | 'letter'
  | 'channelId'
  | 'identityId'
  | 'postId'
  | 'sentiment'
  | 'deletedAt'
  | 'editedAt'
  | 'editOrder'
  | 'imported'
  | 'todo'
>;

/** A customer wrote it, and it is known where. */
export function isHeard(
  message: Pick<HeardMessage, 'kind' | 'direction' | 'channelId' | 'identityId'>,
): boolean {
  const { kind, direction, channelId, identityId } = message;
  return kind === 'message' && direction === 'in' && channelId !== null && identityId !== null;
}

export function sourceOfMention(mention: MentionDoc, author: AuthorDoc | null): Source {
  return {
    id: mention._id,
    source: mention.kind === 'comment' ? 'comment' : 'mention',
    channelId: mention.channelId,
    connector: mention.connector,
    authorId: mention.authorId,
    handle: author?.handle || mention.sender.display,
    reach: author?.reach ?? null,
    text: mention.text,
    at: mention.at,
    postId: mention.postId,
    label: mention.sentiment?.label ?? null,
    state: mention.state,
    deletedAt: mention.deletedAt,
  };
}

export function sourceOfMessage(
  message: HeardMessage,
  of: { connector: string; author: AuthorDoc | null; identity: Pick<IdentityDoc, 'display'> | null },
): Source {
  const subject = message.letter?.subject ?? '';
  const source: Hit['source'] = message.visibility === 'public' && message.postId ? 'comment' : 'message';
  return {
    id: messageSourceId(message._id),
    source,
    channelId: message.channelId ?? '',
    connector: of.connector,
    authorId: message.identityId ?? '',
    handle: of.author?.handle || of.identity?.display || '',
    reach: of.author?.reach ?? null,
    text: subject ? `${subject}\n${message.text}` : message.text,
    at: message.at,
    postId: message.postId ?? null,
    label: message.sentiment?.label ?? null,
    state: 'converted',
    deletedAt: message.deletedAt,
  };
}

/** A source as this commit sees it; null when there is none. */
export async function sourceOf(tx: Tx, sourceId: string): Promise<Source | null> {
  const { session } = tx;
  const messageId = messageIdOf(sourceId);
  if (messageId === null) {
    const mention = await tx.models.mentions.findById(sourceId, null, { session }).lean<MentionDoc>();
    return mention ? sourceOfMention(mention, await authorOf(tx, mention.authorId)) : null;
  }
  const message = await tx.models.messages.findById(messageId, heardFields, { session }).lean<HeardMessage>();
  return message && isHeard(message) ? messageSource(tx, message) : null;
}

export async function messageSource(tx: Tx, message: HeardMessage): Promise<Source> {
  const identityId = message.identityId ?? '';
  const { session } = tx;
  const identity = await tx.models.identities
    .findById(identityId, { display: 1 }, { session })
    .lean<Pick<IdentityDoc, '_id' | 'display'>>();
  const channel = await tx.models.channels
    .findById(message.channelId, { connector: 1 }, { session })
    .lean<{ connector: string }>();
  const author = await authorOf(tx, identityId);
  return sourceOfMessage(message, { connector: channel?.connector ?? '', author, identity });
}

export function authorOf(tx: Tx, id: string): Promise<AuthorDoc | null> {
  return tx.models.authors.findById(id, null, { session: tx.session }).lean<AuthorDoc>().exec();
}
