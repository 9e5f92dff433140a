import { Long } from 'bson';
import type { Transaction as Snapshot } from 'lmdb';
import { CommandError, type Doc } from '../bson/values.ts';
import { type Catalog, type Collection, makeIndex, nameKey } from './catalog.ts';
import { alive, type Locks, type Store } from './store.ts';
import { type Entry, lockKey, type Range, readRange, type Table, type Writer } from './view.ts';

export const TRANSIENT = 'TransientTransactionError';

export const writeConflict = () =>
  new CommandError(
    112,
    'Caused by :: Write conflict during the operation: another transaction writes this. Please retry.',
    {
      labels: [TRANSIENT],
    },
  );

/** What a transaction has written to one table: bytes, or null for removed, in the order of keys. */
class Overlay {
  readonly values = new Map<string, Buffer | null>();
  private keys: string[] = [];
  private ordered = true;

  set(key: Buffer, value: Buffer | null): void {
    const text = key.toString('latin1');
    if (!this.values.has(text)) {
      this.ordered &&= this.keys.length === 0 || this.keys.at(-1)! < text;
      this.keys.push(text);
    }
    this.values.set(text, value);
  }

  /** Keys in `start <= key < end`. */
  between(start: string | undefined, end: string | undefined): string[] {
    if (!this.ordered) this.keys.sort();
    this.ordered = true;
    const from = start === undefined ? 0 : this.lowerBound(start);
    const to = end === undefined ? this.keys.length : this.lowerBound(end);
    return this.keys.slice(from, to);
  }

  private lowerBound(key: string): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One open transaction: a snapshot of the store under what it has written itself, documents and index entries alike. */
export class Txn implements Writer {
  readonly inTransaction = true;
  /** Last write transaction that the snapshot surely sees. */
  readonly seq: number;
  /** Keys that nobody else may write until the end. */
  readonly locks = new Set<string>();
  readonly overlays = new Map<Table, Overlay>();
  readonly counts = new Map<Collection, number>();
  readonly touched = new Set<Collection>();
  /** Collections that it has made, by namespace: seen by it alone until it commits. */
  readonly created = new Map<string, Collection>();
  /** Tables of those, of which the snapshot knows nothing. */
  readonly fresh = new Set<Table>();
  /** Connections that carried it. */
  readonly connections = new Set<object>();
  /** Since when none of them is open, and what client they were of. */
  orphaned: { at: number; kin: string | undefined } | undefined;
  readonly ended: Promise<void>;
  readonly started = Date.now();
  open = true;
  /** A commit is on its way to the disk. */
  committing = false;
  private writes = 0;
  private until = 0;
  private readonly snapshot: Snapshot;
  private readonly owner: Transactions;
  private end: () => void = () => {};

