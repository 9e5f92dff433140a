import { createHash } from 'node:crypto';
import { ConnectorError } from '../connector.ts';
import { encode, id, integer, type Json, list, object, parse } from './json.ts';

/** What Meta posts to a webhook: entries of one or of many accounts, each with many things in it. */
export interface Entry {
  /** The account it is for: a page, an Instagram account, a WhatsApp business account. */
  id: string;
  /** When Meta sent it; unix seconds or milliseconds. */
  time: number | null;
  body: Json;
}

/**
 * The entries of a webhook's body, which must be about the given object (`page`, `instagram`, `whatsapp_business_account`).
 * @throws ConnectorError permanent on what is none of it
 */
export function entriesOf(body: Uint8Array, kind: string): Entry[] {
  const value = object(parse(body));
  if (!value) throw notOurs('it is no JSON object');
  if (value.object !== kind) throw notOurs(`it is not about “${kind}”`);
  if (!Array.isArray(value.entry)) throw notOurs('it has no entries');
  return list(value.entry).map((entry) => {
    const account = id(entry.id);
    if (!account) throw notOurs('an entry does not say which account it is for');
    return { id: account, time: integer(entry.time), body: entry };
  });
}

/** Of what has no id: the same words, the same key. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(encode(value)).digest('hex').slice(0, 32);
}

export function notOurs(why: string): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'notMeta',
    message: `This is no event of Meta’s: ${why}.`,
  });
}
