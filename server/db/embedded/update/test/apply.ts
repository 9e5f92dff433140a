import type { Doc } from '../../bson/values.ts';
import { compileFilter } from '../../query/match.ts';
import { stored } from '../../test/stored.ts';
import { compileUpdate } from '../update.ts';

/** The one clock of the updates under test. */
export const now = new Date(1_700_000_000_000);

export interface Extra {
  filter?: Doc;
  arrayFilters?: Doc[];
  inserting?: boolean;
}

/** What an update makes of a document, both as they come from the store. */
export function apply(doc: Doc, update: Doc | Doc[], extra: Extra = {}): { doc: Doc; changed: boolean } {
  const { filter, arrayFilters, inserting = false } = extra;
  const compiled = compileUpdate(stored({ update })['update'], {
    now,
    upsert: inserting,
    ...(arrayFilters && { arrayFilters: arrayFilters.map((one) => stored(one)) }),
  });
  const hit = filter ? compileFilter(stored(filter), { now }).match(stored(doc)) : undefined;
  return compiled.apply(stored(doc), hit?.positional, inserting);
}
