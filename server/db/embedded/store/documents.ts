import { CommandError, type Doc } from '../bson/values.ts';
import { checkId, MAX_DOCUMENT, shellText } from '../wire/raw.ts';
import type { Collection, Index } from './catalog.ts';
import { type DocEntries, docKey, entriesOf, learn } from './keys.ts';
import type { Table, Wait, Writer } from './view.ts';

/** A stored document: its key, its bytes, and what they say. */
export interface Stored {
  key: Buffer;
  raw: Buffer;
  doc: Doc;
}

interface IndexChange {
  index: Index;
  adds: Buffer[];
  /** Values of each added key. */
  values: unknown[][];
  removes: Buffer[];
  after: DocEntries | undefined;
}

/** The error of a unique index, as mongod words it. */
export function duplicateKey(
  collection: Collection,
  key: Doc,
  name: string,
  values: unknown[],
): CommandError {
  const fields = Object.keys(key);
  const keyValue: Doc = {};
  fields.forEach((field, i) => {
    keyValue[field] = values[i] ?? null;
  });
  const text = fields.map((field, i) => `${field}: ${shellText(values[i])}`).join(', ');
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${collection.ns} index: ${name} dup key: { ${text} }`,
    { extra: { keyPattern: key, keyValue } },
  );
}

function changesOf(
  collection: Collection,
  before: Stored | undefined,
  after: Stored | undefined,
): IndexChange[] {
  return collection.indexes.map((index) => {
    const old = before && entriesOf(index, before.doc, before.key);
    const now = after && entriesOf(index, after.doc, after.key);
    const had = new Set(old?.keys.map((key) => key.toString('latin1')));
    const has = new Set(now?.keys.map((key) => key.toString('latin1')));
    const fresh = (now?.keys ?? []).map((key) => !had.has(key.toString('latin1')));
    return {
      index,
      adds: now?.keys.filter((_, i) => fresh[i]) ?? [],
      values: now?.values.filter((_, i) => fresh[i]) ?? [],
      removes: old?.keys.filter((key) => !has.has(key.toString('latin1'))) ?? [],
      after: now,
    };
  });
}

function firstWait(writer: Writer, claims: [Table, Buffer][]): Wait | undefined {
  for (const [table, key] of claims) {
    const wait = writer.claim(table, key);
    if (wait) return wait;
  }
  return undefined;
}

/**
 * Writes, replaces (`before` and `after` have one key) or removes a document with its index entries. Everything that can be
 * refused is refused before the first byte is written. A Wait means: nothing was done, read again after it.
 */
export function writeDocument(
  writer: Writer,
  collection: Collection,
  change: { before?: Stored | undefined; after?: Stored | undefined },
): Wait | undefined {
  const { before, after } = change;
  const key = (after ?? before)!.key;
  if (after && after.raw.length > MAX_DOCUMENT)
    throw new CommandError(
      10334,
      `the document would have ${after.raw.length} bytes, more than ${MAX_DOCUMENT}`,
    );
  const changes = changesOf(collection, before, after);
  const claims: [Table, Buffer][] = [[collection.docs, key]];
  for (const { index, adds, removes } of changes)
    if (index.unique) for (const entry of [...adds, ...removes]) claims.push([index.table, entry]);
  const wait = firstWait(writer, claims);
  if (wait) return wait;
  if (after && !before && writer.get(collection.docs, key))
    throw duplicateKey(collection, { _id: 1 }, '_id_', [after.doc['_id']]);
  for (const { index, adds, values } of changes) {
    if (!index.unique) continue;
    adds.forEach((entry, i) => {
      const owner = writer.get(index.table, entry);
      if (owner && !owner.equals(key)) throw duplicateKey(collection, index.key, index.name, values[i]!);
    });
  }
  for (const { index, adds, removes, after: now } of changes) {
    if (now) learn(collection, index, now);
    for (const entry of removes) writer.remove(index.table, entry);
    for (const entry of adds) writer.put(index.table, entry, key);
  }
  if (after) writer.put(collection.docs, key, after.raw);
  else writer.remove(collection.docs, key);
  if (!before) writer.count(collection, 1);
  if (!after) writer.count(collection, -1);
  return undefined;
}

/** A document made ready for the store. */
export function toStored(collection: Collection, raw: Buffer, doc: Doc): Stored {
  checkId(doc['_id']);
  return { key: docKey(collection, doc['_id']), raw, doc };
}
