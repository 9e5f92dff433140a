import type { EvalContext } from '../match.ts';
import { type Doc, unsupported } from '../values.ts';

/** A stage that makes one document of one. */
export type Transform = (doc: Doc, vars?: Doc) => Doc;

export function compileTransform(name: string, _spec: unknown, _ctx: EvalContext): Transform {
  throw unsupported(`The stage ${name}`);
}
