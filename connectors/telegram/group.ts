import type { InboundPost, Settings } from '../connector.ts';
import { botName, type Face, scopeOf } from './face.ts';
import { integer, type Json, list, object, text } from './update.ts';

/** A group, or one topic of it, is the post that everything said there hangs on. */
const prefix = 'post:';

export interface Place {
  chat: number;
  /** Of a forum: the topic. */
  topic: number | null;
}

export function placeOf(message: Json, chat: number): Place {
  return { chat, topic: message.is_topic_message === true ? integer(message.message_thread_id) : null };
}

const idOf = ({ chat, topic }: Place): string => (topic === null ? String(chat) : `${chat}/${topic}`);

export const threadKeyOf = (place: Place): string => prefix + idOf(place);

/** Where a public answer goes; null when the thread is of no group. */
export function placeIn(threadKey: string): Place | null {
  const found = /^post:(-?\d{1,16})(?:\/(\d{1,16}))?$/.exec(threadKey);
  if (!found) return null;
  return { chat: Number(found[1]), topic: found[2] === undefined ? null : Number(found[2]) };
}

/** A post without an author and a time: a group is, and has a name. */
export function postOf(face: Face, group: { chat: Json; place: Place; bot: string }): InboundPost {
  const { chat, place, bot } = group;
  const title = text(chat.title)?.trim().slice(0, 300);
  const url = pageOf(face, chat);
  return {
    externalId: idOf(place),
    scope: scopeOf(face, bot),
    ...(title ? { text: title } : {}),
    // Only what has a user name can be seen by all.
    ...(url ? { url } : { closed: true as const }),
  };
}

function pageOf(face: Face, chat: Json): string | null {
  const name = userName(chat);
  return name ? face.pages + name : null;
}

export function messageUrl(face: Face, chat: Json, messageId: number): string | null {
  const page = pageOf(face, chat);
  return page && `${page}/${messageId}`;
}

export function userName(who: Json): string | null {
  const name = text(who.username);
  return name && /^\w{1,64}$/.test(name) ? name : null;
}

/** The message a member answers. What begins a topic is answered by all that is said in it, and means nothing. */
export function answeredIn(message: Json): { id: number; from: Json | null } | null {
  const answered = object(message.reply_to_message);
  const id = integer(answered?.message_id);
  if (!answered || id === null || object(answered.forum_topic_created)) return null;
  return { id, from: object(answered.from) };
}

/** Is it said to the bot: an answer to it, its name, a command? Whatever else it is shown is said about us at most. */
export function isForBot(message: Json, about: { bot: string; settings: Settings }): boolean {
  if (integer(answeredIn(message)?.from?.id) === Number(about.bot)) return true;
  const ours = namesOurs(about.settings);
  const said = text(message.text) ?? text(message.caption) ?? '';
  const entities = [...list(message.entities), ...list(message.caption_entities)];
  return entities.some((entity) => {
    const start = integer(entity.offset) ?? 0;
    const words = said.slice(start, start + (integer(entity.length) ?? 0));
    if (entity.type === 'text_mention') return integer(object(entity.user)?.id) === Number(about.bot);
    if (entity.type === 'mention') return ours(words.slice(1));
    if (entity.type !== 'bot_command' || start !== 0) return false;
    const [, whose] = words.split('@');
    return whose === undefined || ours(whose);
  });
}

/** Names of bots end in "bot": without our own said, any of them is taken for it. */
function namesOurs(settings: Settings): (name: string) => boolean {
  const ours = botName(settings);
  return (name) => (ours ? name.toLowerCase() === ours : /bot$/i.test(name));
}
