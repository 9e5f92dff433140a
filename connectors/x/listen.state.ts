import { compareIds, idAt, isId, newerOf, timeOf } from './ids.ts';
import { type Json, object } from './json.ts';
import { noPast, type Past } from './listen.past.ts';

/** Where one feed stands. */
export interface Stand {
  /** All up to this id is stored; null before the first whole round. */
  since: string | null;
  /** The newest id ever seen in a whole round. */
  newest: string | null;
  /** A round that goes on: its newest id, the part it is at, and the page that comes next. */
  round: { newest: string | null; part: number; token: string | null } | null;
}

export interface Cursor {
  /** When the channel began (unix milliseconds): what is older is none of its business. */
  begin: number;
  feeds: Record<string, Stand>;
  past: Past;
}

/** Ids are given out by many machines: one may turn up below another that was seen before it. For so long they are looked at again. */
const settling = 10_000;

export const blank: Stand = { since: null, newest: null, round: null };

/** After a whole round: once more from a little before the newest, until a round brings nothing newer. */
export function afterRound(stand: Stand): Stand {
  const seen = stand.round?.newest ?? null;
  if (seen === null || (stand.newest !== null && compareIds(seen, stand.newest) <= 0))
    return { since: stand.newest ?? stand.since, newest: stand.newest, round: null };
  const at = timeOf(seen);
  const before = at ? idAt(new Date(at.getTime() - settling)) : seen;
  return { since: newerOf(stand.since, before), newest: seen, round: null };
}

export function readCursor(saved: unknown): Cursor | null {
  const cursor = object(saved);
  if (!cursor || typeof cursor.begin !== 'number') return null;
  const feeds = Object.entries(object(cursor.feeds) ?? {}).map(
    ([name, stand]) => [name, readStand(object(stand) ?? {})] as const,
  );
  return { begin: cursor.begin, feeds: Object.fromEntries(feeds), past: readPast(object(cursor.past)) };
}

function readPast(past: Json | null): Past {
  const texts = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  const whole = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : 0);
  if (!past) return noPast;
  const round = object(past.round);
  return {
    read: texts(past.read),
    round: round && {
      queries: texts(round.queries),
      marks: texts(round.marks),
      from: whole(round.from),
      part: whole(round.part),
      pages: whole(round.pages),
      token: typeof round.token === 'string' ? round.token : null,
    },
  };
}

function readStand(stand: Json): Stand {
  const round = object(stand.round);
  return {
    since: isId(stand.since) ? stand.since : null,
    newest: isId(stand.newest) ? stand.newest : null,
    round: round && {
      newest: isId(round.newest) ? round.newest : null,
      part: typeof round.part === 'number' ? round.part : 0,
      token: typeof round.token === 'string' ? round.token : null,
    },
  };
}

/** When a feed may and should be asked again. Times are unix milliseconds. */
export interface Pace {
  /** Not before: the limit is used up, or it failed just now. */
  notBefore: number;
  /** By itself; a wake-up may be earlier. */
  due: number;
  failures: number;
}

/** A tenth of what is left is kept for wake-ups and for pages after the first. */
const share = 0.9;

/** What is left of the limit is spread over the time until it is full again. */
export function paceAfter(
  limit: { limit: number; remaining: number; resetAt: Date } | null,
  { now, every }: { now: number; every: number },
): Pace {
  if (!limit) return { notBefore: now, due: now + every, failures: 0 };
  const left = limit.resetAt.getTime() - now;
  if (left <= 0) return { notBefore: now, due: now + every, failures: 0 };
  if (limit.remaining < 1) return { notBefore: now + left, due: now + Math.max(left, every), failures: 0 };
  const gap = left / Math.max(1, limit.remaining * share);
  return { notBefore: now, due: now + Math.max(every, gap), failures: 0 };
}

const longestRest = 5 * 60_000;

export function paceAfterFailure(before: Pace, { now, retryAt }: { now: number; retryAt?: Date }): Pace {
  const failures = before.failures + 1;
  const end = retryAt?.getTime() ?? now + Math.min(longestRest, 500 * 2 ** Math.min(failures, 12));
  return { notBefore: end, due: end, failures };
}