  constructor(store: Store, owner: Transactions) {
    this.owner = owner;
    store.env.resetReadTxn();
    this.snapshot = store.env.useReadTransaction();
    this.seq = store.synced;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  /** Starts the clock of `due`. */
  begin(): void {
    this.until = performance.now() + 5;
  }

  due(): boolean {
    return performance.now() > this.until;
  }

  enter(collection: Collection): void {
    this.mustBeOpen();
    if (collection.changed > this.seq || collection.dropped) throw snapshotGone(collection.ns);
    this.touched.add(collection);
  }

  mustBeOpen(): void {
    if (!this.open) throw noSuchTransaction('it was aborted');
  }

  epoch(): number {
    return this.writes;
  }

  get(table: Table, key: Buffer): Buffer | undefined {
    this.mustBeOpen();
    const own = this.overlays.get(table)?.values.get(key.toString('latin1'));
    if (own !== undefined) return own ?? undefined;
    if (this.fresh.has(table)) return undefined;
    return alive(table).db.get(key, { transaction: this.snapshot });
  }

  range(table: Table, range: Range): Entry[] {
    this.mustBeOpen();
    const overlay = this.overlays.get(alive(table));
    if (!overlay) return this.fresh.has(table) ? [] : readRange(table, range, this.snapshot);
    const { reverse, limit } = range;
    const sign = reverse ? -1 : 1;
    const own = overlay.between(range.start?.toString('latin1'), range.end?.toString('latin1'));
    if (reverse) own.reverse();
    const entries: Entry[] = [];
    const base = this.baseEntries(table, range);
    let stored = base.next();
    let at = 0;
    while (entries.length < limit && (!stored.done || at < own.length)) {
      const key = stored.done ? undefined : stored.value.key.toString('latin1');
      const mine = own[at];
      const takeMine =
        mine !== undefined && (key === undefined || (mine < key ? -sign : mine > key ? sign : 0) <= 0);
      if (!takeMine) {
        entries.push(stored.value as Entry);
        stored = base.next();
        continue;
      }
      if (mine === key) stored = base.next();
      const value = overlay.values.get(mine!);
      if (value) entries.push({ key: Buffer.from(mine!, 'latin1'), value });
      at++;
    }
    return entries;
  }

  private *baseEntries(table: Table, range: Range): Generator<Entry> {
    if (this.fresh.has(table)) return;
    let { start, end } = range;
    for (;;) {
      const chunk = readRange(
        table,
        { ...(start && { start }), ...(end && { end }), reverse: range.reverse ?? false, limit: range.limit },
        this.snapshot,
      );
      yield* chunk;
      const last = chunk.at(-1);
      if (!last || chunk.length < range.limit) return;
      if (range.reverse) end = last.key;
      else start = Buffer.concat([last.key, Buffer.from([0])]);
    }
  }

  put(table: Table, key: Buffer, value: Buffer): void {
    this.set(table, key, value);
  }

  remove(table: Table, key: Buffer): void {
    this.set(table, key, null);
  }

  private set(table: Table, key: Buffer, value: Buffer | null): void {
    this.mustBeOpen();
    this.writes++;
    let overlay = this.overlays.get(table);
    if (!overlay) {
      overlay = new Overlay();
      this.overlays.set(table, overlay);
    }
    overlay.set(key, value);
  }

  count(collection: Collection, delta: number): void {
    this.counts.set(collection, (this.counts.get(collection) ?? 0) + delta);
  }

  claim(table: Table, key: Buffer): undefined {
    this.mustBeOpen();
    this.owner.claim(this, lockKey(table, key));
    return undefined;
  }

  /** Lets go of snapshot and keys; called once. */
  finish(): void {
    this.open = false;
    this.snapshot.done();
    this.overlays.clear();
    this.end();
  }
}

/** A collection is no longer what it was when the snapshot was taken. */
export const snapshotGone = (ns: string) =>
  new CommandError(
    246,
    `Unable to read from a snapshot due to pending collection catalog changes: the collection ${ns} or its indexes changed since. Please retry.`,
    { labels: [TRANSIENT] },
  );

export const noSuchTransaction = (why: string) =>
  new CommandError(251, `Given transaction number does not match any in-progress transactions: ${why}.`, {
    labels: [TRANSIENT],
  });

/** The open transactions, the keys they hold, and what was committed beside them. */
export class Transactions implements Locks {
  readonly open = new Set<Txn>();
  private started = 0;
  private committed = 0;
  private readonly held = new Map<string, Txn>();
  /** Number of the write transaction that last wrote a key, as far back as the oldest open snapshot. */
  private readonly recent = new Map<string, number>();
  private readonly store: Store;
  private readonly catalog: Catalog;

  constructor(store: Store, catalog: Catalog) {
    this.store = store;
    this.catalog = catalog;
    store.locks = this;
  }

