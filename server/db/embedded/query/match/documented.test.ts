import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { describe, expect, it } from 'vitest';
import type { Doc } from '../../bson/values.ts';
import { UNDEFINED } from '../../bson/wrapper.ts';
import { type Case, matches, testTables } from '../test/matches.ts';

/** Cases of MongoDB's documented query operators, and of how it compares and walks. */

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
const long = (text: string): Long => Long.fromString(text);
const bytes = (...list: number[]): Binary => new Binary(Buffer.from(list));
const id = new ObjectId('64b000000000000000000001');

/** One value of each class, in BSON order. */
const ladder: unknown[] = [
  new MinKey(),
  null,
  new Int32(1),
  'x',
  { a: 1 },
  [1],
  bytes(1),
  id,
  true,
  new Date(1),
  new Timestamp({ t: 1, i: 1 }),
  new BSONRegExp('x', ''),
  new MaxKey(),
];

const comparison: Case[] = [
  [
    'equality of a decimal is exact',
    { a: decimal('0.1') },
    [{ a: decimal('0.10') }],
    [{ a: new Double(0.1) }],
  ],
  ['a double that is a decimal exactly equals it', { a: decimal('0.5') }, [{ a: new Double(0.5) }], []],
  [
    'int64 beyond doubles equals itself alone',
    { a: long('9007199254740993') },
    [{ a: long('9007199254740993') }, { a: decimal('9007199254740993') }],
    [{ a: new Double(2 ** 53) }, { a: long('9007199254740992') }],
  ],
  ['minus zero is zero', { a: new Double(-0) }, [{ a: 0 }, { a: decimal('-0') }, { a: Long.ZERO }], []],
  ['NaN of a decimal is NaN', { a: Number.NaN }, [{ a: decimal('NaN') }], [{ a: 0 }]],
  ['$gte NaN takes NaN', { a: { $gte: Number.NaN } }, [{ a: Number.NaN }, { a: decimal('NaN') }], [{ a: 1 }]],
  ['$gt NaN takes nothing', { a: { $gt: Number.NaN } }, [], [{ a: Number.NaN }, { a: 1 }]],
  [
    '$gt of infinity takes nothing',
    { a: { $gt: Infinity } },
    [],
    [{ a: decimal('9E6000') }, { a: Infinity }],
  ],
  ['a decimal beyond doubles is below infinity', { a: { $lt: Infinity } }, [{ a: decimal('9E6000') }], []],
  ['a bool is no number', { a: true }, [{ a: true }], [{ a: 1 }]],
  ['$gt false', { a: { $gt: false } }, [{ a: true }], [{ a: false }, { a: 1 }]],
  ['$lt of a date', { a: { $lt: new Date(5) } }, [{ a: new Date(-5) }], [{ a: new Date(5) }, { a: 1 }]],
  [
    '$gt of a timestamp counts seconds, then increments, without sign',
    { a: { $gt: new Timestamp({ t: 1, i: 5 }) } },
    [{ a: new Timestamp({ t: 1, i: 6 }) }, { a: new Timestamp({ t: 0xffffffff, i: 0 }) }],
    [{ a: new Timestamp({ t: 1, i: 5 }) }, { a: new Date(9e12) }],
  ],
  [
    'binary data compares by length, then subtype, then bytes',
    { a: { $gt: bytes(9, 9) } },
    [{ a: bytes(0, 0, 0) }, { a: new Binary(Buffer.from([0, 0]), 4) }, { a: bytes(9, 10) }],
    [{ a: bytes(200) }, { a: bytes(9, 9) }],
  ],
  ['binary of another subtype is not equal', { a: bytes(1) }, [], [{ a: new Binary(Buffer.from([1]), 128) }]],
  [
    'ids compare by bytes',
    { a: { $lt: id } },
    [{ a: new ObjectId('00'.repeat(12)) }],
    [{ a: id }, { a: id.toHexString() }],
  ],
  ['a symbol is text', { a: 'x' }, [{ a: new BSONSymbol('x') }], [{ a: new Code('x') }]],
  ['code is no text', { a: new Code('x') }, [{ a: new Code('x') }], [{ a: 'x' }, { a: new Code('x', {}) }]],
  [
    '$gt of a document counts types, names, values',
    { a: { $gt: { x: 1 } } },
    [{ a: { x: 2 } }, { a: { y: 0 } }, { a: { x: 'a' } }],
    [{ a: { x: 1 } }, { a: {} }],
  ],
  [
    '$gt MinKey takes what is missing too',
    { a: { $gt: new MinKey() } },
    [{}, { a: null }, { a: [] }],
    [{ a: new MinKey() }],
  ],
  [
    '$gte MinKey takes all',
    { a: { $gte: new MinKey() } },
    [{}, { a: new MinKey() }, { a: new MaxKey() }],
    [],
  ],
  [
    '$lt MaxKey takes what is missing too',
    { a: { $lt: new MaxKey() } },
    [{}, { a: 1 }],
    [{ a: new MaxKey() }],
  ],
  ['$lt MinKey takes nothing', { a: { $lt: new MinKey() } }, [], [{}, { a: 1 }, { a: new MinKey() }]],
  [
    'MinKey equals MinKey alone',
    { a: new MinKey() },
    [{ a: new MinKey() }, { a: [new MinKey()] }],
    [{}, { a: null }],
  ],
  [
    '$lte of text stays with text',
    { a: { $lte: 'b' } },
    [{ a: 'b' }, { a: new BSONSymbol('a') }],
    [{ a: 'c' }, { a: 1 }],
  ],
  [
    '$eq of a pattern is of the pattern itself',
    { a: { $eq: new BSONRegExp('x', '') } },
    [{ a: new BSONRegExp('x', '') }],
    [{ a: 'x' }],
  ],
  ['$eq of a document that holds an operator', { a: { $eq: { $gt: 1 } } }, [{ a: { $gt: 1 } }], [{ a: 2 }]],
];

