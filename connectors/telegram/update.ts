/** Reading JSON of which nothing may be taken for granted. */

export type Json = Readonly<Record<string, unknown>>;

export function object(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object).filter((entry) => entry !== null) : [];
}

/** A lone half of a surrogate pair cannot be stored: it becomes U+FFFD. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('utf8') : null;
}

/** Ids go beyond 32 bits, never beyond what a double holds exactly. */
export function integer(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Unix seconds; null when it cannot be one. */
export function date(value: unknown): Date | null {
  const seconds = integer(value);
  return seconds !== null && seconds > 946_684_800 && seconds < 4_102_444_800
    ? new Date(seconds * 1000)
    : null;
}

const known = [
  'message',
  'edited_message',
  'message_reaction',
  'my_chat_member',
  'channel_post',
  'edited_channel_post',
];

/** An update has one thing beside its `update_id`: one of those known here, else whatever it is. */
export function kindOf(update: Json): { kind: string; body: Json } | null {
  const names = [...known, ...Object.keys(update).filter((name) => /^[a-z][a-z_]{0,40}$/.test(name))];
  for (const kind of names) {
    const body = Object.hasOwn(update, kind) ? object(update[kind]) : null;
    if (body) return { kind, body };
  }
  return null;
}
