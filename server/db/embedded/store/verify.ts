import type { Transaction } from 'lmdb';
import { decode, numberOf } from '../bson/values.ts';
import { Catalog, type Collection, countKey, type Index } from './catalog.ts';
import { buried } from './graveyard.ts';
import { entriesOf, lookupKey } from './keys.ts';
import type { Store } from './store.ts';
import { type Entry, readRange, type Table } from './view.ts';

export interface Verified {
  collections: number;
  documents: number;
  entries: number;
  /** What is wrong, one sentence each; empty when the store is sound. */
  faults: string[];
}

const CHUNK = 512;
/** Faults listed for one collection; more of the same kind help nobody. */
const MOST_FAULTS = 20;
const OWN_TABLES = ['meta', 'catalog', 'retries'];
/** Bytes of the key of a retry's record: session, number of the write, statement. */
const RETRY_KEY = 28;

type Fault = (text: string) => void;

/** What is read of the store: one moment, whatever an engine writes meanwhile. */
class Snapshot {
  readonly store: Store;
  reading: Transaction;

  constructor(store: Store) {
    this.store = store;
    this.reading = this.take();
  }

  private take(): Transaction {
    this.store.env.resetReadTxn();
    return this.store.env.useReadTransaction();
  }

  /** A damaged page spoils a snapshot for all that is read after it. */
  renew(): void {
    this.done();
    this.reading = this.take();
  }

  get(table: Table, key: Buffer): Buffer | undefined {
    return table.db.get(key, { transaction: this.reading });
  }

  /** All entries in order; a damaged table whose pages lead in a circle ends with a fault. */
  *entries(table: Table, fault: Fault): Generator<Entry> {
    let last: Buffer | undefined;
    for (;;) {
      const start = last && Buffer.concat([last, Buffer.from([0])]);
      const chunk = readRange(table, { ...(start && { start }), limit: CHUNK }, this.reading);
      for (const entry of chunk) {
        if (last && entry.key.compare(last) <= 0)
          return fault(`the keys of the table ${table.name} are out of order: its pages are damaged`);
        last = entry.key;
        yield entry;
      }
      if (chunk.length < CHUNK) return;
    }
  }

  done(): void {
    try {
      this.reading.done();
    } catch {
      // It was spoiled, which has been said.
    }
  }
}

/**
 * Checks an open store, also beside an engine that writes it: every document reads and stands under its key and in its indexes, every
 * entry has its document, counters hold, the catalog names each collection and table once, and no table is nobody's.
 */
export function verify(store: Store, progress: (line: string) => void): Verified {
  const result: Verified = { collections: 0, documents: 0, entries: 0, faults: [] };
  const say: Fault = (text) => void result.faults.push(text);
  const opened = open(store, say);
  if (!opened) return result;
  const { catalog, snapshot } = opened;
  try {
    const collections = catalog.all();
    const guarded = guard(snapshot);
    guarded('the list of tables', say, () => checkTables(snapshot, collections, say));
    guarded('the list of collections', say, () => checkNames(snapshot, say));
    guarded('the records of retryable writes', say, () => checkRetries(snapshot, say));
    for (const collection of collections) {
      const faults: string[] = [];
      const fault: Fault = (text) => {
        if (faults.length < MOST_FAULTS) faults.push(`${collection.ns}: ${text}`);
      };
      const count = snapshot.get(store.meta, countKey(collection.id))?.readDoubleBE(0) ?? 0;
      progress(`checking ${collection.ns}: ${count} documents, ${collection.indexes.length} indexes`);
      result.collections++;
      guarded('its documents', fault, () => {
        result.documents += checkDocuments(snapshot, collection, { count, fault });
      });
      for (const index of collection.indexes)
        guarded(`the index ${index.name}`, fault, () => {
          result.entries += checkEntries(snapshot, collection, index, fault);
        });
      result.faults.push(...faults);
    }
  } finally {
    snapshot.done();
  }
  return result;
}

/** LMDB refuses to read pages that are none: that ends one table's check, not the others'. */
const guard =
  (snapshot: Snapshot) =>
  (what: string, fault: Fault, work: () => void): void => {
    try {
      work();
    } catch (error) {
      fault(`${what} cannot be read: ${(error as Error).message}`);
      snapshot.renew();
    }
  };

