import type { Transaction as Snapshot } from 'lmdb';
import { CommandError } from '../bson/values.ts';
import type { Catalog, CatalogView, Collection } from './catalog.ts';
import { alive, type Store } from './store.ts';
import { snapshotGone, type Txn } from './transactions.ts';
import { type Entry, type Range, readRange, type Table, type View } from './view.ts';

/** The store as it was at a moment, read only. Holds LMDB's pages of then until it is let go. */
export class Moment implements View {
  /** Last write transaction that it surely sees. */
  readonly seq: number;
  private readonly snapshot: Snapshot;
  private holders = 0;

  constructor(store: Store) {
    store.env.resetReadTxn();
    this.snapshot = store.env.useReadTransaction();
    this.seq = store.synced;
  }

  hold(): this {
    this.holders++;
    return this;
  }

  /** The last holder's ends it. */
  letGo(): void {
    if (--this.holders === 0) this.snapshot.done();
  }

  get over(): boolean {
    return this.holders <= 0;
  }

  private mustHold(): void {
    if (this.over)
      throw new CommandError(
        239,
        'Read timestamp is older than the oldest available timestamp: the snapshot was let go.',
      );
  }

  get(table: Table, key: Buffer): Buffer | undefined {
    this.mustHold();
    return alive(table).db.get(key, { transaction: this.snapshot });
  }

  range(table: Table, range: Range): Entry[] {
    this.mustHold();
    return readRange(alive(table), range, this.snapshot);
  }

  epoch(): number {
    return 0;
  }

  enter(collection: Collection): void {
    if (collection.changed > this.seq || collection.dropped) throw snapshotGone(collection.ns);
  }
}

/** The catalog for a snapshot: names that meant something else then are refused, not looked up among those of now. */
export class CatalogThen implements CatalogView {
  private readonly catalog: Catalog;
  private readonly moment: Moment | Txn;

  constructor(catalog: Catalog, moment: Moment | Txn) {
    this.catalog = catalog;
    this.moment = moment;
  }

  private get created(): ReadonlyMap<string, Collection> | undefined {
    return 'created' in this.moment ? this.moment.created : undefined;
  }

  get(db: string, name: string): Collection | undefined {
    const own = this.created?.get(`${db}.${name}`);
    if (own) return own;
    const found = this.catalog.get(db, name);
    if (!found && this.catalog.goneSince(db, name, this.moment.seq)) throw snapshotGone(`${db}.${name}`);
    return found;
  }

  all(): Collection[] {
    return [...this.catalog.all(), ...(this.created?.values() ?? [])];
  }

  ofDb(db: string): Collection[] {
    return this.all().filter((collection) => collection.db === db);
  }
}
