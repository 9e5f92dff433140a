import { Double, EJSON, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { sortDocs } from '../bson/order.ts';
import { type Doc, decode, encode } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import { compilePipeline, type PipelineContext, runStages, type SourceRequest } from './aggregate.ts';

const now = new Date(0);
const stored = (doc: Doc): Doc => decode(encode(doc));

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
  const kept = (collections[collection] ?? []).map(stored).filter((doc) => filter.test(doc));
  const sorted = pushdown.sort ? sortDocs(kept, pushdown.sort) : kept;
  const skip = pushdown.skip ?? 0;
  for (const doc of sorted.slice(skip, pushdown.limit === undefined ? undefined : skip + pushdown.limit)) {
    // A rest between any two documents must change nothing.
    yield null;
    yield doc;
  }
}

const ctx: PipelineContext = { now, source, pace: { due: () => true } };

function aggregate(stages: Doc[]): string[] {
  const given = stored({ stages })['stages'] as Doc[];
  const pipeline = compilePipeline(given, ctx);
  const found: string[] = [];
  for (const doc of pipeline.run(
    pipeline.origin ?? source({ collection: 'items', pushdown: pipeline.pushdown }),
  ))
    if (doc) found.push(EJSON.stringify(doc));
  return found;
}

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
    [
      '$group of several',
      [
        { $sort: { _id: 1 } },
        {
          $group: {
            _id: null,
            first: { $firstN: { n: 2, input: '$_id' } },
            last: { $lastN: { n: 2, input: '$_id' } },
            least: { $minN: { n: 2, input: '$n' } },
            most: { $maxN: { n: 9, input: '$n' } },
            top: { $top: { sortBy: { n: -1 }, output: '$_id' } },
            bottom: { $bottom: { sortBy: { n: -1 }, output: '$_id' } },
            tops: { $topN: { n: 2, sortBy: { n: 1 }, output: ['$_id', '$n'] } },
            bottoms: { $bottomN: { n: 2, sortBy: { n: 1 }, output: '$_id' } },
          },
        },
      ],
      [
        {
          _id: null,
          first: [1, 2],
          last: [3, 4],
          least: [1, 1.5],
          most: [7, 3, 1.5, 1],
          top: 4,
          bottom: 2,
          tops: [
            [2, 1],
            [3, 1.5],
          ],
          bottoms: [1, 4],
        },
      ],
    ],
    [
      '$group of as many as the group says',
      [
        {
          $group: {
            _id: { k: '$kind' },
            f: { $firstN: { n: { $cond: [{ $eq: ['$k', 'a'] }, 1, 2] }, input: '$_id' } },
          },
        },
      ],
      [
        { _id: { k: 'a' }, f: [1] },
        { _id: { k: 'b' }, f: [2, 4] },
      ],
    ],
    [
      '$group by standard deviation',
      [{ $group: { _id: null, p: { $stdDevPop: '$age' }, s: { $stdDevSamp: { $multiply: ['$_id', 2] } } } }],
      [{ _id: null, p: null, s: 2.581988897471611 }],
    ],
    [
      '$bucket',
      [
        {
          $bucket: {
            groupBy: '$n',
            boundaries: [1, 2, 4],
            default: 'more',
            output: { ids: { $push: '$_id' } },
          },
        },
      ],
      [
        { _id: 1, ids: [2, 3] },
        { _id: 2, ids: [1] },
        { _id: 'more', ids: [4] },
      ],
    ],
    [
      '$bucketAuto',
      [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }],
      [
        { _id: { min: 1, max: 3 }, count: 2 },
        { _id: { min: 3, max: 7 }, count: 2 },
      ],
    ],
    [
      '$bucketAuto keeps equal values together',
      [{ $bucketAuto: { groupBy: '$kind', buckets: 3, output: { n: { $sum: 1 } } } }],
      [
        { _id: { min: 'a', max: 'b' }, n: 2 },
        { _id: { min: 'b', max: 'b' }, n: 2 },
      ],
    ],
    [
      '$graphLookup follows a field level by level',
      [
        { $match: { _id: 2 } },
        {
          $graphLookup: {
            from: 'people',
            startWith: 'Eva',
            connectFromField: 'chief',
            connectToField: 'name',
            as: 'chain',
            depthField: 'depth',
            maxDepth: 1,
          },
        },
        { $project: { chain: 1 } },
      ],
      [
        {
          _id: 2,
          chain: [
            { _id: 3, name: 'Eva', chief: 'Dan', depth: 0 },
            { _id: 2, name: 'Dan', chief: 'Cem', depth: 1 },
          ],
        },
      ],
    ],
    [
      '$graphLookup ends in a circle, and keeps to its filter',
      [
        { $match: { _id: 2 } },
        {
          $graphLookup: {
            from: 'people',
            startWith: ['Cem'],
            connectFromField: 'chief',
            connectToField: 'name',
            as: 'chain',
            restrictSearchWithMatch: { _id: { $lt: 3 } },
          },
        },
        { $project: { chain: '$chain.name' } },
      ],
      [{ _id: 2, chain: ['Cem'] }],
    ],
    [
      '$redact looks into documents',
      [
        { $match: { _id: 1 } },
        {
          $replaceWith: {
            level: 1,
            sub: [
              { level: 5, a: 1 },
              { level: 1, b: 2 },
            ],
            root: '$_id',
          },
        },
        {
          $redact: {
            $cond: [{ $and: [{ $lt: ['$level', 3] }, { $eq: ['$$ROOT.root', 1] }] }, '$$DESCEND', '$$PRUNE'],
          },
        },
      ],
      [{ level: 1, sub: [{ level: 1, b: 2 }], root: 1 }],
    ],
    [
      '$documents in $unionWith',
      [{ $limit: 1 }, { $unionWith: { pipeline: [{ $documents: [{ _id: 'd' }] }] } }, ...ids],
      [{ _id: 1 }, { _id: 'd' }],
    ],
    ['$sample of more than there is gives all', [{ $sample: { size: 9 } }, { $count: 'n' }], [{ n: 4 }]],
  ])('%s', (_rule, stages, result) => {
    expect(aggregate(stages)).toEqual(result.map((doc) => EJSON.stringify(doc)));
  });

  it.each<[code: number, rule: string, stages: Doc[]]>([
    [40324, 'an unknown stage', [{ $foo: 1 }]],
    [40601, '$out that is not the last', [{ $out: 'x' }, { $limit: 1 }]],
    [40105, '$graphLookup', [{ $graphLookup: {} }]],
    [40323, 'two stages in one', [{ $match: {}, $limit: 1 }]],
    [15958, '$limit 0', [{ $limit: 0 }]],
    [15976, 'an empty $sort', [{ $sort: {} }]],
    [15955, '$group without _id', [{ $group: { n: { $sum: 1 } } }]],
    [15952, 'an unknown accumulator', [{ $group: { _id: 1, n: { $foo: 1 } } }]],
    [115, '$median', [{ $group: { _id: 1, n: { $median: 1 } } }]],
    [28818, '$unwind without $', [{ $unwind: 'tags' }]],
    [9, '$lookup without as', [{ $lookup: { from: 'x', localField: 'a', foreignField: 'b' } }]],
    [40600, '$facet in $facet', [{ $facet: { a: [{ $facet: { b: [] } }] } }]],
    [40201, '$bucket of nothing', [{ $bucket: 1 }]],
    [40193, '$bucket between types', [{ $bucket: { groupBy: '$a', boundaries: [1, 'a'] } }]],
    [40194, '$bucket out of order', [{ $bucket: { groupBy: '$a', boundaries: [2, 1] } }]],
    [
      40199,
      '$bucket with a default between its boundaries',
      [{ $bucket: { groupBy: '$a', boundaries: [1, 3], default: 2 } }],
    ],
    [40243, '$bucketAuto into none', [{ $bucketAuto: { groupBy: '$a', buckets: 0 } }]],
    [115, "$bucketAuto's granularity", [{ $bucketAuto: { groupBy: '$a', buckets: 2, granularity: 'R5' } }]],
    [
      40101,
      '$graphLookup of negative depth',
      [
        {
          $graphLookup: {
            from: 'x',
            as: 'y',
            startWith: 1,
            connectFromField: 'a',
            connectToField: 'b',
            maxDepth: -1,
          },
        },
      ],
    ],
    [5787906, '$firstN without n', [{ $group: { _id: 1, f: { $firstN: { input: 1 } } } }]],
    [51047, '$out within $lookup', [{ $lookup: { from: 'x', as: 'y', pipeline: [{ $out: 'z' }] } }]],
    [
      40324,
      'an unknown stage within $lookup',
      [{ $lookup: { from: 'x', as: 'y', pipeline: [{ $foo: 1 }] } }],
    ],
    [5858203, '$documents that are none', [{ $documents: [1] }]],
    [115, '$setWindowFields', [{ $setWindowFields: {} }]],
    [40324, 'an unknown stage within $facet', [{ $facet: { a: [{ $foo: 1 }] } }]],
  ])('is refused with code %i: %s', (code, _rule, stages) => {
    expect(() => compilePipeline(stages, ctx)).toThrow(expect.objectContaining({ code }));
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
