import { Binary, Code, Decimal128, Double, Long, MinKey, ObjectId, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { type Doc, decode, encode, keysOf, setField, typeAlias } from '../bson/values.ts';
import { UNDEFINED } from '../bson/wrapper.ts';
import { compileProjection } from '../query/projection.ts';
import { stored } from '../test/stored.ts';
import { apply, type Extra, now } from './test/apply.ts';

/** Cases of MongoDB's documented update operators; types of numbers are compared too. */

const long = (n: number): Long => Long.fromNumber(n);
const decimal = (text: string): Decimal128 => Decimal128.fromString(text);

const run = (doc: Doc, update: Doc | Doc[], extra?: Extra): Doc => apply(doc, update, extra).doc;

type Case = [rule: string, doc: Doc, update: Doc | Doc[], result: Doc, extra?: Extra];

const numbers: Case[] = [
  [
    '$inc int by int that overflows becomes int64',
    { n: 2147483647 },
    { $inc: { n: 1 } },
    { n: long(2147483648) },
  ],
  ['$inc int by int64 becomes int64', { n: 1 }, { $inc: { n: long(1) } }, { n: long(2) }],
  [
    '$inc int64 by double becomes double',
    { n: long(1) },
    { $inc: { n: new Double(0.5) } },
    { n: new Double(1.5) },
  ],
  ['$inc by a decimal becomes decimal', { n: 1 }, { $inc: { n: decimal('0.10') } }, { n: decimal('1.10') }],
  ['$inc of a missing field takes the type of the amount', {}, { $inc: { n: long(5) } }, { n: long(5) }],
  ['$mul of a missing field is zero of the amount’s type', {}, { $mul: { n: long(5) } }, { n: long(0) }],
  ['$mul of a missing field by a decimal', {}, { $mul: { n: decimal('5') } }, { n: decimal('0') }],
  ['$mul int that overflows becomes int64', { n: 2147483647 }, { $mul: { n: 2 } }, { n: long(4294967294) }],
  ['$mul by a double', { n: 10 }, { $mul: { n: new Double(1.5) } }, { n: new Double(15) }],
  ['$min over types: numbers before text', { n: 'x' }, { $min: { n: 5 } }, { n: 5 }],
  ['$min keeps a value that is equal in another type', { n: 5 }, { $min: { n: new Double(5) } }, { n: 5 }],
  ['$max over types: dates after text', { n: 'x' }, { $max: { n: new Date(1) } }, { n: new Date(1) }],
  ['$max of an array compares it whole', { n: [5] }, { $max: { n: 9 } }, { n: [5] }],
  ['$min of null sets null', { n: 1 }, { $min: { n: null } }, { n: null }],
  ['$min MinKey', { n: 1 }, { $min: { n: new MinKey() } }, { n: new MinKey() }],
  ['$bit and', { n: 13 }, { $bit: { n: { and: 10 } } }, { n: 8 }],
  ['$bit or', { n: 3 }, { $bit: { n: { or: 5 } } }, { n: 7 }],
  ['$bit xor', { n: 1 }, { $bit: { n: { xor: 5 } } }, { n: 4 }],
  ['$bit of a missing field begins at 0', {}, { $bit: { n: { or: 6 } } }, { n: 6 }],
  ['$bit with int64 becomes int64', { n: 1 }, { $bit: { n: { or: long(2) } } }, { n: long(3) }],
  ['$bit with several, one after the other', { n: 12 }, { $bit: { n: { and: 10, or: 1 } } }, { n: 9 }],
  ['$bit of a negative number', { n: -1 }, { $bit: { n: { and: 255 } } }, { n: 255 }],
];

const fields: Case[] = [
  [
    '$set keeps every other value as it was',
    { a: long(1), u: UNDEFINED, d: new Double(1) },
    { $set: { b: 1 } },
    { a: long(1), u: UNDEFINED, d: new Double(1), b: 1 },
  ],
  ['$set of a field with a $ in a document', { a: {} }, { $set: { 'a.$x': 1 } }, { a: { $x: 1 } }],
  ['$set below __proto__', {}, { $set: { '__proto__.x': 1 } }, JSON.parse('{"__proto__": {"x": 1}}') as Doc],
  [
    '$setOnInsert with fields of one document',
    { a: { x: 1 } },
    { $set: { 'a.y': 2 }, $setOnInsert: { 'a.z': 3 } },
    { a: { x: 1, y: 2, z: 3 } },
    { inserting: true },
  ],
  ['$unset below an element', { a: [{ b: 1, c: 2 }] }, { $unset: { 'a.0.b': '' } }, { a: [{ c: 2 }] }],
  ['$unset beyond the end of an array', { a: [1] }, { $unset: { 'a.5': '' } }, { a: [1] }],
  ['$rename of a whole document', { a: { x: 1 } }, { $rename: { a: 'b' } }, { b: { x: 1 } }],
  ['$rename out of a document', { a: { x: 1, y: 2 } }, { $rename: { 'a.x': 'x' } }, { a: { y: 2 }, x: 1 }],
  [
    '$rename into a document that is there',
    { a: 1, b: { x: 1 } },
    { $rename: { a: 'b.a' } },
    { b: { x: 1, a: 1 } },
  ],
  ['$rename of what is missing below a document', { a: {} }, { $rename: { 'a.x': 'b' } }, { a: {} }],
  ['$rename of an array', { a: [1] }, { $rename: { a: 'b' } }, { b: [1] }],
  ['$currentDate as date', {}, { $currentDate: { a: { $type: 'date' } } }, { a: now }],
  ['$currentDate below a document', {}, { $currentDate: { 'a.b': true } }, { a: { b: now } }],
];

const lists: Case[] = [
  ['$push of an array is one element', { a: [] }, { $push: { a: [1, 2] } }, { a: [[1, 2]] }],
  ['$push with nothing makes an empty array', {}, { $push: { a: { $each: [] } } }, { a: [] }],
  [
    '$push with $position beyond the end appends',
    { a: [1] },
    { $push: { a: { $each: [2], $position: 9 } } },
    { a: [1, 2] },
  ],
  [
    '$push with $position far below zero puts in front',
    { a: [1, 2] },
    { $push: { a: { $each: [0], $position: -9 } } },
    { a: [0, 1, 2] },
  ],
  [
    '$push with $slice of more than there is',
    { a: [1] },
    { $push: { a: { $each: [2], $slice: 9 } } },
    { a: [1, 2] },
  ],
  [
    '$push with a double as $slice',
    { a: [1, 2] },
    { $push: { a: { $each: [3], $slice: new Double(-2) } } },
    { a: [2, 3] },
  ],
  [
    '$push with $sort over types',
    { a: ['b', 2, null] },
    { $push: { a: { $each: [true], $sort: 1 } } },
    { a: [null, 2, 'b', true] },
  ],
  [
    '$push with $sort by a field within',
    { a: [{ x: { y: 2 } }, { x: { y: 1 } }] },
    { $push: { a: { $each: [], $sort: { 'x.y': 1 } } } },
    { a: [{ x: { y: 1 } }, { x: { y: 2 } }] },
  ],
  [
    '$push with $sort keeps the order of what is equal',
    { a: [{ k: 1, n: 1 }, { k: 0 }, { k: 1, n: 2 }] },
    { $push: { a: { $each: [], $sort: { k: 1 } } } },
    { a: [{ k: 0 }, { k: 1, n: 1 }, { k: 1, n: 2 }] },
  ],
  ['$push on an element’s array', { a: [{ l: [1] }] }, { $push: { 'a.0.l': 2 } }, { a: [{ l: [1, 2] }] }],
  [
    '$addToSet of a document with another order of fields',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { x: 1, y: 2 } } },
    { a: [{ x: 1, y: 2 }] },
  ],
  ['$addToSet of an array is one element', { a: [1] }, { $addToSet: { a: [1] } }, { a: [1, [1]] }],
  ['$addToSet leaves doubles that were there', { a: [1, 1] }, { $addToSet: { a: 1 } }, { a: [1, 1] }],
  [
    '$addToSet with $each on a missing field drops doubles',
    {},
    { $addToSet: { a: { $each: [1, 1, 2] } } },
    { a: [1, 2] },
  ],
  ['$pull null takes null alone', { a: [null, 1, UNDEFINED] }, { $pull: { a: null } }, { a: [1, UNDEFINED] }],
  [
    '$pull of an array takes an equal one',
    { a: [[1, 2], [2, 1], 1] },
    { $pull: { a: [1, 2] } },
    { a: [[2, 1], 1] },
  ],
  [
    '$pull of a document takes those that have its fields',
    { a: [{ x: 1, y: 1 }, { x: 2 }, 1, [{ x: 1 }]] },
    { $pull: { a: { x: 1 } } },
    { a: [{ x: 2 }, 1, [{ x: 1 }]] },
  ],
  [
    '$pull with $elemMatch',
    { a: [{ l: [{ q: 1, n: 4 }] }, { l: [{ q: 2, n: 4 }] }] },
    { $pull: { a: { l: { $elemMatch: { q: 2, n: { $gte: 3 } } } } } },
    { a: [{ l: [{ q: 1, n: 4 }] }] },
  ],
  [
    '$pull with $elemMatch on arrays in the array',
    { a: [[1, 2], [5]] },
    { $pull: { a: { $elemMatch: { $gt: 4 } } } },
    { a: [[1, 2]] },
  ],
  ['$pull with $nin', { a: [1, 2, 3] }, { $pull: { a: { $nin: [2] } } }, { a: [2] }],
  ['$pull with $not', { a: [1, 9] }, { $pull: { a: { $not: { $gt: 5 } } } }, { a: [9] }],
  ['$pull with $exists takes all', { a: [1, null] }, { $pull: { a: { $exists: true } } }, { a: [] }],
  [
    '$pull with an operator meets arrays in the array by their elements',
    { a: [[1, 9], [1]] },
    { $pull: { a: { $gt: 5 } } },
    { a: [[1]] },
  ],
  [
    '$pull on every element’s array',
    { a: [{ l: [1, 2] }, { l: [2] }] },
    { $pull: { 'a.$[].l': 2 } },
    { a: [{ l: [1] }, { l: [] }] },
  ],
  [
    '$pullAll takes equal documents only',
    { a: [{ x: 1 }, { x: 1, y: 1 }] },
    { $pullAll: { a: [{ x: 1 }] } },
    { a: [{ x: 1, y: 1 }] },
  ],
  ['$pullAll with a number of another type', { a: [1, 2] }, { $pullAll: { a: [new Double(1)] } }, { a: [2] }],
  ['$pop of an array in a document', { a: { b: [1, 2] } }, { $pop: { 'a.b': -1 } }, { a: { b: [2] } }],
];

