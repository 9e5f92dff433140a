import type { Doc } from '../bson/values.ts';
import type { Fields } from '../query/fields.ts';
import type { EvalContext } from '../query/match.ts';
import type { Pace } from '../query/query.ts';

/** Documents as they come. A null in between means: let others have their turn, then go on. */
export type Docs = Iterable<Doc | null>;

/** What the planner can do itself, in this order: filter, sort, skip, limit. An absent limit is no limit. */
export interface Pushdown {
  filter: Doc;
  sort?: Doc;
  skip?: number;
  limit?: number;
}

export interface SourceRequest {
  /** Of the pipeline's database. */
  collection: string;
  pushdown: Pushdown;
  /** The variables that its filter may name. */
  vars?: Doc | undefined;
  /** Fields that the pipeline reads of its documents; others may be missing. Absent: all. */
  fields?: Fields;
}

export interface PipelineContext extends EvalContext {
  /** Documents of a collection, planned by index; same snapshot as the command. */
  source(request: SourceRequest): Docs;
  /** What a pipeline that begins with such a stage ($collStats…) reads instead of a collection; undefined: it is none. */
  origin?: (name: string, spec: unknown) => Docs | undefined;
  pace: Pace;
}
