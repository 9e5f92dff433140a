import { withoutBidiControls } from '../../shared/text/normalise.ts';
import type { Sender } from '../connector.ts';
import { count, id, type Json, list, object, text } from './json.ts';

/** A user as either family tells of one; all but the id may be unknown. */
export interface Person {
  id: string;
  handle: string | null;
  name: string | null;
  reach: number | null;
  language: string | null;
}

/** v1.1 (`screen_name`, `followers_count`) or v2 (`username`, `public_metrics`), the latter sometimes within `data`. */
export function personOf(value: unknown): Person | null {
  const outer = object(value);
  const user = object(outer?.data) ?? outer;
  const known = user && (id(user.id_str) ?? id(user.id));
  if (!user || !known) return null;
  const handle = text(user.username) ?? text(user.screen_name);
  const name = withoutBidiControls(text(user.name) ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 120);
  const language = text(user.lang);
  return {
    id: known,
    handle: handle && /^[A-Za-z0-9_]{1,15}$/.test(handle) ? handle : null,
    name: name || null,
    reach: count(object(user.public_metrics)?.followers_count) ?? count(user.followers_count),
    language: language && /^[A-Za-z-]{2,20}$/.test(language) ? language : null,
  };
}

/** From a list (v2) or a map by id (v1.1). */
export function personIn(users: unknown, wanted: string): Person {
  const found = Array.isArray(users)
    ? list(users).find((user) => personOf(user)?.id === wanted)
    : Object.hasOwn(object(users) ?? {}, wanted)
      ? object(users)?.[wanted]
      : null;
  const person = personOf(found);
  return person?.id === wanted
    ? person
    : { id: wanted, handle: null, name: null, reach: null, language: null };
}

/** User ids are the same for everybody. */
export function senderOf(person: Person): Sender {
  return {
    kind: 'xUser',
    value: person.id,
    display: person.handle ? `@${person.handle}` : (person.name ?? person.id),
    ...(person.name ? { name: person.name } : {}),
    ...(person.language ? { language: person.language } : {}),
    ...(person.reach === null ? {} : { reach: person.reach }),
    ...(person.handle ? { url: `https://x.com/${person.handle}` } : {}),
  };
}

/** Whoever wrote it, X finds a post by its id. */
export function postUrl(post: string, author: { handle: string | null } | null): string {
  return `https://x.com/${author?.handle ?? 'i'}/status/${post}`;
}

export function isUser(entry: Json, wanted: string): boolean {
  return (id(entry.id_str) ?? id(entry.id)) === wanted;
}
