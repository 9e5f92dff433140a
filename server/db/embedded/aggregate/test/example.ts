import { Double, EJSON, Long } from 'bson';
import { sortDocs } from '../../bson/order.ts';
import type { Doc } from '../../bson/values.ts';
import { compileFilter } from '../../query/match.ts';
import { stored } from '../../test/stored.ts';
import { compilePipeline, type PipelineContext, type SourceRequest } from '../aggregate.ts';

export const now = new Date(0);

/** What the tests' pipelines read: `items` and what they look up. */
const collections: Record<string, Doc[]> = {
  items: [
    { _id: 1, kind: 'a', n: 3, tags: ['x', 'y'], owner: 10 },
    { _id: 2, kind: 'b', n: 1, tags: [], owner: 11 },
    { _id: 3, kind: 'a', n: new Double(1.5), owner: [10, 11] },
    { _id: 4, kind: 'b', n: Long.fromNumber(7), tags: null },
  ],
  people: [
    { _id: 1, name: 'Cem', chief: 'Eva' },
    { _id: 2, name: 'Dan', chief: 'Cem' },
    { _id: 3, name: 'Eva', chief: 'Dan' },
  ],
  owners: [
    { _id: 10, name: 'Ada', age: 40 },
    { _id: 11, name: 'Bob', age: 20 },
  ],
};

/** A planner without indexes: the push-down done by hand. */
function* source({ collection, pushdown, vars }: SourceRequest): Generator<Doc | null> {
  const filter = compileFilter(pushdown.filter, vars ? { now, let: vars } : { now });
  const kept = (collections[collection] ?? []).map((doc) => stored(doc)).filter((doc) => filter.test(doc));
  const sorted = pushdown.sort ? sortDocs(kept, pushdown.sort) : kept;
  const skip = pushdown.skip ?? 0;
  for (const doc of sorted.slice(skip, pushdown.limit === undefined ? undefined : skip + pushdown.limit)) {
    // A rest between any two documents must change nothing.
    yield null;
    yield doc;
  }
}

export const ctx: PipelineContext = { now, source, pace: { due: () => true } };

/** Runs a pipeline over `items`; the documents that come out as extended JSON. */
export function aggregate(stages: Doc[]): string[] {
  const given = stored({ stages })['stages'] as Doc[];
  const pipeline = compilePipeline(given, ctx);
  const found: string[] = [];
  for (const doc of pipeline.run(
    pipeline.origin ?? source({ collection: 'items', pushdown: pipeline.pushdown }),
  ))
    if (doc) found.push(EJSON.stringify(doc));
  return found;
}