const nothing: Case[] = [
  ['null does not match undefined', { a: null }, [{ a: null }, {}], [{ a: UNDEFINED }]],
  [
    'null finds null in an array of arrays only at the first level',
    { a: null },
    [{ a: [null] }],
    [{ a: [[null]] }],
  ],
  [
    'null below an array of documents: one of them lacks the field',
    { 'a.b': null },
    [{ a: [{ b: 1 }, {}] }, { a: [{ b: null }] }],
    [{ a: [{ b: 1 }] }, { a: [1, 2] }, { a: [] }],
  ],
  [
    'null below two levels',
    { 'a.b.c': null },
    [{}, { a: {} }, { a: { b: 5 } }, { a: [{ b: {} }] }, { a: [{}] }],
    [{ a: { b: { c: 1 } } }, { a: { b: [] } }, { a: [5] }],
  ],
  [
    '$ne null below an array: none lacks it',
    { 'a.b': { $ne: null } },
    [{ a: [{ b: 1 }] }, { a: [] }, { a: [1] }],
    [{ a: [{ b: 1 }, {}] }, {}],
  ],
  ['$exists: true of null and of undefined', { a: { $exists: true } }, [{ a: null }, { a: UNDEFINED }], [{}]],
  ['$exists takes 1 and null for yes and no', { a: { $exists: 1 } }, [{ a: 0 }], [{}]],
  ['$exists: 0', { a: { $exists: 0 } }, [{}], [{ a: 0 }]],
  ['$exists: null', { a: { $exists: null } }, [{}], [{ a: 0 }]],
  ["$exists: '' is yes", { a: { $exists: '' } }, [{ a: 0 }], [{}]],
  [
    '$exists: false below an array: no element has it',
    { 'a.b': { $exists: false } },
    [{ a: [{}, 1] }, { a: [] }],
    [{ a: [{}, { b: 1 }] }],
  ],
  ['$type null is not missing', { a: { $type: 10 } }, [{ a: null }], [{}, { a: UNDEFINED }]],
  ['$type undefined', { a: { $type: 'undefined' } }, [{ a: UNDEFINED }], [{}, { a: null }]],
  ['$in with null', { a: { $in: [null] } }, [{}, { a: null }, { a: [null] }], [{ a: [] }, { a: UNDEFINED }]],
];

