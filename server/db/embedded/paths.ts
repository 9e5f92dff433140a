import type { Doc } from './values.ts';

/** Entries of one document in one index: one array of values per entry, in the order of the key specification. */
export interface IndexKeys {
  keys: unknown[][];
  multikey: boolean;
  /** Every indexed field is missing: a sparse index leaves the document out. */
  allMissing: boolean;
}

/**
 * The index entries of a document: missing as null, one entry a distinct array element, an empty array as undefined.
 * Two arrays side by side are refused with code 171.
 */
export function indexKeys(doc: Doc, keySpec: Doc): IndexKeys {
  throw new Error(`${doc} ${keySpec}`);
}