  /** Makes a collection inside a transaction. Throws a write conflict if another made or dropped it meanwhile. */
  async create(txn: Txn, db: string, name: string): Promise<Collection> {
    const ns = `${db}.${name}`;
    txn.mustBeOpen();
    txn.claim(this.store.catalogTable, nameKey(ns));
    if (this.catalog.get(db, name)) throw writeConflict();
    const collection = await this.catalog.conceive(db, name);
    this.own(txn, [collection.docs]);
    txn.created.set(ns, collection);
    return collection;
  }

  /** Gives a collection that the transaction has made, and that is empty, an index. */
  async addIndex(txn: Txn, collection: Collection, spec: Doc): Promise<void> {
    const table = await this.catalog.indexTable();
    this.own(txn, [table]);
    collection.indexes.push(makeIndex(spec, table));
  }

  /** These tables are cleared away unless the transaction commits. */
  private own(txn: Txn, tables: Table[]): void {
    if (!txn.open) {
      this.catalog.graveyard.settled(tables);
      txn.mustBeOpen();
    }
    for (const table of tables) txn.fresh.add(table);
  }

  begin(): Txn {
    const txn = new Txn(this.store, this);
    this.open.add(txn);
    this.started++;
    return txn;
  }

  /** How many there were since the start, in the words of `serverStatus`. */
  counters(): Record<string, Long> {
    const { open, started, committed } = this;
    const aborted = started - committed - open.size;
    const counts = {
      currentOpen: open.size,
      totalStarted: started,
      totalCommitted: committed,
      totalAborted: aborted,
    };
    return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, Long.fromNumber(n)]));
  }

  holder(key: string): Promise<void> | undefined {
    return this.held.get(key)?.ended;
  }

  written(key: string, seq: number): void {
    this.recent.set(key, seq);
  }

  claim(txn: Txn, key: string): void {
    const other = this.held.get(key);
    if (other === txn) return;
    if (other || (this.recent.get(key) ?? 0) > txn.seq) throw writeConflict();
    this.held.set(key, txn);
    txn.locks.add(key);
  }

  abort(txn: Txn): void {
    if (!txn.open || txn.committing) return;
    this.release(txn);
  }

  private release(txn: Txn): void {
    this.open.delete(txn);
    for (const key of txn.locks) this.held.delete(key);
    txn.finish();
    this.settled();
    if (txn.fresh.size > 0) this.catalog.graveyard.settled([...txn.fresh]);
  }

  settled(): void {
    if (this.open.size === 0 && this.store.synced === this.store.seq) this.recent.clear();
    else if (this.recent.size > 50_000) this.forget();
  }

  /** Number of the last write transaction that every snapshot, open or still to come, sees. */
  oldest(): number {
    return Math.min(this.store.synced, ...[...this.open].map((txn) => txn.seq));
  }

  /** Drops what every snapshot already sees. */
  private forget(): void {
    const oldest = this.oldest();
    for (const [key, seq] of this.recent) if (seq <= oldest) this.recent.delete(key);
  }

  /** Writes all of a transaction in one step; `record` adds what must be kept with it. */
  async commit(txn: Txn, record: () => void): Promise<void> {
    if (txn.overlays.size === 0 && txn.created.size === 0) {
      this.committed++;
      this.release(txn);
      return;
    }
    txn.committing = true;
    try {
      await this.store.once((writer) => this.commitStep(txn, writer, record));
      this.committed++;
    } finally {
      this.release(txn);
    }
  }

  private commitStep(txn: Txn, writer: Writer, record: () => void): void {
    for (const collection of txn.touched)
      if (collection.dropped || collection.changed > txn.seq) throw writeConflict();
    for (const { db, name } of txn.created.values()) if (this.catalog.get(db, name)) throw writeConflict();
    for (const [table, overlay] of txn.overlays) {
      for (const [text, value] of overlay.values) {
        const key = Buffer.from(text, 'latin1');
        if (value) writer.put(table, key, value);
        else writer.remove(table, key);
      }
    }
    for (const [collection, delta] of txn.counts) writer.count(collection, delta);
    record();
    this.catalog.enroll([...txn.created.values()]);
  }
}