/** The catalog with a snapshot of the very moment at which it holds. */
function open(store: Store, fault: Fault): { catalog: Catalog; snapshot: Snapshot } | undefined {
  const all = { limit: Number.MAX_SAFE_INTEGER };
  const bytes = (entries: Entry[]) => Buffer.concat(entries.flatMap(({ key, value }) => [key, value]));
  try {
    for (;;) {
      const before = bytes(readRange(store.catalogTable, all));
      const catalog = new Catalog(store);
      // Tables must be open before a snapshot that reads them.
      const snapshot = new Snapshot(store);
      if (before.equals(bytes(readRange(store.catalogTable, all, snapshot.reading))))
        return { catalog, snapshot };
      snapshot.done();
    }
  } catch (error) {
    fault(`the catalog cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}

function checkTables({ store }: Snapshot, collections: Collection[], fault: Fault): void {
  const known = new Set([...OWN_TABLES, ...buried(store)]);
  const owners = new Map<string, string>();
  for (const { ns, docs, indexes } of collections) {
    for (const { name } of [docs, ...indexes.map(({ table }) => table)]) {
      const other = owners.get(name);
      if (other !== undefined) fault(`the table ${name} belongs to two: ${other} and ${ns}`);
      owners.set(name, ns);
    }
  }
  for (const name of store.tableNames())
    if (!known.has(name) && !owners.has(name))
      fault(`the table ${name} belongs to no collection (an engine that starts clears it away)`);
}

function checkNames(snapshot: Snapshot, fault: Fault): void {
  const { catalogTable, meta } = snapshot.store;
  const names = new Set<string>();
  const ids = new Set<number>();
  for (const { key, value } of snapshot.entries(catalogTable, fault)) {
    const doc = decode(value);
    const ns = `${doc['db']}.${doc['name']}`;
    if (names.has(ns)) fault(`the catalog names ${ns} twice`);
    names.add(ns);
    if (key.length !== 4 || key.readUInt32BE(0) !== numberOf(doc['id']))
      fault(`the catalog has ${ns} under a key that is not its number's (${key.toString('hex')})`);
    else ids.add(key.readUInt32BE(0));
    const indexes = (doc['indexes'] as { spec: { name: string } }[]).map(({ spec }) => spec.name);
    const twice = indexes.find((name, at) => indexes.indexOf(name) !== at);
    if (twice !== undefined) fault(`${ns}: the catalog names its index ${twice} twice`);
  }
  for (const { key } of snapshot.entries(meta, fault))
    if (key.length === 5 && key[0] === 0x6e && !ids.has(key.readUInt32BE(1)))
      fault(`there is a counter of a collection that is not there (${key.readUInt32BE(1)})`);
}

function checkRetries(snapshot: Snapshot, fault: Fault): void {
  for (const { key, value } of snapshot.entries(snapshot.store.retries, fault)) {
    const name = `the record of a retryable write ${key.toString('hex')}`;
    if (key.length !== RETRY_KEY) fault(`${name} has a key of ${key.length} bytes, not ${RETRY_KEY}`);
    try {
      if (numberOf(decode(value)['at']) === undefined) fault(`${name} does not say when it was written`);
    } catch (error) {
      fault(`${name} cannot be read: ${(error as Error).message}`);
    }
  }
}

function checkDocuments(
  snapshot: Snapshot,
  collection: Collection,
  { count, fault }: { count: number; fault: Fault },
): number {
  let found = 0;
  for (const { key, value } of snapshot.entries(collection.docs, fault)) {
    found++;
    try {
      const doc = decode(value);
      if (!lookupKey(doc['_id']).equals(key))
        fault(`a document lies under a key that is not its _id's (${key.toString('hex')})`);
      for (const index of collection.indexes) checkIndexed(snapshot, index, { doc, key, fault });
    } catch (error) {
      fault(`the document under ${key.toString('hex')} cannot be read: ${(error as Error).message}`);
    }
  }
  if (found !== count) fault(`the counter says ${count} documents, there are ${found}`);
  return found;
}

interface Checked {
  doc: ReturnType<typeof decode>;
  key: Buffer;
  fault: Fault;
}

function checkIndexed(snapshot: Snapshot, index: Index, { doc, key, fault }: Checked): void {
  const wanted = entriesOf(index, doc, key);
  for (const entry of wanted.keys) {
    const owner = snapshot.get(index.table, entry);
    if (!owner) fault(`index ${index.name} lacks an entry of the document ${key.toString('hex')}`);
    else if (!owner.equals(key))
      fault(`index ${index.name} gives the entry of ${key.toString('hex')} to ${owner.toString('hex')}`);
  }
  if (wanted.multikey && !index.multikey)
    fault(`index ${index.name} holds arrays but is not marked multikey`);
  if (wanted.truncated && !index.truncated)
    fault(`index ${index.name} holds shortened keys but is not marked so`);
}

function checkEntries(snapshot: Snapshot, collection: Collection, index: Index, fault: Fault): number {
  let found = 0;
  for (const { key, value } of snapshot.entries(index.table, fault)) {
    found++;
    const raw = snapshot.get(collection.docs, value);
    if (!raw) {
      fault(`index ${index.name} has an entry of a document that is not there (${value.toString('hex')})`);
      continue;
    }
    try {
      const stands = entriesOf(index, decode(raw), value).keys.some((one) => one.equals(key));
      if (!stands)
        fault(`index ${index.name} has an entry that its document does not give (${value.toString('hex')})`);
    } catch (error) {
      fault(`index ${index.name}: ${(error as Error).message}`);
    }
  }
  return found;
}
