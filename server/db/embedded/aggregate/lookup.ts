import { CommandError, type Doc, isDoc, typeAlias, unsupported } from '../bson/values.ts';
import { compileExpression, valueAt } from '../expression/expression.ts';
import { checkVariable } from '../expression/logic.ts';
import { isRegex } from '../query/match/operators.ts';
import { setWithin } from '../query/projection.ts';
import type { Docs, PipelineContext } from './context.ts';
import { gathered, type Work } from './pace.ts';

/** Runs a pipeline over a collection by its name, or over what its first stage makes itself; push-down included. */
export type RunOn = (collection: string | undefined, stages: Doc[], ctx: PipelineContext) => Docs;

const OPTIONS = ['from', 'localField', 'foreignField', 'let', 'pipeline', 'as'];

function textOption(spec: Doc, key: string): string | undefined {
  const value = spec[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new CommandError(9, `$lookup argument '${key}' must be a string, is type ${typeAlias(value)}`);
}

/** Whether a pipeline brings its own documents. */
export const beginsWithDocuments = (stages: unknown): boolean =>
  Array.isArray(stages) && isDoc(stages[0]) && Object.hasOwn(stages[0], '$documents');

/** Foreign documents of one document: by the equality of fields, then by the pipeline; by index where there is one. */
export function compileLookup(spec: unknown, ctx: PipelineContext, runOn: RunOn): (doc: Doc) => Work<Doc> {
  if (!isDoc(spec))
    throw new CommandError(9, `the $lookup specification must be an Object, but found ${typeAlias(spec)}`);
  const stranger = Object.keys(spec).find((key) => !OPTIONS.includes(key));
  if (stranger !== undefined) throw new CommandError(9, `unknown argument to $lookup: ${stranger}`);
  if (isDoc(spec['from'])) throw unsupported('$lookup from another database');
  const [from, localField, foreignField, as] = ['from', 'localField', 'foreignField', 'as'].map((key) =>
    textOption(spec, key),
  );
  if (!from && !beginsWithDocuments(spec['pipeline']))
    throw new CommandError(9, "must specify 'from' field for a $lookup");
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
  checkInner(runOn, from, pipeline, { ...ctx, let: { ...ctx.let, ...bind({}) } });
  const target = as.split('.');
  const local = localField?.split('.');
  return function* (doc) {
    const vars = bind(doc);
    const inner = correlated(pipeline, vars);
    const match = local && { $match: equality(foreignField!, valueAt(doc, local, 0)) };
    const documents = match && beginsWithDocuments(inner) ? 1 : 0;
    const stages = match ? [...inner.slice(0, documents), match, ...inner.slice(documents)] : inner;
    const found = yield* gathered(runOn(from, stages, { ...ctx, let: { ...ctx.let, ...vars } }));
    return setWithin(doc, target, 0, found) as Doc;
  };
}

/** What is wrong with a pipeline is said even if no document ever comes to it. */
function checkInner(runOn: RunOn, from: string | undefined, stages: Doc[], ctx: PipelineContext): void {
  const nothing: PipelineContext = { ...ctx, source: () => [] };
  for (const stage of stages) {
    const name = isDoc(stage) ? Object.keys(stage)[0] : undefined;
    if (name === '$out' || name === '$merge')
      throw new CommandError(51047, `${name} is not allowed within a $lookup's sub-pipeline`);
  }
  for (const _doc of runOn(from, stages, nothing)) break;
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

/**
 * With `{$expr: {$eq: ['$field', '$$variable']}}` in a leading $match the planner is told the field's value as well, so that
 * it can use an index. The plain equality matches all that the expression does, and more; the expression stays.
 */
function correlated(stages: Doc[], vars: Doc): Doc[] {
  const filter = stages[0]?.['$match'];
  if (!isDoc(filter)) return stages;
  const hints = equalitiesIn(filter['$expr'], vars);
  if (hints.length === 0) return stages;
  return [{ $match: { $and: [...hints, filter] } }, ...stages.slice(1)];
}

function equalitiesIn(expr: unknown, vars: Doc): Doc[] {
  if (!isDoc(expr) || Object.keys(expr).length !== 1) return [];
  if (Array.isArray(expr['$and'])) return expr['$and'].flatMap((each) => equalitiesIn(each, vars));
  const pair = expr['$eq'];
  if (!Array.isArray(pair) || pair.length !== 2) return [];
  const [field, variable] = String(pair[0]).startsWith('$$') ? [pair[1], pair[0]] : pair;
  if (typeof field !== 'string' || !/^\$[^$]/.test(field) || typeof variable !== 'string') return [];
  const name = variable.slice(2);
  if (!variable.startsWith('$$') || !Object.hasOwn(vars, name)) return [];
  const value = vars[name];
  // Arrays and what is missing are equal in other ways in an expression than in a filter.
  if (value === undefined || Array.isArray(value) || isRegex(value)) return [];
  return [{ [field.slice(1)]: { $eq: value } }];
}
