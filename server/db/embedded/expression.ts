import type { EvalContext } from './match.ts';
import type { Doc } from './values.ts';

/** `vars` are names without $$; undefined is "missing". */
export type Expression = (doc: Doc, vars?: Doc) => unknown;

/** Compiles an aggregation expression once; an operator that is not on the list is refused. */
export function compileExpression(expr: unknown, ctx: EvalContext): Expression {
  throw new Error(`${expr} ${ctx}`);
}
