import { compareValues } from './order/compare.ts';
import { CommandError, type Doc, docOf, getField, isDoc } from './values.ts';

/** Entries of one document in one index: one array of values per entry, in the order of the key specification. */
export interface IndexKeys {
  keys: unknown[][];
  multikey: boolean;
  /** The indexed fields that met an array on their way: for all others the document has one value. */
  arrays: ReadonlySet<string>;
  /** Every indexed field is missing: a sparse index leaves the document out. */
  allMissing: boolean;
}

/** A field name that may stand for a place in an array: digits without a leading zero. */
export function arrayIndexOf(part: string): number | undefined {
  return /^(0|[1-9]\d{0,9})$/.test(part) ? Number(part) : undefined;
}

/** Field of a document or, by number, of an array taken as one; undefined if missing. */
export function childOf(container: unknown, part: string): unknown {
  if (Array.isArray(container)) {
    const index = arrayIndexOf(part);
    return index === undefined ? undefined : container[index];
  }
  const doc = docOf(container);
  return doc ? getField(doc, part) : undefined;
}

/** Whether the value can have fields: a document or an array. */
export const isContainer = (value: unknown): boolean => Array.isArray(value) || docOf(value) !== undefined;

interface Walk {
  arrays: Set<string>;
  found: boolean;
  keys: unknown[][];
}

/** Where a field's walk stands: its value if done, else the value to go on from and what is left of the path. */
interface Cursor {
  rest: string[];
  value: unknown;
  done: boolean;
}

const splitPaths = new Map<string, string[]>();

function splitPath(path: string): string[] {
  let parts = splitPaths.get(path);
  if (!parts) {
    parts = path.split('.');
    if (splitPaths.size > 1000) splitPaths.clear();
    splitPaths.set(path, parts);
  }
  return parts;
}

/**
 * The index entries of a document: missing as null, one entry a distinct array element, an empty array as undefined.
 * Two arrays side by side are refused with code 171.
 */
export function indexKeys(doc: Doc, keySpec: Doc): IndexKeys {
  const walk: Walk = { arrays: new Set(), found: false, keys: [] };
  const fields = Object.keys(keySpec);
  collect(
    walk,
    fields,
    fields.map((field) => ({ rest: splitPath(field), value: doc, done: false })),
  );
  const keys = walk.keys.length > 1 ? distinct(walk.keys) : walk.keys;
  return { keys, multikey: walk.arrays.size > 0, arrays: walk.arrays, allMissing: !walk.found };
}

/** Moves every field on to its end or to the first array on its way, then fans out over that one array. */
function collect(walk: Walk, fields: string[], cursors: Cursor[]): void {
  let array: unknown[] | undefined;
  let arrayField = '';
  let arrayPlace = '';
  const advanced = cursors.map((cursor, i) => {
    const field = fields[i]!;
    const next = advance(walk, cursor, field);
    if (next.done) return next;
    // By its place: an update from a pipeline may have put one and the same array into two fields.
    const place = placeOf(field, next);
    if (array !== undefined && arrayPlace !== place) {
      throw new CommandError(171, `cannot index parallel arrays [${field}] [${arrayField}]`);
    }
    array = next.value as unknown[];
    walk.arrays.add(field);
    arrayField = field;
    arrayPlace = place;
    return next;
  });
  if (array === undefined) {
    walk.keys.push(advanced.map((cursor) => cursor.value));
    return;
  }
  for (const element of array.length === 0 ? [undefined] : array) {
    const inside = advanced.map((cursor): Cursor => {
      if (cursor.done) return cursor;
      const { rest } = cursor;
      // An array directly within an array is a value; no path leads into it but by its place.
      if (rest.length > 0 && Array.isArray(element)) return missing;
      return { rest, value: element, done: rest.length === 0 };
    });
    collect(walk, fields, inside);
  }
}

/** The part of the field's path that its walk has gone. */
const placeOf = (field: string, { rest }: Cursor) =>
  splitPath(field)
    .slice(0, -rest.length || undefined)
    .join('.');

/** Goes along the path until its end, a missing field or an array. */
function advance(walk: Walk, cursor: Cursor, field: string): Cursor {
  if (cursor.done) return cursor;
  let { rest, value } = cursor;
  let named = false;
  while (rest.length > 0) {
    named = Array.isArray(value);
    if (Array.isArray(value)) {
      const index = arrayIndexOf(rest[0]!);
      if (index === undefined || index >= value.length) return { rest, value, done: false };
      refuseAmbiguous(value, rest[0]!, field);
      walk.arrays.add(field);
    }
    value = childOf(value, rest[0]!);
    if (value === undefined) return missing;
    rest = rest.slice(1);
  }
  walk.found = true;
  // An array in a named place of an array is taken whole.
  return { rest, value, done: named || !Array.isArray(value) };
}

const missing: Cursor = { rest: [], value: null, done: true };

function refuseAmbiguous(array: unknown[], part: string, field: string): void {
  if (array.some((element) => isDoc(element) && Object.hasOwn(element, part))) {
    throw new CommandError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${part}' for index path '${field}'`,
    );
  }
}

function compareEntries(a: unknown[], b: unknown[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function distinct(entries: unknown[][]): unknown[][] {
  const sorted = [...entries].sort(compareEntries);
  return sorted.filter((entry, i) => i === 0 || compareEntries(entry, sorted[i - 1]!) !== 0);
}
