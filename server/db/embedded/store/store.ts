import path from 'node:path';
import type { RootDatabase } from 'lmdb';
import { CommandError } from '../bson/values.ts';
import { STORE_FILE } from '../process/folder.ts';
import type { Collection } from './catalog.ts';
import { type Durability, fileAt, lockOf, openFile, openTable } from './file.ts';
import { FULL_BELOW, roomFor } from './limits.ts';
import { readRange, type Table, type View, type Wait, type Writer } from './view.ts';
import { StepWriter } from './writer.ts';

/** What this program writes and reads. Raised when an older program could no longer read what a newer one wrote. */
export const FORMAT = 1;
const FORMAT_KEY = Buffer.from('format');
/** Milliseconds after which readers of killed processes are looked for again. */
const READER_CHECK_MS = 60_000;

/** Writes of one step. It may yield: nothing to let others work and be committed so far, or what to wait for. */
export type Job<T> = Generator<Wait | undefined, T>;

interface Queued {
  start: (writer: StepWriter) => Job<unknown>;
  deadline: number;
  job?: Job<unknown>;
  writer?: StepWriter;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Who holds which key, and what was committed while transactions were open. */
export interface Locks {
  /** The end of the transaction that holds this key, if one does. */
  holder(key: string): Promise<void> | undefined;
  /** A key is being written by the write transaction of this number. */
  written(key: string, seq: number): void;
  /** A write transaction has ended: new snapshots see all of it. */
  settled(): void;
}

/**
 * LMDB under one writer. All jobs that came while the last write transaction was on its way to the disk share the next one. The disk
 * is waited for on another thread: reads and open transactions go on meanwhile, and see what was synced before.
 */
export class Store {
  readonly env: RootDatabase<Buffer, Buffer>;
  readonly meta: Table;
  readonly catalogTable: Table;
  readonly retries: Table;
  readonly dir: string;
  /** Device and inode of the file that is open. */
  readonly file: string;
  readonly live: View;
  /** Number of the last write transaction begun. */
  seq = 0;
  /** Number of the last write transaction that is on disk: every snapshot taken now sees it. */
  synced = 0;
  locks: Locks = { holder: () => undefined, written: () => {}, settled: () => {} };
  /** Runs first in every write transaction; throws when another engine has taken the store. */
  fence: () => void = () => {};
  /** Called when the fence has found another engine's mark: nothing can be written any more. */
  onSuperseded: () => void = () => {};
  /** Runs last in every write transaction: counters and index flags. */
  flush: () => void = () => {};
  /** Called when a write transaction was lost as a whole: what memory holds of it must be read again. */
  lost: () => void = () => {};
  private queue: Queued[] = [];
  /** What may not happen while a write transaction is on its way. */
  private between: (() => void)[] = [];
  private running: Promise<void> | undefined;
  private scheduled = false;
  private closed = false;
  private readersChecked = performance.now();

  constructor(dir: string, durability: Durability) {
    this.dir = dir;
    const file = path.join(dir, STORE_FILE);
    const before = [fileAt(file), fileAt(lockOf(file))];
    this.env = openFile(dir, durability);
    try {
      this.meta = this.table('meta');
      this.catalogTable = this.table('catalog');
      this.retries = this.table('retries');
      this.file = fileAt(file) ?? '';
      // The tables were opened in a write transaction, for which a replacement of the file is waited for.
      const after = [this.file, fileAt(lockOf(file))];
      if (before.some((one, i) => one !== undefined && one !== after[i]))
        throw new Error(`${file} was replaced while it was opened: try again`);
      this.checkFormat();
    } catch (error) {
      void this.env.close();
      throw error;
    }
    this.live = {
      get: (table, key) => alive(table).db.get(key),
      range: (table, range) => readRange(alive(table), range),
      epoch: () => this.synced,
      enter: mustLive,
    };
  }

  /** Refuses a file of a newer program, whose rules this one does not know. */
  private checkFormat(): void {
    const kept = this.meta.db.get(FORMAT_KEY)?.toString();
    if (kept === String(FORMAT)) return;
    if (kept !== undefined)
      throw new Error(
        `${path.join(this.dir, STORE_FILE)} has the format ${kept}, this program knows format ${FORMAT}: it was written by a newer version; start that one, or restore a backup of before`,
      );
    this.meta.db.putSync(FORMAT_KEY, Buffer.from(String(FORMAT)));
  }

  /** The names of all tables, also of those that nobody knows. */
  tableNames(): string[] {
    // LMDB-js ends names with a zero byte.
    return [...this.env.getKeys({})].map((key) =>
      Buffer.from(key as Buffer)
        .toString()
        .replace(/\0$/, ''),
    );
  }

  /** Process ids of everybody who has read the file and still has it open. */
  readers(): number[] {
    this.env.readerCheck();
    // One line a reader: process, thread, snapshot.
    return (this.env as unknown as { readerList(): string })
      .readerList()
      .split('\n')
      .map((line) => Number(/^\s*(\d+)\s/.exec(line)?.[1]))
      .filter((pid) => pid > 0);
  }

