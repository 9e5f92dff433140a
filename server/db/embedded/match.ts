import type { Doc } from './values.ts';

/** `now` is the command's one clock ($$NOW); `let` are the variables of $expr. */
export interface EvalContext {
  now: Date;
  let?: Doc;
}

export interface Filter {
  test(doc: Doc): boolean;
  /** null: no match. `positional`: the index that `$` in an update or projection stands for. */
  match(doc: Doc): { positional?: number } | null;
}

/** Compiles a query filter once; refuses what it does not know with code 2 or 115. */
export function compileFilter(filter: Doc, ctx: EvalContext): Filter {
  throw new Error(`${filter} ${ctx}`);
}
