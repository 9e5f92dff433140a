import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { pipelineFields } from './fields.ts';

describe('the fields that a pipeline reads', () => {
  it.each<[stages: Doc[], fields: string[] | undefined]>([
    [[], undefined],
    [[{ $match: { a: 1 } }], undefined],
    [
      [{ $match: { a: 1 } }, { $group: { _id: '$b.c', n: { $sum: '$d' } } }],
      ['a', 'b', 'd'],
    ],
    [[{ $group: { _id: null, all: { $push: '$$ROOT' } } }], undefined],
    [[{ $group: { _id: null, t: { $top: { sortBy: { 's.x': 1 }, output: '$o' } } } }], ['o', 's']],
    [[{ $unwind: '$tags' }, { $sortByCount: '$tags' }], ['tags']],
    [
      [{ $set: { x: { $add: ['$a', 1] } } }, { $project: { x: 1 } }],
      ['_id', 'a', 'x'],
    ],
    [[{ $project: { a: 0 } }, { $count: 'n' }], []],
    [[{ $project: { a: '$b', c: 1 } }], ['_id', 'a', 'b', 'c']],
    [
      [{ $sort: { 'a.b': 1 } }, { $limit: 3 }, { $replaceWith: '$doc' }],
      ['a', 'doc'],
    ],
    [[{ $facet: { one: [{ $count: 'n' }], two: [{ $group: { _id: '$a' } }] } }], ['a']],
    [[{ $facet: { one: [{ $count: 'n' }], two: [{ $limit: 1 }] } }], undefined],
    [[{ $bucket: { groupBy: '$p', boundaries: [0, 1], output: { m: { $max: '$q' } } } }], ['p', 'q']],
    [[{ $lookup: { from: 'x', as: 'y', localField: 'a', foreignField: 'b' } }, { $count: 'n' }], undefined],
    [[{ $set: { a: { $getField: 'b' } } }, { $count: 'n' }], undefined],
  ])('%j', (stages, fields) => {
    const found = pipelineFields(stages);
    expect(found && [...found].sort()).toEqual(fields);
  });
});
