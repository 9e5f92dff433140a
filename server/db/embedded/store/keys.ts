import { createHash } from 'node:crypto';
import { encodeKey, type KeyRange } from '../bson/order.ts';
import { indexKeys } from '../bson/paths.ts';
import type { Doc } from '../bson/values.ts';
import type { Collection, Index } from './catalog.ts';

/** Bytes of an index key before its document's key; with that (400 at most) it stays within LMDB's 1,978. */
const KEY_LIMIT = 1500;
const HASH = 32;

/** Key of a document in its collection. */
export function docKey(collection: Collection, id: unknown): Buffer {
  const { bytes, inexact } = encodeKey([id], [1]);
  if (inexact && !collection.truncatedIds) {
    collection.truncatedIds = true;
    collection.dirty = true;
  }
  return bytes;
}

/** Key of an `_id` that is only looked up. */
export const lookupKey = (id: unknown) => encodeKey([id], [1]).bytes;

function shorten(bytes: Buffer): { bytes: Buffer; cut: boolean } {
  if (bytes.length <= KEY_LIMIT) return { bytes, cut: false };
  const hash = createHash('sha256').update(bytes).digest();
  return { bytes: Buffer.concat([bytes.subarray(0, KEY_LIMIT - HASH), hash]), cut: true };
}

/** The least bytes above every key that begins with these; undefined when there are none. */
export function successor(prefix: Buffer): Buffer | undefined {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  if (end === 0) return undefined;
  const next = Buffer.from(prefix.subarray(0, end));
  next[end - 1] = next[end - 1]! + 1;
  return next;
}

/** A range over fitted keys: a bound that is too long is widened. */
export function fitRange(range: KeyRange): { start: Buffer; end: Buffer | undefined } {
  const long = (bound: Buffer) => bound.length > KEY_LIMIT - HASH;
  const start = long(range.start) ? range.start.subarray(0, KEY_LIMIT - HASH) : range.start;
  const end = long(range.end) ? successor(range.end.subarray(0, KEY_LIMIT - HASH)) : range.end;
  return { start, end };
}

/** The keys under which a document stands in an index; those of a non-unique index end with the document's key. */
export interface DocEntries {
  keys: Buffer[];
  /** The values of each key, for the text of a duplicate key error. */
  values: unknown[][];
  multikey: boolean;
  /** The fields that met an array. */
  arrays: ReadonlySet<string>;
  truncated: boolean;
}

const NONE: DocEntries = { keys: [], values: [], multikey: false, arrays: new Set(), truncated: false };

/** The entries a document has in an index. Throws 171 for arrays side by side. */
export function entriesOf(index: Index, doc: Doc, key: Buffer): DocEntries {
  if (index.partial && !index.partial.filter.test(doc)) return NONE;
  const { keys, multikey, arrays, allMissing } = indexKeys(doc, index.key);
  if (index.sparse && allMissing) return NONE;
  const entries: DocEntries = { keys: [], values: keys, multikey, arrays, truncated: false };
  const seen = new Set<string>();
  entries.values = keys.filter((values) => {
    const encoded = encodeKey(values, index.directions);
    const fitted = shorten(encoded.bytes);
    entries.truncated ||= encoded.inexact || fitted.cut;
    const text = fitted.bytes.toString('latin1');
    if (seen.has(text)) return false;
    seen.add(text);
    entries.keys.push(index.unique ? fitted.bytes : Buffer.concat([fitted.bytes, key]));
    return true;
  });
  return entries;
}

/** Marks what a document's entries teach about their index. */
export function learn(collection: Collection, index: Index, entries: DocEntries): void {
  if (entries.multikey && !index.multikey) {
    index.multikey = true;
    collection.dirty = true;
  }
  for (const field of entries.arrays) {
    if (index.arrays.has(field)) continue;
    index.arrays.add(field);
    collection.dirty = true;
  }
  if (entries.truncated && !index.truncated) {
    index.truncated = true;
    collection.dirty = true;
  }
}
