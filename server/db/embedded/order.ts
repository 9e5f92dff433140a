import type { Doc } from './values.ts';

export type Direction = 1 | -1;

/** BSON order over all types; < 0, 0, > 0. */
export function compareValues(a: unknown, b: unknown): number {
  throw new Error(`${a} ${b}`);
}

/** Equal in BSON order: 1 (int32) equals 1.0 (double) equals 1 (decimal); key order counts. */
export function equalValues(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0;
}

/** `inexact`: a value was longer than COMPONENT_LIMIT and its tail became a hash; equality holds, order among such does not. */
export interface EncodedKey {
  bytes: Buffer;
  inexact: boolean;
}

/** No encoded component is longer than this many bytes. */
export const COMPONENT_LIMIT = 400;

/**
 * Index key of `values` (or of the first of them: a prefix of the index), ordered bytewise as compareValues orders,
 * prefix-free: all keys that begin with these values begin with these bytes, and no others do.
 */
export function encodeKey(values: readonly unknown[], directions: readonly Direction[]): EncodedKey {
  throw new Error(`${values} ${directions}`);
}

/** One end of a range on the field after the equality prefix. */
export interface Bound {
  value: unknown;
  inclusive: boolean;
}

/** Bytes `start <= key < end`; `exact: false` means a superset, to be rechecked by the filter. */
export interface KeyRange {
  start: Buffer;
  end: Buffer;
  exact: boolean;
}

/**
 * The keys whose first fields equal `prefix` and whose next field lies in `range`. A missing end of the range is closed by
 * the type bracket of the other end, as $gt: 5 means numbers only.
 */
export function keyRange(
  prefix: readonly unknown[],
  directions: readonly Direction[],
  range?: { lower?: Bound; upper?: Bound },
): KeyRange {
  throw new Error(`${prefix} ${directions} ${range}`);
}

/** Type bytes that a range operator with this operand may meet: `from <= first byte <= to` of an ascending component. */
export function typeBounds(value: unknown): { from: number; to: number } {
  throw new Error(`${value}`);
}

/** Comparator of a sort specification like {a: 1, 'b.c': -1}, with MongoDB's least/greatest element rule for arrays. */
export function compileSort(spec: Doc): (a: Doc, b: Doc) => number {
  throw new Error(`${spec}`);
}

/** Stable sort in place by such a specification; sort keys are taken once a document. */
export function sortDocs(docs: Doc[], spec: Doc): Doc[] {
  throw new Error(`${docs} ${spec}`);
}