const positions: Case[] = [
  [
    '$ with the first of several matches',
    { a: [80, 80] },
    { $set: { 'a.$': 82 } },
    { a: [82, 80] },
    { filter: { a: 80 } },
  ],
  [
    '$ through a document in the array',
    {
      g: [
        { m: 1, s: 1 },
        { m: 2, s: 2 },
      ],
    },
    { $set: { 'g.$.s': 6 } },
    {
      g: [
        { m: 1, s: 1 },
        { m: 2, s: 6 },
      ],
    },
    { filter: { 'g.m': 2 } },
  ],
  [
    '$ with $unset leaves null',
    { a: [1, 2] },
    { $unset: { 'a.$': '' } },
    { a: [1, null] },
    { filter: { a: 2 } },
  ],
  [
    '$ on another array takes the same place',
    { a: [1, 2], b: [5, 6] },
    { $set: { 'b.$': 0 } },
    { a: [1, 2], b: [5, 0] },
    { filter: { a: 2 } },
  ],
  [
    '$[] of documents',
    { a: [{ n: 1 }, { n: 2 }] },
    { $inc: { 'a.$[].n': 10 } },
    { a: [{ n: 11 }, { n: 12 }] },
  ],
  ['$[] within $[]', { a: [[1, 2], [3]] }, { $inc: { 'a.$[].$[]': 1 } }, { a: [[2, 3], [4]] }],
  [
    '$[id] within $[]',
    { a: [{ l: [1, 5] }, { l: [7] }] },
    { $set: { 'a.$[].l.$[x]': 0 } },
    { a: [{ l: [1, 0] }, { l: [0] }] },
    { arrayFilters: [{ x: { $gt: 4 } }] },
  ],
  [
    'two identifiers',
    {
      a: [
        { t: 'x', l: [1, 2] },
        { t: 'y', l: [1] },
      ],
    },
    { $set: { 'a.$[o].l.$[i]': 9 } },
    {
      a: [
        { t: 'x', l: [9, 2] },
        { t: 'y', l: [1] },
      ],
    },
    { arrayFilters: [{ 'o.t': 'x' }, { i: 1 }] },
  ],
  [
    'an identifier with $ne',
    { a: [{ t: 1 }, { t: 2 }] },
    { $set: { 'a.$[e].v': 1 } },
    { a: [{ t: 1 }, { t: 2, v: 1 }] },
    { arrayFilters: [{ 'e.t': { $ne: 1 } }] },
  ],
  [
    'one identifier twice',
    { a: [1], b: [1, 2] },
    { $set: { 'a.$[e]': 0, 'b.$[e]': 0 } },
    { a: [0], b: [0, 2] },
    { arrayFilters: [{ e: 1 }] },
  ],
  [
    'an identifier that nothing meets',
    { a: [1] },
    { $set: { 'a.$[e]': 0 } },
    { a: [1] },
    { arrayFilters: [{ e: 5 }] },
  ],
];

