import { CommandError, type Doc } from '../bson/values.ts';
import type { PipelineContext, Pushdown } from './context.ts';
import { Pace } from './pace.ts';
import { compileStage, type Docs, docSpec, limitOf, type Stage, skipOf, stageOf } from './stages.ts';

export type { PipelineContext, Pushdown } from './context.ts';

export interface Pipeline {
  pushdown: Pushdown;
  /** Stages left after the push-down, to be run over its result. */
  rest: Doc[];
  run(source: AsyncIterable<Doc>): AsyncIterable<Doc>;
}

/** Checks and compiles every stage; unknown stages are refused with their code. */
export function compilePipeline(stages: Doc[], ctx: PipelineContext): Pipeline {
  if (!Array.isArray(stages)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  const { pushdown, taken } = pushDown(stages);
  const rest = stages.slice(taken);
  const compiled = compileStages(rest, ctx);
  return { pushdown, rest, run: (source) => runCompiled(source, compiled, ctx) };
}

/** Runs stages over a source without push-down. */
export function runStages(
  source: AsyncIterable<Doc>,
  stages: Doc[],
  ctx: PipelineContext,
): AsyncIterable<Doc> {
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
function runOn(collection: string, stages: Doc[], ctx: PipelineContext): Docs {
  const { pushdown, run } = compilePipeline(stages, ctx);
  return run(ctx.source(collection, pushdown, ctx.let));
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
  const pace = new Pace(ctx.checkpoint);
  let stream: Docs = paced(source, pace);
  let steps: Each[] = [];
  for (const stage of stages) {
    if ('each' in stage) {
      steps.push(stage.each);
      continue;
    }
    stream = stage.stream(steps.length > 0 ? stepped(stream, steps) : stream, pace);
    steps = [];
  }
  return steps.length > 0 ? stepped(stream, steps) : stream;
}

async function* paced(source: Docs, pace: Pace): Docs {
  for await (const doc of source) {
    if (pace.due()) await pace.rest();
    yield doc;
  }
}

async function* stepped(source: Docs, steps: Each[]): Docs {
  for await (const doc of source) {
    let result: Doc | undefined = doc;
    for (const step of steps) {
      result = step(result);
      if (result === undefined) break;
    }
    if (result !== undefined) yield result;
  }
}
