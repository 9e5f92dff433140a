import { EJSON } from 'bson';
import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { compilePipeline } from './aggregate.ts';
import { aggregate, ctx } from './test/example.ts';

const ids = [{ $project: { _id: 1 } }];

describe('a stage', () => {
  it.each<[rule: string, stages: Doc[], result: Doc[]]>([
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
});
