import { CommandError, type Doc } from '../bson/values.ts';
import type { Fields } from '../query/fields.ts';
import { limitOf, skipOf } from './bounds.ts';
import type { Docs, PipelineContext, Pushdown } from './context.ts';
import { pipelineFields } from './fields.ts';
import { compileStage, docSpec, documentsOf, type Stage, stageOf } from './stages.ts';

export type { Docs, PipelineContext, Pushdown, SourceRequest } from './context.ts';

export interface Pipeline {
  pushdown: Pushdown;
  /** Fields that the stages after the push-down read; undefined: all. */
  fields: Fields;
  /** Stages left after the push-down, to be run over its result. */
  rest: Doc[];
  /** What the first stage makes itself: such a pipeline reads no collection. */
  origin?: Docs;
  run(source: Docs): Docs;
}

/** Most stages of a pipeline, as in MongoDB. */
const MOST_STAGES = 1000;

/** Checks and compiles every stage; unknown stages are refused with their code. */
export function compilePipeline(stages: Doc[], ctx: PipelineContext): Pipeline {
  if (!Array.isArray(stages)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  if (stages.length > MOST_STAGES)
    throw new CommandError(7749501, `Pipeline length must be no longer than ${MOST_STAGES} stages.`);
  const origin = originOf(stages, ctx);
  const { pushdown, taken } = origin ? { pushdown: { filter: {} }, taken: 1 } : pushDown(stages);
  const rest = stages.slice(taken);
  const compiled = compileStages(rest, ctx);
  return {
    pushdown,
    fields: pipelineFields(rest),
    rest,
    ...(origin && { origin }),
    run: (source) => runCompiled(source, compiled, ctx),
  };
}

function originOf(stages: Doc[], ctx: PipelineContext): Docs | undefined {
  if (stages.length === 0) return undefined;
  const [name, spec] = stageOf(stages[0]);
  return name === '$documents' ? documentsOf(spec, ctx) : ctx.origin?.(name, spec);
}

/** Runs stages over a source without push-down. */
export function runStages(source: Docs, stages: Doc[], ctx: PipelineContext): Docs {
  return runCompiled(source, compileStages(stages, ctx), ctx);
}

/** The stages in front that the planner can do, in the order in which it does them. */
function pushDown(stages: Doc[]): { pushdown: Pushdown; taken: number } {
  const pushdown: Pushdown = { filter: {} };
  const filters: Doc[] = [];
  let taken = 0;
  for (const stage of stages) {
    const [name, spec] = stageOf(stage);
    const bounded = pushdown.skip !== undefined || pushdown.limit !== undefined;
    if (name === '$match' && pushdown.sort === undefined && !bounded) filters.push(docSpec(name, spec));
    else if (
      name === '$sort' &&
      pushdown.sort === undefined &&
      !bounded &&
      Object.keys(docSpec(name, spec)).length > 0
    ) {
      pushdown.sort = docSpec(name, spec);
    } else if (name === '$skip' && !bounded) pushdown.skip = skipOf(spec);
    else if (name === '$limit' && pushdown.limit === undefined) pushdown.limit = limitOf(spec);
    else break;
    taken += 1;
  }
  pushdown.filter = filters.length === 1 ? filters[0]! : filters.length === 0 ? {} : { $and: filters };
  return { pushdown, taken };
}

/** A pipeline over another collection of the database. */
function runOn(collection: string | undefined, stages: Doc[], ctx: PipelineContext): Docs {
  const { pushdown, fields, run, origin } = compilePipeline(stages, ctx);
  if (origin) return run(origin);
  if (collection === undefined)
    throw new CommandError(9, 'a pipeline without a collection must begin with $documents');
  return run(ctx.source({ collection, pushdown, vars: ctx.let, fields }));
}

function compileStages(stages: Doc[], ctx: PipelineContext): Stage[] {
  const runOver = (source: Docs, inner: Doc[]): Docs => runStages(source, inner, ctx);
  return stages.map((stage, i) => {
    const [name, spec] = stageOf(stage);
    const input = { name, spec, ctx, runOn, runOver };
    const atMost = name === '$sort' ? takenAfter(stages.slice(i + 1)) : undefined;
    return compileStage(atMost === undefined ? input : { ...input, atMost });
  });
}

/** What a $limit right behind, or behind a $skip, leaves of a sorted stream. */
function takenAfter(stages: Doc[]): number | undefined {
  let skip = 0;
  for (const stage of stages) {
    const [name, spec] = stageOf(stage);
    if (name === '$limit') return skip + limitOf(spec);
    if (name !== '$skip') return undefined;
    skip += skipOf(spec);
  }
  return undefined;
}

type Each = (doc: Doc) => Doc | undefined;

/** Neighbouring stages that work document by document become one step of the stream. */
function runCompiled(source: Docs, stages: Stage[], ctx: PipelineContext): Docs {
  let stream: Docs = source;
  let steps: Each[] = [];
  for (const stage of stages) {
    if ('each' in stage) {
      steps.push(stage.each);
      continue;
    }
    stream = stage.stream(steps.length > 0 ? stepped(stream, steps) : stream, ctx.pace);
    steps = [];
  }
  return steps.length > 0 ? stepped(stream, steps) : stream;
}

function* stepped(source: Docs, steps: Each[]): Generator<Doc | null> {
  for (const doc of source) {
    let result: Doc | null | undefined = doc;
    for (const step of steps) {
      if (!result) break;
      result = step(result);
    }
    if (result !== undefined) yield result;
  }
}
