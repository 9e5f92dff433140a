import { createHash } from 'node:crypto';
import { ConnectorError, type RawEvent, type RawRequest, type Settings, type Split } from '../connector.ts';
import { accountRef } from './config.ts';
import { compareIds, timeOf } from './ids.ts';
import { id, type Json, list, moment, object, text } from './json.ts';
import { personOf } from './people.ts';

/** What is kept of one event: what X said of it, and of those it names, in the words of its family. */
export type Kept =
  /** v1.1's `message_create`. */
  | { kind: 'pushedDirect'; event: Json; users: unknown }
  /** v2's `MessageCreate`. */
  | { kind: 'polledDirect'; event: Json; includes: Json }
  /** v1.1 post, which brings along whom it names. */
  | { kind: 'oldPost'; post: Json }
  | { kind: 'post'; post: Json; includes: Json }
  | { kind: 'deleted'; post: Json }
  | { kind: 'read' | 'typing'; event: Json; users: unknown }
  | { kind: 'other'; name: string };

interface Cut {
  key: string;
  at: Date | null;
  kept: Kept;
}

/**
 * Three families: the Account Activity API (`for_user_id`, v1.1 objects), the X Activity API (an envelope with v2 posts, and direct
 * messages as v1.1 has them) and answers of the v2 API that we asked for. An event's key is the same in all of them.
 */
export function split(raw: RawRequest, settings: Settings): Split {
  const body = parse(raw.body);
  const data = object(body.data);
  if (data && text(data.event_type)) return activity(data);
  if (id(body.for_user_id)) return accountActivity(body, id(body.for_user_id) ?? '');
  if (Array.isArray(body.data) || object(body.meta)) {
    const account = hasAccount(settings) ? accountRef(settings) : 'unconfigured';
    return { events: answered(body).map((cut) => eventOf(cut, account)) };
  }
  const revoked = object(object(body.user_event)?.revoke);
  const whose = id(object(revoked?.source)?.user_id);
  if (whose) return { events: [eventOf(other('revoke', body), whose)] };
  throw notX('it is of none of the forms in which X tells events');
}

function hasAccount(settings: Settings): boolean {
  return settings.userId !== undefined || settings.accessToken !== undefined;
}

function parse(body: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw notX('it is not JSON');
  }
  const found = object(value);
  if (!found) throw notX('it is no object');
  return found;
}

/* ── Account Activity API ─────────────────────────────────────────────────────────────────────────────────────── */

/** Without a word in them, and of a well-known account thousands a day: not kept. */
const noWords = new Set(['favorite_events', 'follow_events', 'block_events', 'mute_events']);

function accountActivity(body: Json, account: string): Split {
  const names = Object.keys(body).filter((name) => Array.isArray(body[name]) && !noWords.has(name));
  const cuts = names.flatMap((name) => list(body[name]).map((event) => cutOf(name, event, body.users)));
  return { events: cuts.map((cut) => eventOf(cut, account)) };
}

/** One event of a list with this name; X's older pushes and the direct messages of its newer ones. */
function cutOf(name: string, event: Json, users: unknown): Cut {
  switch (name) {
    case 'direct_message_events':
      return (event.type === undefined || event.type === 'message_create') && id(event.id)
        ? {
            key: `dm/${id(event.id)}`,
            at: timeIn(id(event.id)) ?? moment(event.created_timestamp),
            kept: { kind: 'pushedDirect', event, users: namedIn(event, users) },
          }
        : other(name, event);
    case 'tweet_create_events':
      return oldPost(event);
    case 'tweet_delete_events': {
      const status = object(event.status);
      return status ? deleted({ ...status, timestamp_ms: event.timestamp_ms }) : other(name, event);
    }
    case 'direct_message_mark_read_events':
      return signal('read', event, users);
    case 'direct_message_indicate_typing_events':
      return signal('typing', event, users);
    default:
      return other(name, event);
  }
}

function oldPost(post: Json): Cut {
  const own = id(post.id_str) ?? id(post.id);
  if (!own) return other('tweet_create_events', post);
  return { key: `post/${own}`, at: timeIn(own), kept: { kind: 'oldPost', post } };
}

/** A post that was asked for alone. */
export function keptPost(post: Json, includes: Json): Uint8Array {
  return encoded(polledPost(post, includes).kept);
}

/* ── X Activity API ───────────────────────────────────────────────────────────────────────────────────────────── */

function activity(data: Json): Split {
  const account = id(object(data.filter)?.user_id);
  const name = text(data.event_type) ?? '';
  const payload = object(data.payload) ?? {};
  if (!account) throw notX('it does not say whose events these are (data.filter.user_id)');
  const includes = object(data.includes) ?? {};
  const events = cutsOfActivity({ name, payload, includes, users: payload.users ?? includes.users });
  const unknown: Cut = { ...other(name, payload), key: `activity/${text(data.event_uuid) ?? hash(data)}` };
  return { events: (events.length > 0 ? events : [unknown]).map((cut) => eventOf(cut, account)) };
}

function cutsOfActivity(given: { name: string; payload: Json; includes: Json; users: unknown }): Cut[] {
  const { name, payload, includes, users } = given;
  const own = id(payload.id);
  if (name.startsWith('post.')) {
    if (name === 'post.delete') return own ? [deleted(payload)] : [];
    return own && text(payload.text) !== null ? [polledPost(payload, includes)] : [];
  }
  if (!name.startsWith('dm.')) return [];
  const lists = Object.keys(payload).filter((key) => /^direct_message_\w+$/.test(key));
  if (lists.length > 0)
    return lists.flatMap((key) => list(payload[key]).map((event) => cutOf(key, event, users)));
  if (name === 'dm.read' && payload.last_read_event_id !== undefined) return [signal('read', payload, users)];
  if (name === 'dm.indicate_typing' && payload.sender_id !== undefined)
    return [signal('typing', payload, users)];
  return own && payload.dm_conversation_id !== undefined ? [polledDirect(payload, includes)] : [];
}

