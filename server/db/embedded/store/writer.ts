import type { Collection } from './catalog.ts';
import { alive, mustLive, type Store } from './store.ts';
import { type Entry, lockKey, type Range, readRange, type Table, type Wait, type Writer } from './view.ts';

/** Milliseconds that a job may work before the others have their turn. */
const STEP_MS = 8;

/** Writes into the running write transaction. */
export class StepWriter implements Writer {
  readonly inTransaction = false;
  private readonly store: Store;
  private deltas = new Map<Collection, number>();
  private until = 0;

  constructor(store: Store) {
    this.store = store;
  }

  begin(): void {
    this.deltas.clear();
    this.until = performance.now() + STEP_MS;
  }

  /** Whether this step has worked long enough. */
  due(): boolean {
    return performance.now() > this.until;
  }

  settle(): void {
    for (const [collection, delta] of this.deltas) {
      collection.count += delta;
      collection.counted = true;
    }
  }

  get(table: Table, key: Buffer): Buffer | undefined {
    return alive(table).db.get(key);
  }

  range(table: Table, range: Range): Entry[] {
    return readRange(alive(table), range);
  }

  epoch(): number {
    return this.store.seq;
  }

  enter(collection: Collection): void {
    mustLive(collection);
  }

  put(table: Table, key: Buffer, value: Buffer): void {
    table.db.putSync(key, value);
    this.remember(table, key);
  }

  remove(table: Table, key: Buffer): void {
    table.db.removeSync(key);
    this.remember(table, key);
  }

  private remember(table: Table, key: Buffer): void {
    this.store.locks.written(lockKey(table, key), this.store.seq);
  }

  count(collection: Collection, delta: number): void {
    this.deltas.set(collection, (this.deltas.get(collection) ?? 0) + delta);
  }

  claim(table: Table, key: Buffer): Wait | undefined {
    const until = this.store.locks.holder(lockKey(table, key));
    return until && { until };
  }
}
