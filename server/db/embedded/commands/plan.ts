import type { Doc } from '../bson/values.ts';
import type { Plan } from '../query/planner.ts';
import { int32 } from '../wire/raw.ts';

interface Asked {
  filter: Doc;
  sort?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
}

const empty = (doc: Doc): boolean => Object.keys(doc).length === 0;

/** A plan and what is done with its rows, in the words of MongoDB's explain: the innermost stage reads. */
export function describeQuery(plan: Plan, { filter, sort, skip, limit }: Asked): Doc {
  let stage = describePlan(plan, filter);
  if (sort && !empty(sort) && !('$natural' in sort) && !plan.sorted) {
    const most = limit ? { limitAmount: int32(limit + (skip ?? 0)) } : {};
    stage = { stage: 'SORT', sortPattern: sort, ...most, type: 'simple', inputStage: stage };
  }
  if (skip) stage = { stage: 'SKIP', skipAmount: int32(skip), inputStage: stage };
  if (limit) stage = { stage: 'LIMIT', limitAmount: int32(limit), inputStage: stage };
  return stage;
}

function describePlan(plan: Plan, filter: Doc): Doc {
  const filtered = empty(filter) ? {} : { filter };
  if (plan.kind === 'union') {
    const inputStages = plan.plans.map((one) => indexScan(one));
    return { stage: 'FETCH', ...filtered, inputStage: { stage: 'OR', inputStages } };
  }
  if (plan.kind === 'collection')
    return { stage: 'COLLSCAN', ...filtered, direction: plan.reverse ? 'backward' : 'forward' };
  return { stage: 'FETCH', ...filtered, inputStage: indexScan(plan) };
}

function indexScan(plan: Plan): Doc {
  if (plan.kind === 'union') return { stage: 'OR', inputStages: plan.plans.map((one) => indexScan(one)) };
  if (plan.kind === 'collection') return describePlan(plan, {});
  const { index } = plan;
  const scan: Doc = {
    stage: 'IXSCAN',
    keyPattern: index?.key ?? { _id: int32(1) },
    indexName: index?.name ?? '_id_',
    isMultiKey: index?.multikey ?? false,
    isUnique: index?.unique ?? true,
    isSparse: index?.sparse ?? false,
    isPartial: index?.partial !== undefined,
    indexVersion: int32(2),
    direction: plan.reverse ? 'backward' : 'forward',
    ranges: int32(plan.spans.length),
  };
  const merged = plan.merge && plan.spans.length > 1;
  return merged ? { stage: 'SORT_MERGE', inputStage: scan } : scan;
}