/* ── answers of the API ───────────────────────────────────────────────────────────────────────────────────────── */

/** The oldest first. */
function answered(body: Json): Cut[] {
  const includes = object(body.includes) ?? {};
  return list(body.data)
    .map((item): Cut => {
      if (!id(item.id)) return { ...other('without an id', item), key: `unreadable/${hash(item)}` };
      if (item.event_type === undefined && item.dm_conversation_id === undefined)
        return polledPost(item, includes);
      if (item.event_type === 'MessageCreate' || item.event_type === undefined)
        return polledDirect(item, includes);
      return { ...other(text(item.event_type) ?? 'unknown', item), key: `dm/${id(item.id)}` };
    })
    .sort((a, b) => compareIds(idIn(a.key), idIn(b.key)));
}

const idIn = (key: string): string => /\/(\d{1,20})$/.exec(key)?.[1] ?? '0';

function polledDirect(event: Json, includes: Json): Cut {
  const own = id(event.id) ?? '';
  const people = (text(event.dm_conversation_id) ?? '').split('-');
  return {
    key: `dm/${own}`,
    at: timeIn(own),
    kept: {
      kind: 'polledDirect',
      event,
      includes: {
        users: usersOf(includes, [text(event.sender_id), ...people]),
        media: mediaOf(event, includes),
      },
    },
  };
}

function polledPost(post: Json, includes: Json): Cut {
  const own = id(post.id) ?? '';
  const wanted = new Set([
    ...list(post.referenced_tweets).map((one) => id(one.id)),
    id(post.conversation_id),
  ]);
  const tweets = list(includes.tweets).filter((one) => wanted.has(id(one.id)) && id(one.id) !== own);
  const names = list(object(post.entities)?.mentions).flatMap(
    (one) => text(one.username)?.toLowerCase() ?? [],
  );
  const people = [
    text(post.author_id),
    text(post.in_reply_to_user_id),
    ...tweets.map((one) => text(one.author_id)),
  ];
  const users = usersOf(includes, people, names);
  const media = [post, ...tweets].flatMap((one) => mediaOf(one, includes));
  return {
    key: `post/${own}`,
    at: timeIn(own),
    kept: { kind: 'post', post, includes: { users, tweets, media } },
  };
}

/** Of all that came along only those that this one event names, each once and bare. */
function usersOf(includes: Json, ids: readonly (string | null)[], handles: readonly string[] = []): Json[] {
  const found = new Map<string, Json>();
  for (const entry of list(includes.users)) {
    const person = personOf(entry);
    if (!person || found.has(person.id)) continue;
    const named = person.handle !== null && handles.includes(person.handle.toLowerCase());
    if (named || ids.includes(person.id)) found.set(person.id, bare(entry));
  }
  return [...found.values()];
}

/** What is read of a user. */
function bare(entry: Json): Json {
  const user = object(entry.data) ?? entry;
  const { id, id_str, name, username, screen_name, public_metrics, followers_count, lang } = user;
  return { id, id_str, name, username, screen_name, public_metrics, followers_count, lang };
}

function mediaOf(item: Json, includes: Json): Json[] {
  const keys = object(item.attachments)?.media_keys;
  return Array.isArray(keys) ? list(includes.media).filter((one) => keys.includes(one.media_key)) : [];
}

/* ── what they have in common ─────────────────────────────────────────────────────────────────────────────────── */

function deleted(post: Json): Cut {
  const own = id(post.id);
  if (!own) return other('tweet_delete_events', post);
  return { key: `deleted/${own}`, at: moment(post.timestamp_ms), kept: { kind: 'deleted', post } };
}

function signal(kind: 'read' | 'typing', event: Json, users: unknown): Cut {
  const sender = id(event.sender_id);
  const what = kind === 'read' ? id(event.last_read_event_id) : text(event.created_timestamp);
  if (!sender || !what) return other(kind, event);
  return {
    key: `${kind}/${sender}/${what}`,
    at: moment(event.created_timestamp),
    kept: { kind, event, users: namedIn(event, users) },
  };
}

/** Of the map that comes with direct messages, those of this one. */
function namedIn(event: Json, users: unknown): Record<string, Json> {
  const create = object(event.message_create);
  const ids = [
    create?.sender_id,
    object(create?.target)?.recipient_id,
    event.sender_id,
    object(event.target)?.recipient_id,
  ];
  const map = object(users) ?? {};
  return Object.fromEntries(
    ids.flatMap((one) => {
      const known = id(one);
      const user = known && Object.hasOwn(map, known) ? object(map[known]) : null;
      return known && user ? [[known, bare(user)] as const] : [];
    }),
  );
}

function other(name: string, event: Json): Cut {
  return {
    key: `other/${hash({ name, event })}`,
    at: null,
    kept: { kind: 'other', name: name.slice(0, 60) },
  };
}

const timeIn = (own: string | null): Date | null => (own ? timeOf(own) : null);

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

function eventOf({ key, at, kept }: Cut, accountRef: string): RawEvent {
  return { accountRef, eventKey: key, at, payload: encoded(kept) };
}

const encoded = (kept: Kept): Uint8Array => new TextEncoder().encode(JSON.stringify(kept));

function notX(why: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'notX', message: `This is nothing of X’s: ${why}.` });
}
