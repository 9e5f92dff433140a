import { CommandError, type Doc, docOf, isDoc, show, typeAlias } from '../bson/values.ts';
import { compileExpression } from '../expression/expression.ts';
import type { EvalContext } from '../query/match.ts';
import type { Computed } from '../query/projection/tree.ts';
import { addComputed, compileProject } from '../query/projection.ts';

/** A stage that makes one document of one. */
export type Transform = (doc: Doc) => Doc;

/** Stages of this kind; also what an update by pipeline may hold. */
export const TRANSFORMS: ReadonlySet<string> = new Set([
  '$set',
  '$addFields',
  '$unset',
  '$project',
  '$replaceRoot',
  '$replaceWith',
]);

export function compileTransform(name: string, spec: unknown, ctx: EvalContext): Transform {
  switch (name) {
    case '$set':
    case '$addFields':
      return compileAddFields(name, spec, ctx);
    case '$unset':
      return compileUnset(spec, ctx);
    case '$project':
      if (!isDoc(spec)) throw new CommandError(15969, '$project specification must be an object');
      return compileProject(spec, ctx);
    case '$replaceWith':
      return compileReplace(spec, ctx);
    default:
      if (!isDoc(spec) || !Object.hasOwn(spec, 'newRoot') || Object.keys(spec).length > 1) {
        throw new CommandError(40231, '$replaceRoot takes a document with newRoot and nothing else');
      }
      return compileReplace(spec['newRoot'], ctx);
  }
}

function compileAddFields(name: string, spec: unknown, ctx: EvalContext): Transform {
  if (!isDoc(spec)) {
    throw new CommandError(40272, `${name} specification stage must be an object, got ${typeAlias(spec)}`);
  }
  const computed: Computed[] = [];
  gather(spec, [], computed, ctx);
  refuseCollisions(computed);
  return (doc) => addComputed(doc, computed, doc);
}

/** A document without operators names fields within the field, it does not replace it. */
function gather(spec: Doc, path: string[], computed: Computed[], ctx: EvalContext): void {
  for (const key of Object.keys(spec)) {
    const parts = key.split('.');
    if (parts.some((part) => part === '' || part.startsWith('$'))) {
      throw new CommandError(
        16410,
        `'${key}' is no path for a field to set: parts must not be empty or begin with $`,
      );
    }
    const value = spec[key];
    const at = [...path, ...parts];
    if (isDoc(value) && !Object.keys(value)[0]?.startsWith('$')) {
      if (Object.keys(value).length === 0) {
        throw new CommandError(
          40180,
          `an empty object is not a valid value. Found empty object at path ${at.join('.')}`,
        );
      }
      gather(value, at, computed, ctx);
    } else computed.push({ path: at, value: compileExpression(value, ctx) });
  }
}

function refuseCollisions(computed: readonly Computed[]): void {
  computed.forEach(({ path }, i) => {
    const other = computed.find((each, k) => k !== i && each.path.every((part, n) => part === path[n]));
    if (other)
      throw new CommandError(
        40176,
        `specification contains two conflicting paths: '${path.join('.')}' and '${other.path.join('.')}'`,
      );
  });
}

function compileUnset(spec: unknown, ctx: EvalContext): Transform {
  const fields = Array.isArray(spec) ? spec : [spec];
  if (fields.length === 0 || !fields.every((field) => typeof field === 'string' && field !== '')) {
    throw new CommandError(31120, '$unset specification must be a string or an array of strings');
  }
  return compileProject(Object.fromEntries(fields.map((field) => [field, false])), ctx);
}

function compileReplace(expr: unknown, ctx: EvalContext): Transform {
  const root = compileExpression(expr, ctx);
  return (doc) => {
    const value = root(doc);
    const next = docOf(value);
    if (next) return next;
    throw new CommandError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was: ${value === undefined ? 'MISSING' : show(value)}`,
    );
  };
}
