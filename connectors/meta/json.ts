/** Reading JSON of which nothing may be taken for granted. */

export type Json = Readonly<Record<string, unknown>>;

export function object(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}

/** The objects in a list; nothing when it is none. */
export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object).filter((entry) => entry !== null) : [];
}

/** A lone half of a surrogate pair cannot be stored: it becomes U+FFFD. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('utf8') : null;
}

export function integer(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** Meta's ids are decimal, mostly texts; in some events they are numbers. Nothing else is one, so they fit into keys and paths. */
export function id(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  return typeof value === 'string' && /^\d{1,40}$/.test(value) ? value : null;
}

/** Of a post or comment: `<page>_<post>` on Facebook, a number on Instagram. */
export function objectId(value: unknown): string | null {
  const plain = id(value);
  if (plain) return plain;
  return typeof value === 'string' && /^\d{1,40}(_\d{1,40}){1,2}$/.test(value) ? value : null;
}

/** Of a message: letters, digits and signs without a meaning of their own. */
export function messageId(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.:$=+/-]{1,300}$/.test(value) ? value : null;
}

const earliest = 946_684_800_000;
const latest = 4_102_444_800_000;

/** Unix time, in milliseconds or in seconds, as number or text; or ISO 8601. Null when it cannot be one. */
export function moment(value: unknown): Date | null {
  if (typeof value === 'string' && !/^\d{1,15}$/.test(value)) {
    const at = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
    return at > earliest && at < latest ? new Date(at) : null;
  }
  const number = typeof value === 'string' ? Number(value) : integer(value);
  if (number === null) return null;
  const at = number < 10_000_000_000 ? number * 1000 : number;
  return at > earliest && at < latest ? new Date(at) : null;
}

/** @returns null when the bytes are no JSON */
export function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

export const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
