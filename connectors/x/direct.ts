import type { InboundAttachment } from '../connector.ts';
import { timeOf } from './ids.ts';
import { date, id, type Json, moment, object, text } from './json.ts';
import { attachmentsOf, mediaNamed } from './media.ts';
import { type Person, personIn } from './people.ts';
import { wordsOf } from './words.ts';

/** A direct message as either family tells of it. */
export interface Direct {
  id: string;
  at: Date | null;
  sender: Person;
  /** The other one than our account; null when it is a talk of several. */
  peer: Person | null;
  text: string;
  attachments: InboundAttachment[];
}

/** v1.1's `message_create`, which the pushes of both families carry. @throws with a sentence */
export function directOfPush(event: Json, users: unknown, account: string): Direct {
  const own = id(event.id);
  const create = object(event.message_create);
  const data = object(create?.message_data);
  const sender = id(create?.sender_id);
  const recipient = id(object(create?.target)?.recipient_id);
  const said = text(data?.text);
  if (!own || !sender || !recipient || said === null) {
    throw new Error('The direct message from X does not say its id, its text, or who wrote to whom.');
  }
  const media = object(object(data?.attachment)?.media);
  const attachments = attachmentsOf(media ? [media] : []);
  const links = { ...object(data?.entities), ...(media ? { media: [media] } : {}) };
  return {
    id: own,
    at: timeOf(own) ?? moment(event.created_timestamp),
    sender: personIn(users, sender),
    peer: personIn(users, sender === account ? recipient : sender),
    text: wordsOf(said, links, attachments.length > 0),
    attachments,
  };
}

/** v2's `MessageCreate`, as the poll brings it. @throws with a sentence */
export function directOfPoll(event: Json, includes: Json | null, account: string): Direct {
  const own = id(event.id);
  const sender = id(event.sender_id);
  const talk = text(event.dm_conversation_id);
  if (!own || !sender || !talk) {
    throw new Error('The direct message from X does not say its id, its sender or its conversation.');
  }
  const attachments = attachmentsOf(mediaNamed(event, includes?.media));
  const peer = peerIn(talk, account);
  // Pictures may be named without their addresses: then their short link is all there is of them.
  const words = wordsOf(text(event.text) ?? '', object(event.entities), attachments.length > 0);
  return {
    id: own,
    at: timeOf(own) ?? date(event.created_at),
    sender: personIn(includes?.users, sender),
    peer: peer && (sender === account || sender === peer) ? personIn(includes?.users, peer) : null,
    text: withoutOwnLink(words, attachments.length > 0),
    attachments,
  };
}

/** Of two people's talk, the one who is not us. A talk of several has a name of its own. */
function peerIn(talk: string, account: string): string | null {
  const [, a = '', b = ''] = /^(\d{1,20})-(\d{1,20})$/.exec(talk) ?? [];
  if (a === account) return b;
  return b === account ? a : null;
}

/** v2 ends the text of a message that has a picture with that picture's short link, and lists it nowhere. */
function withoutOwnLink(words: string, shown: boolean): string {
  return shown ? words.replace(/\s*https:\/\/t\.co\/\w{1,20}$/, '').trim() : words;
}
