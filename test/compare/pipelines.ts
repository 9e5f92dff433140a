import type { Document } from 'bson';
import type { Draw } from '../draw.ts';
import { expression } from './expressions.ts';
import { filter, projection, sort } from './filters.ts';
import { field, path, scalar } from './values.ts';

const accumulators = ['$sum', '$avg', '$min', '$max', '$first', '$last', '$push', '$addToSet'] as const;

function group(draw: Draw): Document[] {
  const made: Document = {
    _id: draw.way<unknown>(
      [4, () => `$${path(draw)}`],
      [1, () => null],
      [2, () => expression(draw, 1)],
      [1, () => ({ x: `$${path(draw)}`, y: `$${path(draw)}` })],
    ),
  };
  const sets: Document = {};
  for (const name of draw.some([0, 2], () => field(draw))) {
    const accumulator = draw.way<Document>(
      [8, () => ({ [draw.one(accumulators)]: draw.chance(0.7) ? `$${path(draw)}` : expression(draw, 1) })],
      [1, () => ({ $count: {} })],
      [1, () => ({ $mergeObjects: `$${field(draw)}` })],
      [1, () => ({ [draw.one(['$firstN', '$lastN', '$minN', '$maxN'])]: { input: `$${path(draw)}`, n: 2 } })],
      [1, () => ({ [draw.one(['$top', '$bottom'])]: { sortBy: sort(draw), output: `$${path(draw)}` } })],
      [1, () => ({ [draw.one(['$stdDevPop', '$stdDevSamp'])]: `$${path(draw)}` })],
    );
    made[`of_${name}`] = accumulator;
    // A set has no order.
    if ('$addToSet' in accumulator) sets[`of_${name}`] = { $sortArray: { input: `$of_${name}`, sortBy: 1 } };
  }
  // What a group keeps of its first, last or all depends on the order it gets them in.
  const stages = [{ $sort: sort(draw) }, { $group: made }];
  return Object.keys(sets).length ? [...stages, { $set: sets }] : stages;
}

const stage = (draw: Draw, collection: string, depth: number): Document[] =>
  draw.way<Document[]>(
    [4, () => [{ $match: filter(draw) }]],
    [2, () => [{ $sort: sort(draw) }]],
    [3, () => [{ $project: projection(draw) }]],
    [3, () => [{ [draw.one(['$addFields', '$set'])]: { [path(draw)]: expression(draw, 3) } }]],
    [1, () => [{ $unset: draw.chance(0.5) ? path(draw) : [path(draw), path(draw)] }]],
    [4, () => group(draw)],
    [
      2,
      () => [
        {
          $unwind: draw.chance(0.5)
            ? `$${path(draw)}`
            : {
                path: `$${path(draw)}`,
                preserveNullAndEmptyArrays: draw.chance(0.5),
                ...(draw.chance(0.5) ? { includeArrayIndex: 'at' } : {}),
              },
        },
      ],
    ],
    [
      2,
      () => [
        {
          $lookup: {
            from: collection,
            localField: path(draw),
            foreignField: path(draw),
            as: 'found',
            ...(draw.chance(0.3) ? { pipeline: [{ $match: filter(draw, 1) }] } : {}),
          },
        },
        { $set: { found: { $sortArray: { input: '$found', sortBy: { _id: 1 } } } } },
      ],
    ],
    [1, () => [{ $replaceRoot: { newRoot: expression(draw, 2, 'document') } }]],
    [1, () => [{ $sortByCount: `$${path(draw)}` }, { $sort: { _id: 1 } }]],
    [1, () => [{ $count: 'n' }]],
    [
      0.7,
      () => [
        {
          $bucket: {
            groupBy: `$${field(draw)}`,
            boundaries: [0, 1, 3],
            ...(draw.chance(0.8) ? { default: draw.one<unknown>(['other', -1]) } : {}),
          },
        },
      ],
    ],
    [
      depth > 0 ? 0.7 : 0,
      () => [
        {
          $facet: {
            one: [{ $sort: { _id: 1 } }, ...stage(draw, collection, depth - 1)],
            two: [{ $match: filter(draw, 1) }, { $count: 'n' }],
          },
        },
      ],
    ],
    [
      depth > 0 ? 0.7 : 0,
      () => [{ $unionWith: { coll: collection, pipeline: stage(draw, collection, depth - 1) } }],
    ],
    [0.5, () => [{ $redact: draw.one(['$$KEEP', '$$PRUNE', '$$DESCEND']) }]],
    [
      0.5,
      () => [
        {
          $fill: {
            sortBy: { _id: 1 },
            output: { [field(draw)]: draw.one<unknown>([{ value: scalar(draw) }, { method: 'locf' }]) },
          },
        },
      ],
    ],
  );

export function pipeline(draw: Draw, collection: string): Document[] {
  const start = draw.chance(0.2)
    ? [{ $sort: sort(draw) }, { [draw.one(['$limit', '$skip'])]: 1 + draw.below(3) }]
    : [];
  return [{ $sort: { _id: 1 } }, ...start, ...draw.some([1, 3], () => stage(draw, collection, 1)).flat()];
}
