import { indexKeys } from '../paths.ts';
import { CommandError, type Doc, keysOf, numberOf } from '../values.ts';
import { compareValues } from './compare.ts';
import type { Direction } from './key.ts';

const MAX_FIELDS = 32;

export interface SortKey {
  /** The values a document is sorted by: of an array the least element (ascending) or the greatest (descending). */
  keyOf(doc: Doc): unknown[];
  compare(a: unknown[], b: unknown[]): number;
}

/** Field names and directions of a sort specification like {a: 1, 'b.c': -1}. */
function parseSort(spec: Doc): { fields: string[]; directions: Direction[] } {
  const fields = keysOf(spec);
  const directions = fields.map((field): Direction => {
    const direction = numberOf(spec[field]);
    if (direction === 1 || direction === -1) return direction;
    throw new CommandError(
      direction === undefined ? 15974 : 15975,
      `Illegal key in $sort specification: '${field}' must be 1 or -1 to order by it.`,
    );
  });
  for (const field of fields) {
    const parts = field.split('.');
    if (parts.includes('')) {
      const code = field === '' ? 40352 : field.endsWith('.') ? 40353 : 15998;
      throw new CommandError(code, `Sort field '${field}' has an empty part.`);
    }
    if (parts.some((part) => part.startsWith('$')))
      throw new CommandError(16410, `No part of the sort field '${field}' may begin with $.`);
  }
  if (fields.length > MAX_FIELDS)
    throw new CommandError(13103, `too many fields to sort by: at most ${MAX_FIELDS}`);
  return { fields, directions };
}

/** Compiles a sort specification to the taking and the comparing of its keys. */
export function compileSortKey(spec: Doc): SortKey {
  const { fields, directions } = parseSort(spec);
  const compare = (a: unknown[], b: unknown[]): number => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareValues(a[i], b[i]);
      if (order !== 0) return order * directions[i]!;
    }
    return 0;
  };
  const keyOf = (doc: Doc): unknown[] => {
    const { keys } = sortKeys(doc, spec);
    let least = keys[0] ?? fields.map(() => null);
    for (let i = 1; i < keys.length; i++) if (compare(keys[i]!, least) < 0) least = keys[i]!;
    return least;
  };
  return { keyOf, compare };
}

function sortKeys(doc: Doc, spec: Doc): ReturnType<typeof indexKeys> {
  try {
    return indexKeys(doc, spec);
  } catch (error) {
    if (error instanceof CommandError && error.code === 171) {
      throw new CommandError(2, 'cannot sort with keys that are parallel arrays');
    }
    throw error;
  }
}

/** Comparator of documents; a document's key is taken once and remembered as long as the document lives. */
export function compileSort(spec: Doc): (a: Doc, b: Doc) => number {
  const { keyOf, compare } = compileSortKey(spec);
  const taken = new WeakMap<Doc, unknown[]>();
  const keyed = (doc: Doc): unknown[] => {
    let key = taken.get(doc);
    if (!key) {
      key = keyOf(doc);
      taken.set(doc, key);
    }
    return key;
  };
  return (a, b) => compare(keyed(a), keyed(b));
}

/** Stable sort to a new array; sort keys are taken once a document. */
export function sortDocs(docs: readonly Doc[], spec: Doc): Doc[] {
  const { keyOf, compare } = compileSortKey(spec);
  return docs
    .map((doc) => ({ doc, key: keyOf(doc) }))
    .sort((a, b) => compare(a.key, b.key))
    .map((entry) => entry.doc);
}
