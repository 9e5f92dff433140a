import type { EvalContext } from './match.ts';
import type { Doc } from './values.ts';

/** What the planner can do itself, in this order: filter, sort, skip, limit. An absent limit is no limit. */
export interface Pushdown {
  filter: Doc;
  sort?: Doc;
  skip?: number;
  limit?: number;
}

export interface PipelineContext extends EvalContext {
  /** Documents of a collection of the same database ($lookup, $unionWith), planned by index; same snapshot as the command. */
  source(collection: string, pushdown: Pushdown, vars?: Doc): AsyncIterable<Doc>;
  /** Called every few milliseconds of work after the event loop had its turn; throws to stop (maxTimeMS, killed). */
  checkpoint?: () => void;
}

export interface Pipeline {
  pushdown: Pushdown;
  /** Stages left after the push-down, to be run over its result. */
  rest: Doc[];
  run(source: AsyncIterable<Doc>): AsyncIterable<Doc>;
}

/** Checks and compiles every stage; unknown stages are refused with their code. */
export function compilePipeline(stages: Doc[], ctx: PipelineContext): Pipeline {
  throw new Error(`${stages} ${ctx}`);
}

/** Runs stages over a source without push-down. */
export function runStages(
  source: AsyncIterable<Doc>,
  stages: Doc[],
  ctx: PipelineContext,
): AsyncIterable<Doc> {
  throw new Error(`${source} ${stages} ${ctx}`);
}
