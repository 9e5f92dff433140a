import { Binary, UUID } from 'bson';
import { CommandError, type Doc, decode, encode, numberOf } from '../bson/values.ts';
import { type Collection, checkNamespace, makeIndex } from './collection.ts';
import { buried, Graveyard } from './graveyard.ts';
import type { Store } from './store.ts';
import { lockKey, readRange, type Table, type Wait, type Writer } from './view.ts';

export { type Collection, checkNamespace, type Index, makeIndex } from './collection.ts';

/** The collections as a command sees them: those of now, or those of a moment. */
export interface CatalogView {
  /** Throws 246 where the view is of a moment and the name meant something else then. */
  get(db: string, name: string): Collection | undefined;
  all(): Collection[];
  ofDb(db: string): Collection[];
}

/** Every collection and index, kept in memory and in the table `catalog` under the collection's id. */
export class Catalog implements CatalogView {
  private readonly byNs = new Map<string, Collection>();
  /** Where tables lie before they are part of a collection and after. */
  readonly graveyard: Graveyard;
  /** The write transaction that last dropped a collection of a name, as far back as the oldest open snapshot. */
  private readonly gone = new Map<string, number>();
  /** Number of the write transaction that every open snapshot sees. */
  oldestSnapshot: () => number = () => 0;
  private nextId = 1;
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    this.graveyard = new Graveyard(store);
    for (const { key, value } of readRange(store.catalogTable, { limit: Number.MAX_SAFE_INTEGER })) {
      try {
        this.add(this.read(decode(value)));
      } catch (error) {
        throw new Error(
          `the catalog entry ${key.toString('hex')} cannot be read: ${(error as Error).message}`,
        );
      }
    }
  }

  /** Makes this the catalog of the engine that serves the store: it keeps counters and flags with every write transaction. */
  attach(): this {
    this.store.flush = () => this.flush();
    this.store.lost = () => this.recount();
    const owned = new Set(
      this.all()
        .flatMap((collection) => tablesOf(collection))
        .map(({ name }) => name),
    );
    this.graveyard.buryStrays(owned);
    this.passIds(buried(this.store));
    // What a crash left half-written; a drop that fails is done at the next start.
    for (const one of this.all()) if (one.name.startsWith(TEMPORARY)) this.drop(one).catch(() => {});
    return this;
  }

  /** A table's name is never given twice while a table of that name may lie in the file. */
  private passIds(tables: string[]): void {
    this.nextId = Math.max(this.nextId, ...tables.map((name) => Number(name.slice(1)) + 1));
  }

  get(db: string, name: string): Collection | undefined {
    return this.byNs.get(`${db}.${name}`);
  }

  all(): Collection[] {
    return [...this.byNs.values()];
  }

  ofDb(db: string): Collection[] {
    return this.all().filter((collection) => collection.db === db);
  }

  /** Whether a collection of this name was dropped by a later write transaction than that. */
  goneSince(db: string, name: string, seq: number): boolean {
    return (this.gone.get(`${db}.${name}`) ?? 0) > seq;
  }

  /** Makes a collection with its `_id` index. Waits while an open transaction makes one of this name; resolves once it is on disk. */
  async create(db: string, name: string): Promise<Collection> {
    const collection = await this.conceive(db, name);
    return this.store
      .submit((writer) => this.createStep(collection, writer))
      .finally(() => this.graveyard.settled([collection.docs]));
  }

  /** A collection that nobody sees, with its table; it comes into being by `createStep` or `enroll`. */
  async conceive(db: string, name: string): Promise<Collection> {
    checkNamespace(db, name);
    const id = this.nextId++;
    return {
      db,
      name,
      ns: `${db}.${name}`,
      id,
      uuid: new UUID(),
      docs: await this.graveyard.born(`c${id}`),
      indexes: [],
      count: 0,
      truncatedIds: false,
      changed: 0,
      dropped: false,
      dirty: false,
      counted: false,
    };
  }

  private *createStep(collection: Collection, writer: Writer): Generator<Wait | undefined, Collection> {
    for (;;) {
      const other = this.byNs.get(collection.ns);
      if (other) return other;
      const wait = writer.claim(this.store.catalogTable, nameKey(collection.ns));
      if (!wait) break;
      yield wait;
    }
    this.enroll([collection]);
    return collection;
  }

  /** Inside the last step of a job: these collections, with their indexes, are there from now on. */
  enroll(collections: Collection[]): void {
    for (const collection of collections) {
      collection.changed = this.store.seq;
      for (const table of tablesOf(collection)) this.graveyard.adopt(table);
      this.write(collection);
      this.renamed(collection.ns);
    }
    for (const collection of collections) this.add(collection);
  }

  /** A transaction with an older snapshot must not give this name away. */
  private renamed(ns: string): void {
    this.store.locks.written(lockKey(this.store.catalogTable, nameKey(ns)), this.store.seq);
  }

  async getOrCreate(db: string, name: string): Promise<Collection> {
    return this.get(db, name) ?? (await this.create(db, name));
  }

  private add(collection: Collection): void {
    this.byNs.set(collection.ns, collection);
    this.passIds(tablesOf(collection).map((table) => table.name));
  }

  /** A table for a new index, to be adopted by the step that puts the index in the catalog. */
  indexTable(): Promise<Table> {
    return this.graveyard.born(`i${this.nextId++}`);
  }

  /** Drops a collection: it is gone at once, its tables are cleared away in the background. */
  async drop(collection: Collection): Promise<void> {
    await this.store.once(() => {
      if (!collection.dropped) this.strike(collection);
    });
    this.graveyard.sweep();
  }

  private strike(collection: Collection): void {
    this.store.catalogTable.db.removeSync(idKey(collection.id));
    this.store.meta.db.removeSync(countKey(collection.id));
    for (const table of tablesOf(collection)) this.graveyard.bury(table);
    collection.dropped = true;
    collection.changed = this.store.seq;
    this.byNs.delete(collection.ns);
    this.forget(collection.ns);
  }

  /** Gives a collection another name; the one that has it is dropped in the same write transaction, or is in the way (48). */
  async rename(collection: Collection, db: string, name: string, { dropTarget = true } = {}): Promise<void> {
    checkNamespace(db, name);
    await this.store.submit((writer) => this.renameStep(writer, collection, { db, name, dropTarget }));
    this.graveyard.sweep();
  }

  private *renameStep(
    writer: Writer,
    collection: Collection,
    { db, name, dropTarget }: { db: string; name: string; dropTarget: boolean },
  ): Generator<Wait | undefined, void> {
    const ns = `${db}.${name}`;
    for (;;) {
      const wait = writer.claim(this.store.catalogTable, nameKey(ns));
      if (!wait) break;
      yield wait;
    }
    writer.enter(collection);
    const other = this.byNs.get(ns);
    if (other === collection) throw new CommandError(20, "Can't rename a collection to itself");
    if (other && !dropTarget) throw new CommandError(48, 'target namespace exists');
    if (other) this.strike(other);
    const before = collection.ns;
    this.write({ ...collection, db, name, ns });
    Object.assign(collection, { db, name, ns, changed: this.store.seq });
    this.byNs.delete(before);
    this.byNs.set(ns, collection);
    this.forget(before);
    this.renamed(ns);
  }

  /** Notes for open snapshots that a name is no longer what it was. */
  private forget(ns: string): void {
    if (this.gone.size >= GONE_KEPT) {
      const oldest = this.oldestSnapshot();
      for (const [name, seq] of this.gone) if (seq <= oldest) this.gone.delete(name);
    }
    this.gone.set(ns, this.store.seq);
    this.renamed(ns);
  }

  /** Adds, changes or removes indexes inside a job: the caller changes `indexes`, this keeps it. */
  changed(collection: Collection): void {
    collection.changed = this.store.seq;
    this.write(collection);
  }

  private write(collection: Collection): void {
    this.store.catalogTable.db.putSync(idKey(collection.id), encode(described(collection)));
  }

  private read(doc: Doc): Collection {
    const id = numberOf(doc['id'])!;
    const [db, name] = [doc['db'] as string, doc['name'] as string];
    return {
      db,
      name,
      ns: `${db}.${name}`,
      id,
      uuid: new UUID((doc['uuid'] as Binary).toString('hex')),
      docs: this.store.table(`c${id}`),
      indexes: (doc['indexes'] as Doc[]).map((entry) => {
        const index = makeIndex(entry['spec'] as Doc, this.store.table(entry['table'] as string));
        index.multikey = entry['multikey'] === true;
        index.arrays = new Set(
          (entry['arrays'] as string[] | undefined) ?? (index.multikey ? index.fields : []),
        );
        index.truncated = entry['truncated'] === true;
        return index;
      }),
      count: this.storedCount(id),
      truncatedIds: doc['truncatedIds'] === true,
      changed: 0,
      dropped: false,
      dirty: false,
      counted: false,
    };
  }

  private flush(): void {
    for (const collection of this.byNs.values()) {
      if (collection.dirty) this.write(collection);
      if (collection.counted)
        this.store.meta.db.putSync(countKey(collection.id), countBytes(collection.count));
      collection.dirty = false;
      collection.counted = false;
    }
  }

  private storedCount(id: number): number {
    return this.store.meta.db.get(countKey(id))?.readDoubleBE(0) ?? 0;
  }

  /** After a lost write transaction: what the disk says holds. */
  private recount(): void {
    const kept = new Map<number, Buffer>();
    for (const { key, value } of readRange(this.store.catalogTable, { limit: Number.MAX_SAFE_INTEGER }))
      kept.set(key.readUInt32BE(0), value);
    for (const collection of this.all()) {
      const doc = kept.get(collection.id);
      if (!doc || !sameIndexes(collection, decode(doc))) {
        // Whoever still works with it must not go on: it is not there, or has indexes that he does not know.
        collection.dropped = true;
        this.byNs.delete(collection.ns);
        continue;
      }
      kept.delete(collection.id);
      collection.count = this.storedCount(collection.id);
      // Flags that were raised in the lost transaction are not on disk, and are not raised twice.
      collection.dirty = true;
    }
    for (const value of kept.values()) {
      const found = this.read(decode(value));
      found.changed = this.store.seq;
      this.add(found);
    }
  }
}

