import type { Settings } from '../connector.ts';
import type { Mailbox } from './client.ts';
import { readLastDays } from './config.ts';

/** Where the listener stands in its folder. Times are unix milliseconds. */
export interface Cursor {
  uidValidity: number;
  /** Everything up to it has been taken or passed over. */
  lastUid: number;
  /** When the channel began. */
  begin: number;
  /** The oldest that is wanted: `begin`, or the last N days before it, which come in as history. */
  from: number;
  /** UIDs from here on appeared while we watched; below it lies what the folder held before, of which only what `from` allows is wanted. */
  watchedFrom: number;
  /** When the folder was last read to its end. */
  until: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** For the clock of the mail server, and for mail that was on its way into the folder. */
const grace = minute;
/** After a change of UIDVALIDITY: mail may reach a folder late, and a restored mailbox lacks the last hours. */
const overlap = 3 * day;

/**
 * The cursor to go on from. A new channel begins now. When the server has numbered the folder anew (UIDVALIDITY, RFC 9051 2.3.1.1) the
 * old numbers mean nothing: what came lately is read again, and known mail is recognised by its Message-ID.
 */
export async function place(
  saved: Cursor | null,
  found: { mailbox: Mailbox; uidValidity: number; uidNext: number; settings: Settings; now: Date },
): Promise<Cursor> {
  const { mailbox, uidValidity, settings } = found;
  if (saved?.uidValidity === uidValidity) return saved;
  const now = found.now.getTime();
  const begin = saved?.begin ?? now - grace;
  const from = saved ? Math.max(saved.from, saved.until - overlap) : begin - readLastDays(settings) * day;
  const uids = await since(mailbox, from);
  const uidNext = found.uidNext || Math.max(0, ...uids) + 1;
  return {
    uidValidity,
    lastUid: Math.min(uidNext, ...uids) - 1,
    begin,
    from,
    watchedFrom: uidNext,
    until: saved?.until ?? begin,
  };
}

/** SEARCH SINCE knows days only, of the server's own time zone: a day more is asked for. */
async function since(mailbox: Mailbox, from: number): Promise<number[]> {
  const found = await mailbox.call(
    (client) => client.search({ since: new Date(from - day) }, { uid: true }),
    3 * minute,
  );
  return Array.isArray(found) ? found : [];
}

export type Wanted = 'new' | 'history' | 'no';

/** What a mail of this UID and INTERNALDATE is to us. Old mail that somebody moves into the folder is history, not lost and not news. */
export function wanted(cursor: Cursor, mail: { uid: number; at: number }): Wanted {
  if (mail.at >= cursor.begin) return 'new';
  return mail.at >= cursor.from || mail.uid >= cursor.watchedFrom ? 'history' : 'no';
}

export function readCursor(saved: unknown): Cursor | null {
  if (saved === null || typeof saved !== 'object') return null;
  const { uidValidity, lastUid, begin, from, watchedFrom, until } = saved as Partial<
    Record<keyof Cursor, unknown>
  >;
  const all = { uidValidity, lastUid, begin, from, watchedFrom, until };
  return Object.values(all).every((value) => typeof value === 'number' && Number.isFinite(value))
    ? (all as Cursor)
    : null;
}
