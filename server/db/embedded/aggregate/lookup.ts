import { CommandError, type Doc, isDoc, typeAlias, unsupported } from '../bson/values.ts';
import { compileExpression, valueAt } from '../expression/expression.ts';
import { checkVariable } from '../expression/logic.ts';
import { isRegex } from '../query/match/operators.ts';
import { setWithin } from '../query/projection.ts';
import type { PipelineContext } from './context.ts';

/** Runs a pipeline over a collection by its name, push-down included. */
export type RunOn = (collection: string, stages: Doc[], ctx: PipelineContext) => AsyncIterable<Doc>;

const OPTIONS = ['from', 'localField', 'foreignField', 'let', 'pipeline', 'as'];

function textOption(spec: Doc, key: string): string | undefined {
  const value = spec[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new CommandError(9, `$lookup argument '${key}' must be a string, is type ${typeAlias(value)}`);
}

/** Foreign documents of one document: by the equality of fields, then by the pipeline; by index where there is one. */
export function compileLookup(spec: unknown, ctx: PipelineContext, runOn: RunOn): (doc: Doc) => Promise<Doc> {
  if (!isDoc(spec))
    throw new CommandError(9, `the $lookup specification must be an Object, but found ${typeAlias(spec)}`);
  const stranger = Object.keys(spec).find((key) => !OPTIONS.includes(key));
  if (stranger !== undefined) throw new CommandError(9, `unknown argument to $lookup: ${stranger}`);
  if (isDoc(spec['from'])) throw unsupported('$lookup from another database');
  const [from, localField, foreignField, as] = ['from', 'localField', 'foreignField', 'as'].map((key) =>
    textOption(spec, key),
  );
  if (!from) throw new CommandError(9, "must specify 'from' field for a $lookup");
  if (!as) throw new CommandError(9, "must specify 'as' field for a $lookup");
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw new CommandError(
      9,
      '$lookup requires both or neither of localField and foreignField to be specified',
    );
  }
  const pipeline = spec['pipeline'] ?? (localField === undefined ? undefined : []);
  if (!Array.isArray(pipeline)) {
    throw new CommandError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  const bind = compileLet(spec['let'], ctx);
  const target = as.split('.');
  const local = localField?.split('.');
  return async (doc) => {
    const stages = local
      ? [{ $match: equality(foreignField!, valueAt(doc, local, 0)) }, ...pipeline]
      : pipeline;
    const found: Doc[] = [];
    for await (const each of runOn(from, stages, { ...ctx, let: { ...ctx.let, ...bind(doc) } }))
      found.push(each);
    return setWithin(doc, target, 0, found) as Doc;
  };
}

function compileLet(spec: unknown, ctx: PipelineContext): (doc: Doc) => Doc {
  if (spec === undefined) return () => ({});
  if (!isDoc(spec)) throw new CommandError(9, "$lookup argument 'let' must be an object");
  const variables = Object.keys(spec).map((name) => {
    checkVariable(name);
    return { name, value: compileExpression(spec[name], ctx) };
  });
  return (doc) => Object.fromEntries(variables.map(({ name, value }) => [name, value(doc)]));
}

/** An array meets every document that one of its elements meets; missing meets null. Patterns are compared, not applied. */
function equality(field: string, value: unknown): Doc {
  if (!Array.isArray(value)) return { [field]: { $eq: value ?? null } };
  if (!value.some(isRegex)) return { [field]: { $in: value } };
  return { $or: value.map((each) => ({ [field]: { $eq: each } })) };
}
