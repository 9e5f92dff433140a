import type { EvalContext } from './match.ts';
import type { Doc } from './values.ts';

export interface UpdateOptions extends EvalContext {
  arrayFilters?: Doc[];
  upsert: boolean;
}

export interface Update {
  /** A document without operators: the whole document is replaced (updateMany must refuse it with code 9). */
  replacement: boolean;
  /** The given document is not changed; `changed` is false when the bytes would be equal, and then `doc` is the given one. */
  apply(doc: Doc, positional: number | undefined, inserting: boolean): { doc: Doc; changed: boolean };
}

/** Compiles an update (operators, replacement or pipeline) once. */
export function compileUpdate(update: Doc | Doc[], opts: UpdateOptions): Update {
  throw new Error(`${update} ${opts}`);
}

/** The document an upsert begins with: the equalities of the filter. Refuses $expr with code 224. */
export function seedFromFilter(filter: Doc): Doc {
  throw new Error(`${filter}`);
}
