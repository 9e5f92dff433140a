import type { IdentityKind } from '../../shared/customer.ts';
import { ConnectorError, type OutboundMessage, type Sender, type Settings } from '../connector.ts';
import { type Json, text } from './json.ts';
import { oneLine } from './words.ts';

/** What tells Messenger and Instagram apart, where both speak the Messenger Platform's language. */
export interface Face {
  /** Begins the scopes of ids: `messenger:<page>`. */
  id: 'messenger' | 'instagram';
  /** In sentences. */
  name: 'Facebook' | 'Instagram';
  /** What a webhook's body is about. */
  object: 'page' | 'instagram';
  /** Of the Conversations API. */
  platform: 'messenger' | 'instagram';
  kind: IdentityKind;
  /** Where an agent sees what the platform does not hand out. */
  inbox: string;
  /** What the Send API says back in the echo: only Messenger has such a field. */
  metadata: boolean;
  /** The account that webhooks are for. */
  accountOf(settings: Settings): string;
  /** The page whose edges send. */
  pageOf(settings: Settings): string;
  /** What a person's profile is asked for. */
  profileFields: string;
}

export const scopeOf = (face: Face, account: string): string => `${face.id}:${account}`;

/** What is known of a person: from the event, or from their profile. */
export interface Person {
  name?: string | null;
  username?: string | null;
  followers?: number | null;
}

export function personOf(value: Json | null): Person {
  const followers = value?.follower_count;
  return {
    name: text(value?.name),
    username: text(value?.username),
    followers: typeof followers === 'number' && Number.isSafeInteger(followers) ? followers : null,
  };
}

/** Ids of people are local to the account they wrote to, so it stands before them. */
export function senderOf(face: Face, account: string, person: Person & { id: string }): Sender {
  const name = oneLine(person.name ?? '', 120);
  const handle = /^[\w.]{1,64}$/.test(person.username ?? '') ? `@${person.username}` : '';
  return {
    kind: face.kind,
    value: `${account}:${person.id}`,
    display: handle || name || person.id,
    ...(name ? { name } : {}),
    ...(person.followers === null || person.followers === undefined ? {} : { reach: person.followers }),
    ...(handle && face.id === 'instagram' ? { url: `https://www.instagram.com/${handle.slice(1)}/` } : {}),
  };
}

/** Who is meant, as the Send API names them. @throws ConnectorError permanent on anybody else's */
export function recipientOf(face: Face, settings: Settings, to: OutboundMessage['to']): string {
  const [account, id] = to.value.split(':');
  if (to.kind === face.kind && account === face.accountOf(settings) && /^\d{1,40}$/.test(id ?? ''))
    return id as string;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badAddress',
    message:
      to.kind === face.kind
        ? `This person is not known to this account at ${face.name} by an id that can be written to.`
        : `${face.name} writes to people who wrote there; ${to.kind} ${to.value} is none.`,
  });
}