const tablesOf = ({ docs, indexes }: Collection): Table[] => [docs, ...indexes.map(({ table }) => table)];

/** Whether the finished indexes in memory are those on disk, and none of the tables is given up. */
function sameIndexes(collection: Collection, kept: Doc): boolean {
  const names = (doc: Doc) => (doc['indexes'] as Doc[]).map((index) => index['table']).join();
  return !tablesOf(collection).some((table) => table.dropped) && names(described(collection)) === names(kept);
}

/** Stands for a collection's name among the keys that a transaction may hold; nothing lies under it. */
export const nameKey = (ns: string) => Buffer.from(`ns:${ns}`);

/** Begins the name of a collection that stands in for another until it is whole. */
export const TEMPORARY = 'tmp.agg_out.';

/** Names of dropped collections that are remembered before those that no snapshot misses are forgotten. */
const GONE_KEPT = 1000;

const idKey = (id: number) => {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(id);
  return key;
};

/** Where the number of documents lies in the table `meta`. */
export const countKey = (id: number) => Buffer.concat([Buffer.from('n'), idKey(id)]);

function countBytes(count: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(count);
  return bytes;
}

/** A collection as the catalog keeps it. Indexes that are still being built are not kept. */
function described(collection: Collection): Doc {
  return {
    id: collection.id,
    db: collection.db,
    name: collection.name,
    uuid: new Binary(collection.uuid.buffer, 4),
    truncatedIds: collection.truncatedIds,
    indexes: collection.indexes
      .filter((index) => !index.building)
      .map(({ spec, table, multikey, arrays, truncated }) => ({
        spec,
        table: table.name,
        multikey,
        arrays: [...arrays],
        truncated,
      })),
  };
}