  /** Runs work that may not happen while a write transaction is on its way. */
  inBetween<T>(work: () => T): Promise<T> {
    if (this.closed) return Promise.reject(new CommandError(91, 'the engine is shutting down'));
    return new Promise((resolve, reject) => {
      this.between.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(storageError(error));
        }
      });
      this.schedule();
    });
  }

  /** Opens a named table, making it if need be: only while nothing is written, as at the start. */
  table(name: string): Table {
    // LMDB-js ends the read transaction that is under way, also one that a snapshot reads by: those are let out of it first.
    this.env.resetReadTxn();
    return { name, db: openTable(this.env, name), dropped: false };
  }

  /** Runs a job in the next write transaction; resolves once it is on disk. At its deadline it waits for nobody any longer. */
  submit<T>(start: (writer: Writer) => Job<T>, deadline = Number.POSITIVE_INFINITY): Promise<T> {
    if (this.closed) return Promise.reject(new CommandError(91, 'the engine is shutting down'));
    return new Promise<T>((resolve, reject) => {
      this.enqueue({ start, deadline, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Runs work of one step in the next write transaction. */
  once<T>(work: (writer: Writer) => T): Promise<T> {
    return this.submit((writer) => oneStep(() => work(writer)));
  }

  private enqueue(item: Queued): void {
    if (this.closed) {
      item.reject(new CommandError(91, 'the engine is shutting down'));
      return;
    }
    this.queue.push(item);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.running) return;
    this.scheduled = true;
    setImmediate(() => this.tick());
  }

  private tick(): void {
    this.scheduled = false;
    if (this.running) return;
    if (performance.now() - this.readersChecked > READER_CHECK_MS) this.checkReaders();
    for (const work of this.between.splice(0)) work();
    if (this.queue.length === 0) return;
    this.running = this.write(this.queue.splice(0)).finally(() => {
      this.running = undefined;
      if (this.queue.length > 0 || this.between.length > 0) this.schedule();
    });
  }

  /** A process that was killed while it read the file (a backup, a check) would keep its pages from being used again. */
  private checkReaders(): void {
    this.readersChecked = performance.now();
    this.env.readerCheck();
  }

  private async write(items: Queued[]): Promise<void> {
    const settle: (() => void)[] = [];
    this.seq++;
    try {
      await this.env.childTransaction(() => {
        this.fence();
        for (const item of items) settle.push(this.step(item));
        this.flush();
      });
    } catch (error) {
      const failure = this.failureOf(await causeOf(error));
      this.lost();
      for (const item of items) item.reject(failure);
      return;
    } finally {
      this.synced = this.seq;
      this.locks.settled();
    }
    for (const done of settle) done();
  }

  /** A disk that took only a part of a write is full, though LMDB calls it an error of input or output. */
  private failureOf(cause: unknown): CommandError {
    const failure = storageError(cause);
    if (
      !/EIO|Input\/output/i.test(failure.message) ||
      roomFor(this.dir, path.join(this.dir, STORE_FILE)) > FULL_BELOW
    )
      return failure;
    return storageError(new Error('ENOSPC: the disk took only a part of it'));
  }

  /** One step of a job in a transaction of its own inside the turn's; the answer is what to do once that is on disk. */
  private step(item: Queued): () => void {
    item.writer ??= new StepWriter(this);
    const writer = item.writer;
    writer.begin();
    try {
      const result = this.env.transactionSync(() => {
        item.job ??= item.start(writer);
        return item.job.next();
      });
      writer.settle();
      if (result.done) return () => item.resolve(result.value);
      const wait = result.value;
      if (!wait) return () => this.enqueue(item);
      return () => void within(wait.until, item.deadline).then(() => this.enqueue(item));
    } catch (error) {
      return () => item.reject(error instanceof CommandError ? error : storageError(error));
    }
  }

  /** Lets what is queued finish and closes the file. */
  async close(last: () => void = () => {}): Promise<void> {
    this.closed = true;
    while (this.queue.length > 0 || this.between.length > 0 || this.running) {
      this.tick();
      await this.running;
    }
    last();
    await this.env.close();
  }
}

/** LMDB tells what was wrong with a commit only beside its error. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> };
  return commitError ? commitError.catch((cause: unknown) => cause) : error;
}

/** Resolves with the promise or at the deadline (milliseconds since 1970), whichever is first. */
function within(promise: Promise<void>, deadline: number): Promise<void> {
  if (deadline === Number.POSITIVE_INFINITY) return promise;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()) + 1);
    void promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

// biome-ignore lint/correctness/useYield: a job of one step
function* oneStep<T>(work: () => T): Job<T> {
  return work();
}

/** Refuses a collection that was dropped meanwhile. */
export function mustLive(collection: Collection): void {
  if (collection.dropped)
    throw new CommandError(175, `the collection ${collection.ns} was dropped meanwhile`);
}

/** This engine has lost the store to another: it must not write one byte more. */
export function mustHold(dir: string): never {
  throw new CommandError(91, `another engine has taken over ${dir}; this one no longer writes`);
}

/** Refuses a table that was dropped meanwhile: LMDB may have given its number to another. */
export function alive(table: Table): Table {
  if (table.dropped) throw new CommandError(175, 'the collection or index was dropped while it was read');
  return table;
}

/** What the disk or LMDB said, as a command's error. */
export function storageError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/MDB_MAP_FULL|ENOSPC|No space left|EDQUOT|quota exceeded|EFBIG|File too large/i.test(text))
    return new CommandError(14031, `no space left for the store, nothing of this was written: ${text}`);
  const disk = /MDB_|EIO|EROFS|Input\/output/i.test(text);
  const failure = new CommandError(
    1,
    disk ? `the store could not do this: ${text}` : `internal error: ${text}`,
  );
  if (error instanceof Error) failure.stack = error.stack;
  return failure;
}
