import type { InboundAttachment } from '../connector.ts';
import { compareIds, isId, timeOf } from './ids.ts';
import { date, id, type Json, list, object, text } from './json.ts';
import { attachmentsOf, mediaNamed, mediaOfOld } from './media.ts';
import { isUser, type Person, personIn, personOf } from './people.ts';
import { saidIn, wordsOf } from './words.ts';

/** A post as far as either family tells of it. */
export interface Post {
  /** The first version's: under this it is known. */
  id: string;
  /** All versions' ids, the first first; of a post that was never edited only its own. */
  versions: string[];
  at: Date | null;
  /** When this version was written; null when it is the first. */
  editedAt: Date | null;
  author: Person;
  text: string;
  attachments: InboundAttachment[];
  /** What it answers. `id` is null when that is gone. */
  replyTo: { id: string | null; person: Person | null } | null;
  /** The post that the whole talk hangs on; null when it is not said. */
  root: string | null;
  /** What is known of the root or of what it answers, of itself. */
  others: Post[];
  /** Ids of the people it names with an @. */
  names: string[];
  quotes: string | null;
  /** It only passes on another. */
  repost: boolean;
}

/** @throws with a sentence when it has no id, author or text */
export function postOf(value: Json, includes: Json | null, depth = 0): Post {
  const own = id(value.id_str) ?? id(value.id);
  const author = authorOf(value, includes);
  const { said, entities } = saidIn(value);
  if (!own || !author) throw new Error('The post from X does not say its id, or who wrote it.');
  if (said === null) throw new Error(`Post ${own} from X has no text, not even an empty one.`);
  const media = includes ? mediaNamed(value, includes.media) : mediaOfOld(value);
  const attachments = attachmentsOf(media);
  const versions = versionsOf(value, own);
  const first = versions[0] ?? own;
  const references = list(value.referenced_tweets);
  const referenced = (type: string) => id(references.find((one) => one.type === type)?.id);
  const answers = referenced('replied_to') ?? id(value.in_reply_to_status_id_str);
  const answered = id(value.in_reply_to_user_id) ?? id(value.in_reply_to_user_id_str);
  const others = depth === 0 ? known(includes, [answers, id(value.conversation_id)]) : [];
  const oldReply = id(value.in_reply_to_user_id_str)
    ? {
        ...personIn(null, id(value.in_reply_to_user_id_str) ?? ''),
        ...nameIn(value, id(value.in_reply_to_user_id_str) ?? ''),
      }
    : null;
  const person = answered ? (includes ? personIn(includes.users, answered) : oldReply) : null;
  return {
    id: first,
    versions,
    at: timeOf(first) ?? date(value.created_at),
    editedAt: own === first ? null : (timeOf(own) ?? date(value.created_at)),
    author,
    text: wordsOf(said, entities, attachments.length > 0),
    attachments,
    replyTo: answers || answered ? { id: answers, person } : null,
    root: id(value.conversation_id),
    others,
    names: namesIn(entities, includes),
    quotes: referenced('quoted') ?? id(value.quoted_status_id_str),
    repost: referenced('retweeted') !== null || object(value.retweeted_status) !== null,
  };
}

function authorOf(value: Json, includes: Json | null): Person | null {
  const inside = personOf(value.user);
  if (inside) return inside;
  const author = id(value.author_id);
  return author ? personIn(includes?.users, author) : null;
}

function versionsOf(value: Json, own: string): string[] {
  const history = value.edit_history_tweet_ids ?? object(value.edit_history)?.edit_tweet_ids;
  const given = Array.isArray(history) ? history.slice(0, 20).filter(isId) : [];
  return [...new Set([...given, own])].sort(compareIds);
}

/** Of the posts that came along, those wanted; what cannot be read of them is not needed either. */
function known(includes: Json | null, wanted: (string | null)[]): Post[] {
  const ids = new Set(wanted);
  return list(includes?.tweets).flatMap((one) => {
    if (!ids.has(id(one.id))) return [];
    try {
      return [postOf(one, includes, 1)];
    } catch {
      return [];
    }
  });
}

/** v2 names people by handle, and by id where the mention was resolved. */
function namesIn(entities: Json | null, includes: Json | null): string[] {
  const named = [...list(entities?.mentions), ...list(entities?.user_mentions)].flatMap((one) => {
    const known = id(one.id_str) ?? id(one.id);
    if (known) return [known];
    const handle = text(one.username)?.toLowerCase();
    const user = list(includes?.users).find(
      (candidate) => personOf(candidate)?.handle?.toLowerCase() === handle && handle !== undefined,
    );
    return personOf(user)?.id ?? [];
  });
  return [...new Set(named)];
}

/** v1.1 tells the one answered only by handle, and by name where the text names them. */
function nameIn(value: Json, wanted: string): Partial<Person> {
  const { entities } = saidIn(value);
  const mention = list(entities?.user_mentions).find((one) => isUser(one, wanted));
  const handle = text(value.in_reply_to_screen_name) ?? text(mention?.screen_name);
  const person = personOf({ id: wanted, username: handle ?? '', name: text(mention?.name) ?? '' });
  return person ? { handle: person.handle, name: person.name } : {};
}
