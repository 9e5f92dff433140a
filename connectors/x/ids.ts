/** Ids of X count upwards in time and go beyond what a number holds exactly: they stay text, and are compared as whole numbers. */

/** Milliseconds of unix time at which the count of an id's upper bits begins (the generator "Snowflake", 4 November 2010). */
const epoch = 1_288_834_974_657n;
/** What is smaller was counted before, and tells no time. */
const firstWithTime = 29_700_859_247n;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}

/** Negative when `a` is the older. */
export function compareIds(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function newerOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareIds(a, b) >= 0 ? a : b;
}

/** When the id was given out, to the millisecond; null for ids from before, and for nonsense. */
export function timeOf(id: string): Date | null {
  const number = BigInt(id);
  if (number < firstWithTime) return null;
  const ms = Number((number >> 22n) + epoch);
  return ms < 4_102_444_800_000 ? new Date(ms) : null;
}

/** The smallest id of a moment. */
export function idAt(time: Date): string {
  const ms = BigInt(time.getTime()) - epoch;
  return String(ms > 0n ? ms << 22n : 0n);
}

/** For ordering as text. */
export const padded = (id: string): string => id.padStart(20, '0');

/** How X names the talk of two people: the smaller id first. */
export function conversationOf(a: string, b: string): string {
  if (!isId(a) || !isId(b)) return `${a}-${b}`;
  return compareIds(a, b) <= 0 ? `${a}-${b}` : `${b}-${a}`;
}
