import type { InboundEvent, InboundMessage, InboundPost } from '../connector.ts';
import { type Face, type Person, scopeOf, senderOf } from './face.ts';
import { type Json, object, objectId, text } from './json.ts';
import { ignored } from './messaging.ts';

/** What is said under a post, of either platform, once its platform has been read. */
export interface Comment {
  id: string;
  /** Who wrote it; an id that is no number stands for somebody who is known by name alone. */
  author: Person & { id: string };
  post: InboundPost & { scope: string };
  /** The comment it answers; null under the post itself. */
  parent: string | null;
  text: string;
  at: Date | null;
  attachments: InboundMessage['attachments'];
  url: string | null;
}

/** A comment is a public word to us, unless it is our own: then it went to whoever it answers, or to nobody in particular. */
export function commentEvent(
  face: Face,
  account: string,
  about: { comment: Comment; known: Json | null },
): InboundEvent {
  const { comment, known } = about;
  const own = comment.author.id === account;
  const person = own ? answeredBy(known) : comment.author;
  if (!person) return ignored('A comment of our own account, which answers nobody’s.');
  if (person.id === account) return ignored('A comment of our own account on a comment of its own.');
  return {
    type: 'message',
    externalIds: [comment.id],
    scope: scopeOf(face, account),
    direction: own ? 'out' : 'in',
    sender: senderOf(face, account, person),
    threadKey: `post:${comment.post.externalId}`,
    at: comment.at,
    providerOrder: comment.id,
    text: comment.text,
    attachments: comment.attachments,
    ...(comment.parent ? { inReplyTo: comment.parent } : {}),
    visibility: 'public',
    post: comment.post,
    ...(comment.url ? { url: comment.url } : {}),
  };
}

/** Whose comment ours answers, as `complete` found out. */
function answeredBy(known: Json | null): (Person & { id: string }) | null {
  const author = object(known?.answered);
  const id = objectId(author?.id);
  return author && id ? { id, name: text(author.name), username: text(author.username) } : null;
}
