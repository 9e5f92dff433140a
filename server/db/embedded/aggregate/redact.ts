import { keysOf } from '../bson/fields.ts';
import { CommandError, type Doc, isDoc, setField, show } from '../bson/values.ts';
import { compileExpression } from '../expression/expression.ts';
import type { EvalContext } from '../query/match.ts';

const VERDICTS = { DESCEND: 'descend', PRUNE: 'prune', KEEP: 'keep' } as const;

/** $redact: asks every level of a document whether it is kept, dropped, or looked into. */
export function compileRedact(spec: unknown, ctx: EvalContext): (doc: Doc) => Doc | undefined {
  // On every level a field's path begins at that level; $$ROOT stays the document.
  const judge = compileExpression(spec, { ...ctx, let: { ...ctx.let, ...VERDICTS, ROOT: null } });
  const level = (doc: Doc, root: Doc): Doc | undefined => {
    const verdict = judge(doc, { ROOT: root });
    if (verdict === VERDICTS.KEEP) return doc;
    if (verdict === VERDICTS.PRUNE) return undefined;
    if (verdict !== VERDICTS.DESCEND)
      throw new CommandError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${show(verdict)}`,
      );
    const kept: Doc = {};
    for (const key of keysOf(doc)) {
      const value = within(doc[key], root);
      if (value !== undefined) setField(kept, key, value);
    }
    return kept;
  };
  const within = (value: unknown, root: Doc): unknown => {
    if (Array.isArray(value))
      return value.map((each) => within(each, root)).filter((each) => each !== undefined);
    return isDoc(value) ? level(value, root) : value;
  };
  return (doc) => level(doc, doc);
}
