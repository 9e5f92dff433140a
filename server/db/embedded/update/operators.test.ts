import { Decimal128, Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { codeOf } from '../test/stored.ts';
import { apply, type Extra, now } from './test/apply.ts';

const plain = (doc: Doc): unknown => JSON.parse(JSON.stringify(doc));

type Case = [rule: string, doc: Doc, update: Doc, result: Doc, extra?: Extra];

const cases: Case[] = [
  ['$set makes the documents its path lacks', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  [
    '$set makes new fields in lexicographic order',
    { z: 1 },
    { $set: { c: 1, a: 2, b: 3 } },
    { z: 1, a: 2, b: 3, c: 1 },
  ],
  ['$set keeps the place of a field that is there', { a: 1, b: 2 }, { $set: { a: 9 } }, { a: 9, b: 2 }],
  ['$set by number reaches an element', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
  [
    '$set beyond the end of an array pads with null',
    { a: [1] },
    { $set: { 'a.3': 9 } },
    { a: [1, null, null, 9] },
  ],
  ['$set by number in a document makes a field', { a: {} }, { $set: { 'a.0': 9 } }, { a: { 0: 9 } }],
  ['$set replaces a document whole', { a: { x: 1, y: 2 } }, { $set: { a: { y: 1 } } }, { a: { y: 1 } }],
  ['$unset takes a field away', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
  ['$unset of an element leaves null', { a: [1, 2, 3] }, { $unset: { 'a.1': '' } }, { a: [1, null, 3] }],
  ['$unset through a scalar does nothing', { a: 1 }, { $unset: { 'a.b': '' } }, { a: 1 }],
  ['$inc of a missing field sets it', {}, { $inc: { n: 3 } }, { n: 3 }],
  ['$inc adds', { n: 2 }, { $inc: { n: -5 } }, { n: -3 }],
  ['$mul multiplies', { n: 2 }, { $mul: { n: 4 } }, { n: 8 }],
  ['$mul of a missing field sets 0', {}, { $mul: { n: 4 } }, { n: 0 }],
  ['$min sets the lesser', { n: 5 }, { $min: { n: 3 } }, { n: 3 }],
  ['$min keeps the lesser', { n: 2 }, { $min: { n: 3 } }, { n: 2 }],
  ['$min of a missing field sets it', {}, { $min: { n: 3 } }, { n: 3 }],
  ['$max compares over types in BSON order', { n: 5 }, { $max: { n: 'x' } }, { n: 'x' }],
  ['$max treats null as less than numbers', { n: null }, { $max: { n: 1 } }, { n: 1 }],
  ['$rename moves a field', { a: 1, c: 2 }, { $rename: { a: 'b' } }, { c: 2, b: 1 }],
  ['$rename into a document', { a: 1 }, { $rename: { a: 'x.y' } }, { x: { y: 1 } }],
  ['$rename of a missing field does nothing', { c: 2 }, { $rename: { a: 'c.b' } }, { c: 2 }],
  ['$rename replaces its target', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  [
    '$setOnInsert is left out of an update',
    { a: 1 },
    { $set: { b: 1 }, $setOnInsert: { c: 1 } },
    { a: 1, b: 1 },
  ],
  [
    '$setOnInsert works when inserting',
    { a: 1 },
    { $setOnInsert: { c: 1 } },
    { a: 1, c: 1 },
    { inserting: true },
  ],
  ['$push appends', { a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }],
  ['$push makes an array of a missing field', {}, { $push: { a: 2 } }, { a: [2] }],
  ['$push appends an array as one element', { a: [1] }, { $push: { a: [2] } }, { a: [1, [2]] }],
  ['$push with $each appends all', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
  [
    '$position puts in front',
    { a: [1] },
    { $push: { a: { $each: [2, 3], $position: 0 } } },
    { a: [2, 3, 1] },
  ],
  [
    '$position below zero counts from the end',
    { a: [1, 2] },
    { $push: { a: { $each: [9], $position: -1 } } },
    { a: [1, 9, 2] },
  ],
  [
    '$slice below zero keeps the last',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: -2 } } },
    { a: [2, 3] },
  ],
  [
    '$slice above zero keeps the first',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: 2 } } },
    { a: [1, 2] },
  ],
  ['$slice 0 empties', { a: [1, 2] }, { $push: { a: { $each: [], $slice: 0 } } }, { a: [] }],
  ['$sort sorts values', { a: [3, 1] }, { $push: { a: { $each: [2], $sort: 1 } } }, { a: [1, 2, 3] }],
  [
    '$sort by several fields, then $slice',
    {
      a: [
        { s: 1, n: 2 },
        { s: 2, n: 1 },
      ],
    },
    { $push: { a: { $each: [{ s: 2, n: 3 }], $sort: { s: -1, n: -1 }, $slice: 2 } } },
    {
      a: [
        { s: 2, n: 3 },
        { s: 2, n: 1 },
      ],
    },
  ],
  ['$addToSet appends what is new', { a: [1] }, { $addToSet: { a: 2 } }, { a: [1, 2] }],
  [
    '$addToSet with $each drops doubles',
    { a: [1] },
    { $addToSet: { a: { $each: [2, 1, 2] } } },
    { a: [1, 2] },
  ],
  [
    '$addToSet counts the order of fields',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  ['$addToSet takes 1 and 1.0 for equal', { a: [new Double(1)] }, { $addToSet: { a: 1 } }, { a: [1] }],
  ['$pull takes all that are equal', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull by operator', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  ['$pull by $in', { a: ['x', 'y', 'z'] }, { $pull: { a: { $in: ['x', 'z'] } } }, { a: ['y'] }],
  ['$pull by fields', { a: [{ n: 1, m: 1 }, { n: 2 }] }, { $pull: { a: { n: 1 } } }, { a: [{ n: 2 }] }],
  [
    '$pull with $or filters elements',
    { a: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    { $pull: { a: { $or: [{ n: 1 }, { n: 3 }] } } },
    { a: [{ n: 2 }] },
  ],
  ['$pull by fields leaves scalars alone', { a: [1, { n: 1 }] }, { $pull: { a: { n: 1 } } }, { a: [1] }],
  ['$pull by pattern', { a: ['ab', 'b'] }, { $pull: { a: /^a/ } }, { a: ['b'] }],
  ['$pull from a missing field does nothing', { b: 1 }, { $pull: { a: 1 } }, { b: 1 }],
  ['$pullAll takes several', { a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  ['$pop takes the last', { a: [1, 2] }, { $pop: { a: 1 } }, { a: [1] }],
  ['$pop -1 takes the first', { a: [1, 2] }, { $pop: { a: -1 } }, { a: [2] }],
  [
    '$ stands for the matched element',
    { a: [1, 5, 5] },
    { $set: { 'a.$': 9 } },
    { a: [1, 9, 5] },
    { filter: { a: 5 } },
  ],
  [
    '$ goes on into the element',
    { a: [{ k: 1 }, { k: 2 }] },
    { $set: { 'a.$.v': 9 } },
    { a: [{ k: 1 }, { k: 2, v: 9 }] },
    { filter: { 'a.k': 2 } },
  ],
  [
    '$ by $elemMatch',
    {
      a: [
        { k: 1, n: 1 },
        { k: 1, n: 2 },
      ],
    },
    { $inc: { 'a.$.n': 1 } },
    {
      a: [
        { k: 1, n: 1 },
        { k: 1, n: 3 },
      ],
    },
    { filter: { a: { $elemMatch: { k: 1, n: 2 } } } },
  ],
  [
    '$ by $exists',
    { a: [{ k: 1 }, { v: 2 }] },
    { $set: { 'a.$.w': 1 } },
    { a: [{ k: 1 }, { v: 2, w: 1 }] },
    { filter: { 'a.v': { $exists: true } } },
  ],
  ['$ under $and', { a: [1, 2] }, { $set: { 'a.$': 0 } }, { a: [1, 0] }, { filter: { $and: [{ a: 2 }] } }],
  ['$[] is every element', { a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] }],
  [
    '$[id] is every element its filter meets',
    { a: [1, 5, 9] },
    { $set: { 'a.$[x]': 0 } },
    { a: [1, 0, 0] },
    { arrayFilters: [{ x: { $gte: 5 } }] },
  ],
  [
    '$[id] with fields',
    { a: [{ k: 1 }, { k: 2 }] },
    { $set: { 'a.$[x].v': 1 } },
    { a: [{ k: 1, v: 1 }, { k: 2 }] },
    { arrayFilters: [{ 'x.k': 1 }] },
  ],
  [
    '$[id] with $or in its filter',
    { a: [{ k: 1 }, { k: 2 }, { k: 3 }] },
    { $set: { 'a.$[x].v': 1 } },
    { a: [{ k: 1, v: 1 }, { k: 2 }, { k: 3, v: 1 }] },
    { arrayFilters: [{ $or: [{ 'x.k': 1 }, { 'x.k': 3 }] }] },
  ],
  [
    'filters see the elements as they were before the update',
    { a: [{ s: 'new' }] },
    { $set: { 'a.$[x].at': 1, 'a.$[x].s': 'old', 'a.$[x].z': 2 } },
    { a: [{ s: 'old', at: 1, z: 2 }] },
    { arrayFilters: [{ 'x.s': 'new' }] },
  ],
  [
    '$[] within $[id]',
    {
      a: [
        { k: 1, b: [1, 2] },
        { k: 2, b: [1] },
      ],
    },
    { $mul: { 'a.$[x].b.$[]': 10 } },
    {
      a: [
        { k: 1, b: [10, 20] },
        { k: 2, b: [1] },
      ],
    },
    { arrayFilters: [{ 'x.k': 1 }] },
  ],
  ['a replacement keeps the _id, in front', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  ['a replacement may repeat the _id', { _id: 1, a: 1 }, { b: 2, _id: 1 }, { _id: 1, b: 2 }],
  ['$currentDate is the one clock of the command', {}, { $currentDate: { at: true } }, { at: now }],
  [
    'operators on different paths all apply',
    { a: 1, l: [1] },
    { $inc: { a: 1 }, $push: { l: 2 }, $set: { z: 1 } },
    { a: 2, l: [1, 2], z: 1 },
  ],
  [
    '$set of an inserted _id comes first',
    { a: 1 },
    { $set: { _id: 7 } },
    { _id: 7, a: 1 },
    { inserting: true },
  ],
  ['a field called __proto__ is a field', {}, { $set: { 'x.y': 1 } }, { x: { y: 1 } }],
];

describe('an update', () => {
  it.each(cases)('%s', (_rule, doc, update, result, extra) => {
    const after = apply(doc, update, extra).doc;
    expect(plain(after)).toEqual(plain(result));
    expect(JSON.stringify(plain(after))).toBe(JSON.stringify(plain(result)));
  });
});

const idle: [rule: string, doc: Doc, update: Doc][] = [
  ['$set of the same value', { a: { b: [1] } }, { $set: { a: { b: [1] } } }],
  ['$set of the same _id', { _id: 1 }, { $set: { _id: 1 } }],
  ['$unset of what is missing', { a: 1 }, { $unset: { b: 1 } }],
  ['$inc by 0', { a: 1 }, { $inc: { a: 0 } }],
  ['$max of an equal value', { a: 1 }, { $max: { a: new Double(1) } }],
  ['$addToSet of what is there', { a: [1] }, { $addToSet: { a: 1 } }],
  ['$pull of what is not there', { a: [1] }, { $pull: { a: 2 } }],
  ['$pop of an empty array', { a: [] }, { $pop: { a: 1 } }],
  ['$push cut away by $slice', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: 2 } } }],
  ['$setOnInsert alone', { a: 1 }, { $setOnInsert: { b: 1 } }],
  ['an equal replacement', { _id: 1, a: 1 }, { a: 1 }],
  ['an empty $set', { a: 1 }, { $set: {} }],
];

describe('an update changes nothing', () => {
  it.each(idle)('%s', (_rule, doc, update) => {
    expect(apply(doc, update).changed).toBe(false);
  });

  it('but says so when only the type of a number changes', () => {
    expect(apply({ a: new Int32(1) }, { $set: { a: new Double(1) } }).changed).toBe(true);
    expect(apply({ a: new Int32(1) }, { $set: { a: Long.fromNumber(1) } }).changed).toBe(true);
  });
});

describe('numbers', () => {
  const resulting = (doc: Doc, update: Doc): unknown => apply(doc, update).doc['n'];

  it('grow from int32 to int64', () => {
    expect(resulting({ n: 2147483647 }, { $inc: { n: 1 } })).toEqual(Long.fromNumber(2147483648));
  });
  it('stay int64 once they are', () => {
    expect(resulting({ n: Long.fromNumber(1) }, { $inc: { n: 1 } })).toEqual(Long.fromNumber(2));
  });
  it('stay double, even whole', () => {
    expect(resulting({ n: new Double(1.5) }, { $inc: { n: new Double(0.5) } })).toEqual(new Double(2));
  });
  it('become decimal beside a decimal', () => {
    expect(String(resulting({ n: Decimal128.fromString('0.10') }, { $inc: { n: 1 } }))).toBe('1.10');
    expect(String(resulting({ n: new Double(0.1) }, { $mul: { n: Decimal128.fromString('3') } }))).toMatch(
      /^0\.30*$/,
    );
  });
  it('that overflow int64 are refused', () => {
    expect(codeOf(() => resulting({ n: Long.MAX_VALUE }, { $inc: { n: 1 } }))).toBe(2);
  });
});