const paths: Case[] = [
  ['a place at the end is the element alone', { 'a.0': 1 }, [{ a: [1] }], [{ a: [[1]] }, { a: 1 }]],
  ['a place may hold an array as a whole', { 'a.0': [1, 2] }, [{ a: [[1, 2]] }], [{ a: [1, 2] }]],
  ['places one after the other', { 'a.0.1': 2 }, [{ a: [[1, 2]] }], [{ a: [[2, 1]] }]],
  [
    'a place, then fields of what is in the array there',
    { 'a.0.b': 1 },
    [{ a: [[{ b: 1 }]] }, { a: [{ b: [1] }] }],
    [{ a: [[[{ b: 1 }]]] }],
  ],
  ['a place with a leading zero is a name', { 'a.00': 1 }, [{ a: { '00': 1 } }], [{ a: [1] }]],
  [
    'a place in one of several arrays of documents',
    { 'a.b.1': 2 },
    [{ a: [{ b: [9] }, { b: [1, 2] }] }],
    [{ a: [{ b: [2, 1] }] }],
  ],
  [
    'arrays on two levels fan out',
    { 'a.b.c': 3 },
    [{ a: [{ b: [{ c: 1 }, { c: [3] }] }] }],
    [{ a: [{ b: [[{ c: 3 }]] }] }],
  ],
  ['an empty name is a name', { '': 1 }, [{ '': 1 }], [{ a: 1 }]],
  [
    'a field of {$ref, $id}',
    { 'a.$id': 5 },
    [{ a: { $ref: 'c', $id: 5 } }, { a: [{ $ref: 'c', $id: 5 }] }],
    [{ a: { $ref: 'c', $id: 6 } }],
  ],
  [
    '{$ref, $id} is a value',
    { a: { $ref: 'c', $id: 5 } },
    [{ a: { $ref: 'c', $id: 5 } }],
    [{ a: { $ref: 'c', $id: 5, $db: 'x' } }],
  ],
  [
    '$elemMatch over {$ref, $id}',
    { a: { $elemMatch: { $ref: 'c', $id: 5 } } },
    [{ a: [{ $ref: 'c', $id: 5, x: 1 }] }],
    [{ a: [{ $ref: 'c', $id: 6 }] }],
  ],
  [
    '$in takes {$ref, $id}',
    { a: { $in: [{ $ref: 'c', $id: 5 }] } },
    [{ a: { $ref: 'c', $id: 5 } }],
    [{ a: 5 }],
  ],
  [
    'fields called __proto__',
    { '__proto__.x': 1 },
    [JSON.parse('{"__proto__": {"x": 1}}') as Doc],
    [{ x: 1 }],
  ],
];

const tables = { comparison, nothing, paths };

testTables(tables);

describe('comparisons', () => {
  it('never cross from one class of values to another, but for MinKey and MaxKey', () => {
    ladder.forEach((bound, i) => {
      if (bound instanceof BSONRegExp) return;
      ladder.forEach((value, k) => {
        // An array is met element by element: here by the number in it.
        if (Array.isArray(value) || Array.isArray(bound)) return;
        const open = bound instanceof MinKey || bound instanceof MaxKey;
        const at = `${JSON.stringify(value)} against ${JSON.stringify(bound)}`;
        expect(matches({ a: { $gt: bound } }, { a: value }), at).toBe(open && k > i);
        expect(matches({ a: { $lt: bound } }, { a: value }), at).toBe(open && k < i);
        expect(matches({ a: { $gte: bound } }, { a: value }), at).toBe(i === k || (open && k > i));
        expect(matches({ a: bound }, { a: value }), at).toBe(i === k);
      });
    });
  });
});
