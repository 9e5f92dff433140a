import { randomInt } from 'node:crypto';
import { Long } from 'bson';
import { CommandError } from '../bson/values.ts';
import type { Txn } from '../store/transactions.ts';
import type { Control } from './control.ts';
import type { Session } from './sessions.ts';

/** Documents of the first batch unless the client says otherwise. */
export const FIRST_BATCH = 101;
const IDLE_MS = 10 * 60_000;

/** Raw documents as they come; asking for the next may take several turns of the event loop. */
export interface RawSource extends AsyncIterator<Buffer> {
  /** The next document without waiting; null where others must have their turn first, which `next` gives them. */
  now?(): IteratorResult<Buffer> | null;
}

/** A source over rows that come at once, with null in between where others must have their turn. */
export class RowSource implements RawSource {
  private readonly rows: Iterator<Buffer | null>;
  private readonly turn: () => Promise<void>;

  constructor(rows: Iterator<Buffer | null>, turn: () => Promise<void>) {
    this.rows = rows;
    this.turn = turn;
  }

  now(): IteratorResult<Buffer> | null {
    const row = this.rows.next();
    if (!row.done && row.value === null) return null;
    return row as IteratorResult<Buffer>;
  }

  /** Only after `now` gave null: its turn comes first. */
  async next(): Promise<IteratorResult<Buffer>> {
    for (;;) {
      await this.turn();
      const row = this.now();
      if (row) return row;
    }
  }

  return(): Promise<IteratorResult<Buffer>> {
    this.rows.return?.();
    return Promise.resolve({ done: true, value: undefined });
  }
}

export interface Cursor {
  id: Long;
  ns: string;
  source: RawSource;
  /** Read but not yet sent, because the batch was full. */
  pending: Buffer | undefined;
  lastUse: number;
  busy: boolean;
  session?: Session | undefined;
  txn?: Txn | undefined;
  /** The command it runs for; a getMore replaces it so that its own time limit holds. */
  control: Control;
  noTimeout: boolean;
}

/** Open cursors by their number. */
export class Cursors {
  private readonly open = new Map<string, Cursor>();

  add(cursor: Omit<Cursor, 'id' | 'lastUse' | 'busy'>): Cursor {
    let id = Long.fromBits(randomInt(2 ** 31), randomInt(2 ** 31));
    while (id.isZero() || this.open.has(id.toString()))
      id = Long.fromBits(randomInt(2 ** 31), randomInt(2 ** 31));
    const made = { ...cursor, id, lastUse: Date.now(), busy: false };
    this.open.set(id.toString(), made);
    made.session?.cursors.add(id.toString());
    return made;
  }

  get(id: Long, ns: string): Cursor {
    const cursor = this.open.get(id.toString());
    if (!cursor) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.ns !== ns)
      throw new CommandError(
        13,
        `Requested getMore on namespace '${ns}', but cursor belongs to namespace ${cursor.ns}`,
      );
    if (cursor.busy) throw new CommandError(12, `cursor id ${id} is already in use`);
    return cursor;
  }

  /** Whether there was such a cursor. */
  close(id: string): boolean {
    const cursor = this.open.get(id);
    if (!cursor) return false;
    this.open.delete(id);
    cursor.session?.cursors.delete(id);
    if (cursor.busy) cursor.control.stopped = new CommandError(237, 'the cursor was killed');
    else void cursor.source.return?.();
    return true;
  }

  /** Closes a cursor if it was opened inside a transaction. */
  closeInside(id: string): void {
    if (this.open.get(id)?.txn) this.close(id);
  }

  closeAll(): void {
    for (const id of [...this.open.keys()]) this.close(id);
  }

  /** Closes what nobody asked for in ten minutes. */
  reap(): void {
    const now = Date.now();
    for (const [id, cursor] of this.open)
      if (!cursor.busy && !cursor.noTimeout && now - cursor.lastUse > IDLE_MS) this.close(id);
  }

  get size(): number {
    return this.open.size;
  }
}

/** Bytes of a batch that others may follow: less than MongoDB's 16 MB, for nobody is answered while it is written down. */
const BATCH_BYTES = 2 * 1024 * 1024;

/** The next documents of a cursor: at most `size` of them and so many bytes. `done` when nothing is left. */
export async function nextBatch(
  cursor: Pick<Cursor, 'source' | 'pending'>,
  size: number,
  most = BATCH_BYTES,
): Promise<{ documents: Buffer[]; done: boolean }> {
  const documents: Buffer[] = [];
  let bytes = 0;
  while (documents.length < size) {
    let next = cursor.pending;
    cursor.pending = undefined;
    if (!next) {
      const item = cursor.source.now?.() ?? (await cursor.source.next());
      if (item.done) return { documents, done: true };
      next = item.value;
    }
    if (documents.length > 0 && bytes + next.length > most) {
      cursor.pending = next;
      return { documents, done: false };
    }
    documents.push(next);
    bytes += next.length;
  }
  return { documents, done: false };
}
