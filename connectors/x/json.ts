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

/** An id as text, or as a number that is exact. */
export function id(value: unknown): string | null {
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? value : null;
  return Number.isSafeInteger(value) && (value as number) > 0 ? String(value) : null;
}

export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Milliseconds of unix time as text or number; null when it cannot be one. */
export function moment(value: unknown): Date | null {
  const ms = typeof value === 'string' && /^\d{10,14}$/.test(value) ? Number(value) : value;
  return plausible(typeof ms === 'number' ? ms : Number.NaN);
}

/** Of ISO or the older `Thu Mar 01 00:00:00 +0000 2018`. */
export function date(value: unknown): Date | null {
  return plausible(typeof value === 'string' && value.length < 40 ? Date.parse(value) : Number.NaN);
}

function plausible(ms: number): Date | null {
  return ms > 946_684_800_000 && ms < 4_102_444_800_000 ? new Date(ms) : null;
}
