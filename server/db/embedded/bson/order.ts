import { compareValues } from './order/compare.ts';

export { compareText, compareValues, Kind, kindOf } from './order/compare.ts';
export {
  type Bound,
  componentLimit,
  type Direction,
  type EncodedKey,
  encodeKey,
  type KeyRange,
  keyRange,
  MAX_KEY_BYTES,
  successor,
  typeBounds,
} from './order/key.ts';
export { compileSort, compileSortKey, type SortKey, sortDocs } from './order/sort.ts';

/** Equal in BSON order: 1 (int32) equals 1.0 (double) equals 1 (decimal); key order counts. */
export function equalValues(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0;
}
