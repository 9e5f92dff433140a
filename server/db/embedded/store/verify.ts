import { type Doc, decode } from '../bson/values.ts';
import { Catalog, type Collection, type Index } from './catalog.ts';
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

function* entries(table: Table): Generator<Entry> {
  let start: Buffer | undefined;
  for (;;) {
    const chunk = readRange(table, { ...(start && { start }), limit: CHUNK });
    yield* chunk;
    if (chunk.length < CHUNK) return;
    start = Buffer.concat([chunk.at(-1)!.key, Buffer.from([0])]);
  }
}

/** Checks an open store: every document reads and stands under its key and in its indexes, every entry has its document, counters hold. */
export function verify(store: Store, progress: (line: string) => void): Verified {
  const result: Verified = { collections: 0, documents: 0, entries: 0, faults: [] };
  let catalog: Catalog;
  try {
    catalog = new Catalog(store);
  } catch (error) {
    result.faults.push(`the catalog cannot be read: ${(error as Error).message}`);
    return result;
  }
  for (const collection of catalog.all()) {
    progress(
      `checking ${collection.ns}: ${collection.count} documents, ${collection.indexes.length} indexes`,
    );
    const faults: string[] = [];
    const fault = (text: string) => {
      if (faults.length < MOST_FAULTS) faults.push(`${collection.ns}: ${text}`);
    };
    result.collections++;
    result.documents += checkDocuments(collection, fault);
    for (const index of collection.indexes) result.entries += checkEntries(collection, index, fault);
    result.faults.push(...faults);
  }
  return result;
}

function checkDocuments(collection: Collection, fault: (text: string) => void): number {
  let found = 0;
  for (const { key, value } of entries(collection.docs)) {
    found++;
    try {
      const doc = decode(value);
      if (!lookupKey(doc['_id']).equals(key))
        fault(`a document lies under a key that is not its _id's (${key.toString('hex')})`);
      for (const index of collection.indexes) checkIndexed(index, doc, key, fault);
    } catch (error) {
      fault(`the document under ${key.toString('hex')} cannot be read: ${(error as Error).message}`);
    }
  }
  if (found !== collection.count) fault(`the counter says ${collection.count} documents, there are ${found}`);
  return found;
}

function checkIndexed(index: Index, doc: Doc, key: Buffer, fault: (text: string) => void): void {
  const wanted = entriesOf(index, doc, key);
  for (const entry of wanted.keys) {
    const owner = index.table.db.get(entry);
    if (!owner) fault(`index ${index.name} lacks an entry of the document ${key.toString('hex')}`);
    else if (!owner.equals(key))
      fault(`index ${index.name} gives the entry of ${key.toString('hex')} to ${owner.toString('hex')}`);
  }
  if (wanted.multikey && !index.multikey)
    fault(`index ${index.name} holds arrays but is not marked multikey`);
  if (wanted.truncated && !index.truncated)
    fault(`index ${index.name} holds shortened keys but is not marked so`);
}

function checkEntries(collection: Collection, index: Index, fault: (text: string) => void): number {
  let found = 0;
  for (const { key, value } of entries(index.table)) {
    found++;
    const raw = collection.docs.db.get(value);
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