const tables = { numbers, fields, lists, positions };

describe.each(Object.entries(tables))('an update as documented: %s', (_name, cases) => {
  it.each(cases)('%s', (_rule, doc, update, result, extra) => {
    const after = run(doc, update, extra);
    const wanted = stored(result);
    expect(keysOf(after)).toEqual(keysOf(wanted));
    expect(encode(after).toString('hex'), JSON.stringify(after)).toBe(encode(wanted).toString('hex'));
  });
});

describe('values', () => {
  it('of every type go through an update unchanged', () => {
    const doc: Doc = {
      _id: 1,
      double: new Double(5),
      long: Long.fromString('9007199254740993'),
      decimal: decimal('1.000'),
      binary: new Binary(Buffer.from([1, 2]), 128),
      code: new Code('x', { a: 1 }),
      time: new Timestamp({ t: 5, i: 6 }),
      id: new ObjectId(),
      nested: [{ b: [UNDEFINED, new MinKey()] }],
    };
    const before = stored(doc);
    const after = run(doc, { $set: { z: 1 } });
    for (const key of Object.keys(before)) {
      expect(typeAlias(after[key])).toBe(typeAlias(before[key]));
      expect(encode({ v: after[key] }).equals(encode({ v: before[key] }))).toBe(true);
    }
  });

  it('keep their order, numbers among names too, through a change, a new field and a projection', () => {
    const doc: Doc = {};
    for (const name of ['_id', 'b', '1', 'a', '0']) setField(doc, name, 1);
    const after = run(decode(encode(doc)), { $set: { a: 2, 5: 1 }, $unset: { b: '' } });
    expect(keysOf(decode(encode(after)))).toEqual(['_id', '1', 'a', '0', '5']);
    const projected = compileProjection({ a: 0 }, { now })(after);
    expect(keysOf(decode(encode(projected)))).toEqual(['_id', '1', '0', '5']);
  });

  it('of new fields come in the order of their names, numbers by their size', () => {
    expect(keysOf(run({ z: 1 }, { $set: { b: 1, 10: 1, 2: 1 } }))).toEqual(['z', '2', '10', 'b']);
  });
});
