import type { EvalContext } from './match.ts';
import type { Doc } from './values.ts';

export type Projection = (doc: Doc, positional?: number) => Doc;

/** Compiles a find projection once; an empty one gives the document as it is. */
export function compileProjection(spec: Doc, ctx: EvalContext): Projection {
  throw new Error(`${spec} ${ctx}`);
}
