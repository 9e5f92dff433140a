import { Binary, UUID } from 'bson';
import type { Direction } from '../bson/order.ts';
import { CommandError, type Doc, decode, encode, numberOf } from '../bson/values.ts';
import { compileFilter, type Filter } from '../query/match.ts';
import { buried, Graveyard } from './graveyard.ts';
import type { Store } from './store.ts';
import { readRange, type Table } from './view.ts';

export interface Index {
  name: string;
  key: Doc;
  fields: string[];
  directions: Direction[];
  unique: boolean;
  sparse: boolean;
  partial?: { spec: Doc; filter: Filter };
  /** Documents go this many seconds after the date in the first field. */
  expireAfterSeconds?: number;
  /** Some document had an array in an indexed field; never unset. */
  multikey: boolean;
  /** Some key was too long and holds a hash: the order of its keys is not the order of values. Never unset. */
  truncated: boolean;
  /** Being built: written to, not yet read from. */
  building: boolean;
  /** The specification as the client gave it, for listIndexes. */
  spec: Doc;
  table: Table;
}

export interface Collection {
  db: string;
  name: string;
  ns: string;
  id: number;
  uuid: UUID;
  docs: Table;
  indexes: Index[];
  count: number;
  /** An `_id` was too long for a key, so that documents do not lie in the order of `_id`. */
  truncatedIds: boolean;
  /** Write transaction after which it or its indexes last changed. */
  changed: number;
  dropped: boolean;
  /** A flag of it or of its indexes must go to disk with the next write transaction. */
  dirty: boolean;
  /** So must its counter. */
  counted: boolean;
}

const COLLECTION_NAME = /^[^$\0]+$/;

/** Refuses names that MongoDB refuses. */
export function checkNamespace(db: string, name: string): void {
  const wrong = (why: string) => new CommandError(73, `Invalid namespace specified '${db}.${name}': ${why}`);
  if (db === '' || /[\s/\\."$\0]/.test(db))
    throw wrong('a database name is empty or holds one of / \\ . " $ or a space');
  if (name === '' || !COLLECTION_NAME.test(name)) throw wrong('a collection name is empty or holds $');
  if (name.startsWith('.') || name.endsWith('.')) throw wrong('a collection name begins or ends with a dot');
  if (name.startsWith('system.')) throw wrong('names that begin with system. are reserved');
  if (Buffer.byteLength(`${db}.${name}`) > 255) throw wrong('it is longer than 255 bytes');
}

/** Every collection and index, kept in memory and in the table `catalog` under the collection's id. */
export class Catalog {
  private readonly byNs = new Map<string, Collection>();
  /** Where tables lie before they are part of a collection and after. */
  readonly graveyard: Graveyard;
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

  /** Makes a collection with its `_id` index. Resolves once it is on disk. */
  async create(db: string, name: string): Promise<Collection> {
    checkNamespace(db, name);
    const id = this.nextId++;
    const collection: Collection = {
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
    return this.store
      .once(() => this.createStep(collection))
      .finally(() => this.graveyard.settled([collection.docs]));
  }

  private createStep(collection: Collection): Collection {
    const other = this.byNs.get(collection.ns);
    if (other) return other;
    collection.changed = this.store.seq;
    this.graveyard.adopt(collection.docs);
    this.write(collection);
    this.add(collection);
    return collection;
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
      if (collection.dropped) return;
      collection.dropped = true;
      collection.changed = this.store.seq;
      this.byNs.delete(collection.ns);
      this.store.catalogTable.db.removeSync(idKey(collection.id));
      this.store.meta.db.removeSync(countKey(collection.id));
      for (const table of tablesOf(collection)) this.graveyard.bury(table);
    });
    this.graveyard.sweep();
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
      .map(({ spec, table, multikey, truncated }) => ({ spec, table: table.name, multikey, truncated })),
  };
}

/** The index of a checked specification over its table. */
export function makeIndex(spec: Doc, table: Table): Index {
  const key = spec['key'] as Doc;
  const partial = spec['partialFilterExpression'] as Doc | undefined;
  const expires = spec['expireAfterSeconds'];
  const index: Index = {
    name: spec['name'] as string,
    key,
    fields: Object.keys(key),
    directions: Object.values(key).map((value) => (numberOf(value)! < 0 ? -1 : 1)),
    unique: spec['unique'] === true,
    sparse: spec['sparse'] === true,
    multikey: false,
    truncated: false,
    building: false,
    spec,
    table,
  };
  if (partial) index.partial = { spec: partial, filter: compileFilter(partial, { now: new Date(0) }) };
  if (expires !== undefined) index.expireAfterSeconds = numberOf(expires)!;
  return index;
}
