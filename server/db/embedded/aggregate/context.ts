import type { Doc } from '../bson/values.ts';
import type { EvalContext } from '../query/match.ts';

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
