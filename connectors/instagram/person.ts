import type { ConnectorContext } from '../connector.ts';
import { type Person, personOf } from '../meta/face.ts';
import { ask } from '../meta/found.ts';
import { integer, type Json, object, text } from '../meta/json.ts';
import { face } from './config.ts';

/**
 * Who spoke in public, and before how many. Instagram tells the profile of whoever has written to the account; of anybody else it may
 * tell the followers, where theirs is a professional account. Neither holds up what was said.
 * @returns for `known`: `person`, a profile, or `discovered`, its followers alone; nothing where Instagram does not say
 */
export async function askWhoSpoke(
  account: string,
  who: { id: string | null; username: string | null },
  context: ConnectorContext & { signal: AbortSignal },
): Promise<Record<string, Json>> {
  const person = who.id
    ? await ask(context, { path: `/${who.id}`, fields: face.profileFields, spare: true })
    : null;
  if (person) return { person };
  // A user name stands within the question: nothing but such a name may.
  if (!who.username || !/^[\w.]{1,64}$/.test(who.username)) return {};
  const fields = `business_discovery.username(${who.username}){followers_count}`;
  const answer = await ask(context, { path: `/${account}`, fields, spare: true });
  const discovered = object(answer?.business_discovery);
  return discovered ? { discovered } : {};
}

/** @param username what the event itself says, which is newer than a profile */
export function whoSpoke(known: Json | null, username: string | null): Person {
  const person = personOf(object(known?.person));
  return {
    name: person.name ?? null,
    username: username ?? text(person.username),
    followers: person.followers ?? integer(object(known?.discovered)?.followers_count),
  };
}
