import { EJSON } from 'bson';
import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { compilePipeline, runStages } from './aggregate.ts';
import { aggregate, ctx } from './test/example.ts';

const ids = [{ $project: { _id: 1 } }];

describe('a pipeline', () => {
  it.each<[rule: string, stages: Doc[], result: Doc[]]>([
    [
      '$match, $sort, $skip, $limit',
      [{ $match: { n: { $gt: 1 } } }, { $sort: { n: -1 } }, { $skip: 1 }, { $limit: 1 }, ...ids],
      [{ _id: 1 }],
    ],
    [
      '$limit before $sort takes the first it finds',
      [{ $limit: 2 }, { $sort: { n: 1 } }, ...ids],
      [{ _id: 2 }, { _id: 1 }],
    ],
    [
      '$match after $limit is not drawn before it',
      [{ $limit: 2 }, { $match: { kind: 'b' } }, ...ids],
      [{ _id: 2 }],
    ],
    [
      '$match after $group',
      [{ $group: { _id: '$kind', n: { $sum: '$n' } } }, { $match: { n: { $gt: 5 } } }],
      [{ _id: 'b', n: 8 }],
    ],
    [
      '$sort with $limit behind it',
      [{ $set: { m: { $multiply: ['$n', -1] } } }, { $sort: { m: 1 } }, { $limit: 2 }, ...ids],
      [{ _id: 4 }, { _id: 1 }],
    ],
    [
      '$group sums over the types of numbers',
      [{ $group: { _id: null, sum: { $sum: '$n' }, avg: { $avg: '$n' } } }],
      [{ _id: null, sum: 12.5, avg: 3.125 }],
    ],
    [
      '$group min, max, first, last',
      [
        {
          $group: {
            _id: '$kind',
            lo: { $min: '$n' },
            hi: { $max: '$n' },
            f: { $first: '$_id' },
            l: { $last: '$_id' },
          },
        },
      ],
      [
        { _id: 'a', lo: 1.5, hi: 3, f: 1, l: 3 },
        { _id: 'b', lo: 1, hi: 7, f: 2, l: 4 },
      ],
    ],
    [
      '$group push leaves missing out',
      [{ $group: { _id: null, t: { $push: '$tags' } } }],
      [{ _id: null, t: [['x', 'y'], [], null] }],
    ],
    [
      '$group addToSet',
      [{ $group: { _id: null, k: { $addToSet: '$kind' } } }],
      [{ _id: null, k: ['a', 'b'] }],
    ],
    [
      '$group count',
      [{ $group: { _id: '$kind', n: { $count: {} } } }],
      [
        { _id: 'a', n: 2 },
        { _id: 'b', n: 2 },
      ],
    ],
    [
      '$group by a document',
      [{ $group: { _id: { k: '$kind' }, n: { $sum: 1 } } }],
      [
        { _id: { k: 'a' }, n: 2 },
        { _id: { k: 'b' }, n: 2 },
      ],
    ],
    ['$group takes missing for null', [{ $group: { _id: '$nope', n: { $sum: 1 } } }], [{ _id: null, n: 4 }]],
    [
      '$group of nothing gives nothing',
      [{ $match: { _id: 99 } }, { $group: { _id: null, n: { $sum: 1 } } }],
      [],
    ],
    ['$count', [{ $match: { kind: 'a' } }, { $count: 'n' }], [{ n: 2 }]],
    ['$count of nothing gives nothing', [{ $match: { kind: 'z' } }, { $count: 'n' }], []],
    [
      '$sortByCount',
      [{ $match: { _id: { $ne: 4 } } }, { $sortByCount: '$kind' }],
      [
        { _id: 'a', count: 2 },
        { _id: 'b', count: 1 },
      ],
    ],
    [
      '$unwind drops null, missing and empty',
      [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
      [
        { _id: 1, tags: 'x' },
        { _id: 1, tags: 'y' },
      ],
    ],
    [
      '$unwind keeps them when told',
      [{ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } }, { $project: { tags: 1 } }],
      [{ _id: 1, tags: 'x' }, { _id: 1, tags: 'y' }, { _id: 2 }, { _id: 3 }, { _id: 4, tags: null }],
    ],
    [
      '$unwind with the place',
      [
        { $match: { _id: 1 } },
        { $unwind: { path: '$tags', includeArrayIndex: 'i' } },
        { $project: { i: 1 } },
      ],
      [
        { _id: 1, i: 0 },
        { _id: 1, i: 1 },
      ],
    ],
    [
      '$unwind of a scalar takes it as one element',
      [{ $match: { _id: 1 } }, { $unwind: '$kind' }, ...ids],
      [{ _id: 1 }],
    ],
    [
      '$set and $addFields',
      [
        { $match: { _id: 1 } },
        { $set: { n: 0, 'deep.x': '$n' } },
        { $addFields: { 'deep.y': 1 } },
        { $project: { n: 1, deep: 1 } },
      ],
      [{ _id: 1, n: 0, deep: { x: 3, y: 1 } }],
    ],
    [
      '$set of several fields reads them all before',
      [{ $match: { _id: 1 } }, { $set: { n: '$owner', owner: '$n' } }, { $project: { n: 1, owner: 1 } }],
      [{ _id: 1, n: 10, owner: 3 }],
    ],
    [
      '$set with $$REMOVE takes a field away',
      [{ $match: { _id: 2 } }, { $set: { tags: '$$REMOVE', owner: '$$REMOVE' } }],
      [{ _id: 2, kind: 'b', n: 1 }],
    ],
    ['$unset', [{ $match: { _id: 2 } }, { $unset: ['tags', 'owner'] }], [{ _id: 2, kind: 'b', n: 1 }]],
    ['$replaceRoot', [{ $match: { _id: 2 } }, { $replaceRoot: { newRoot: { k: '$kind' } } }], [{ k: 'b' }]],
    [
      '$replaceWith',
      [{ $match: { _id: 2 } }, { $replaceWith: { $mergeObjects: [{ z: 1 }, { n: '$n' }] } }],
      [{ z: 1, n: 1 }],
    ],
    [
      '$facet runs each over the same documents',
      [{ $facet: { n: [{ $count: 'n' }], a: [{ $match: { kind: 'a' } }, ...ids] } }],
      [{ n: [{ n: 4 }], a: [{ _id: 1 }, { _id: 3 }] }],
    ],
    [
      '$lookup by field',
      [
        { $match: { _id: 1 } },
        { $lookup: { from: 'owners', localField: 'owner', foreignField: '_id', as: 'o' } },
        { $project: { 'o.name': 1 } },
      ],
      [{ _id: 1, o: [{ name: 'Ada' }] }],
    ],
    [
      '$lookup by an array meets every element',
      [
        { $match: { _id: 3 } },
        { $lookup: { from: 'owners', localField: 'owner', foreignField: '_id', as: 'o' } },
        { $project: { n: { $size: '$o' } } },
      ],
      [{ _id: 3, n: 2 }],
    ],
    [
      '$lookup takes missing for null',
      [
        { $match: { _id: 4 } },
        { $lookup: { from: 'owners', localField: 'owner', foreignField: 'nope', as: 'o' } },
        { $project: { n: { $size: '$o' } } },
      ],
      [{ _id: 4, n: 2 }],
    ],
    [
      '$lookup with field and pipeline runs it over the matches only',
      [
        { $match: { _id: 3 } },
        {
          $lookup: {
            from: 'owners',
            localField: 'owner',
            foreignField: '_id',
            pipeline: [{ $match: { age: { $lt: 30 } } }, { $project: { _id: 0, name: 1 } }],
            as: 'o',
          },
        },
        { $project: { o: 1 } },
      ],
      [{ _id: 3, o: [{ name: 'Bob' }] }],
    ],
    [
      '$lookup with variables',
      [
        { $match: { _id: 1 } },
        {
          $lookup: {
            from: 'owners',
            let: { w: '$owner' },
            pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$w'] } } }, { $set: { w: '$$w' } }],
            as: 'o',
          },
        },
        { $project: { 'o.w': 1, 'o.name': 1 } },
      ],
      [{ _id: 1, o: [{ name: 'Ada', w: 10 }] }],
    ],
    [
      '$unionWith',
      [
        { $match: { _id: 1 } },
        { $unionWith: { coll: 'owners', pipeline: [{ $match: { age: 20 } }] } },
        ...ids,
      ],
      [{ _id: 1 }, { _id: 11 }],
    ],
    ['$sample of more than there is gives all', [{ $sample: { size: 9 } }, { $count: 'n' }], [{ n: 4 }]],
  ])('%s', (_rule, stages, result) => {
    expect(aggregate(stages)).toEqual(result.map((doc) => EJSON.stringify(doc)));
  });

  it('gives the planner what stands in front', () => {
    const stages = [
      { $match: { a: 1 } },
      { $match: { b: 2 } },
      { $sort: { c: 1 } },
      { $skip: 2 },
      { $limit: 3 },
      { $match: { d: 4 } },
    ];
    const { pushdown, rest } = compilePipeline(stages, ctx);
    expect(pushdown).toEqual({ filter: { $and: [{ a: 1 }, { b: 2 }] }, sort: { c: 1 }, skip: 2, limit: 3 });
    expect(rest).toEqual([{ $match: { d: 4 } }]);
  });

  it('asks for rests while it groups, sorts and gives what it has', () => {
    const docs = Array.from({ length: 5000 }, (_, i) => ({ _id: i, n: (i * 7919) % 5000 }));
    const stages = [{ $sort: { n: 1 } }, { $group: { _id: '$n' } }, { $sort: { _id: -1 } }];
    let rests = 0;
    let last = 5000;
    for (const doc of runStages(docs, stages, ctx)) {
      if (doc) expect(doc['_id']).toBe(--last);
      else rests += 1;
    }
    expect(last).toBe(0);
    expect(rests).toBeGreaterThan(500);
  });

  it('ends when the pace says so', () => {
    function* endless(): Generator<Doc> {
      for (let i = 0; ; i++) yield { _id: i };
    }
    const pace = {
      due: () => {
        throw new Error('out of time');
      },
    };
    const run = () => [
      ...runStages(endless(), [{ $unwind: '$_id' }, { $group: { _id: '$_id' } }], { ...ctx, pace }),
    ];
    expect(run).toThrow('out of time');
  });
});
