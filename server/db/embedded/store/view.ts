import type { Database } from 'lmdb';
import type { Collection } from './catalog.ts';

/** One ordered table of the store: bytes to bytes. */
export interface Table {
  readonly name: string;
  readonly db: Database<Buffer, Buffer>;
  /** Set when its collection or index is gone; a scan that resumes must stop. */
  dropped: boolean;
}

export interface Entry {
  key: Buffer;
  value: Buffer;
}

/** Keys `start <= key < end`; absent ends are open. Reverse goes from `end` down. */
export interface Range {
  start?: Buffer;
  end?: Buffer;
  reverse?: boolean;
  limit: number;
}

/** What reads see: the last commit, or a transaction's snapshot with its own writes. Never holds a cursor between calls. */
export interface View {
  get(table: Table, key: Buffer): Buffer | undefined;
  range(table: Table, range: Range): Entry[];
  /** Rises whenever what was read earlier may have changed. */
  epoch(): number;
  /** Refuses a collection whose catalog entry is newer than the snapshot. */
  enter(collection: Collection): void;
}

/** Waiting for an open transaction that holds what a write needs. */
export interface Wait {
  until: Promise<void>;
}

export interface Writer extends View {
  put(table: Table, key: Buffer, value: Buffer): void;
  remove(table: Table, key: Buffer): void;
  /** Adds to the number of documents of a collection. */
  count(collection: Collection, delta: number): void;
  /**
   * Claims a key before it is written. Inside a transaction a conflict throws WriteConflict; outside, the answer says what to
   * wait for, after which the document must be read again.
   */
  claim(table: Table, key: Buffer): Wait | undefined;
  /** Whether it is time to let others have their turn. */
  due(): boolean;
  readonly inTransaction: boolean;
}

export const lockKey = (table: Table, key: Buffer) => `${table.name}:${key.toString('latin1')}`;

/** A range straight from LMDB, read to its end or its limit in one go. */
export function readRange(table: Table, range: Range, transaction?: unknown): Entry[] {
  const { start, end, limit } = range;
  const options: Record<string, unknown> = range.reverse
    ? { reverse: true, exclusiveStart: end !== undefined, inclusiveEnd: true, limit }
    : { limit };
  const [from, to] = range.reverse ? [end, start] : [start, end];
  if (from) options['start'] = from;
  if (to) options['end'] = to;
  if (transaction) options['transaction'] = transaction;
  return [...table.db.getRange(options)];
}
