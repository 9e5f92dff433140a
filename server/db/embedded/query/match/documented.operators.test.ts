import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Long, MaxKey, MinKey } from 'bson';
import { describe, expect, it } from 'vitest';
import type { Doc } from '../../bson/values.ts';
import { UNDEFINED } from '../../bson/wrapper.ts';
import { stored } from '../../test/stored.ts';
import { compileFilter } from '../match.ts';
import { type Case, ctx, testTables } from '../test/matches.ts';

/** Cases of MongoDB's documented query operators, and of how it compares and walks. */

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
const long = (text: string): Long => Long.fromString(text);
const bytes = (...list: number[]): Binary => new Binary(Buffer.from(list));
const arrays: Case[] = [
  ['$size is of the array itself', { a: { $size: 1 } }, [{ a: [[1, 2]] }], [{ a: [[1], [1]] }]],
  ['$size takes a double that is whole', { a: { $size: new Double(2) } }, [{ a: [1, 2] }], []],
  ['$size below an array', { 'a.b': { $size: 2 } }, [{ a: [{ b: [1, 2] }] }], [{ a: [{ b: 1 }, { b: 2 }] }]],
  [
    '$all of an array: the whole, or an element',
    { a: { $all: [[1, 2]] } },
    [{ a: [1, 2] }, { a: [[1, 2], 3] }],
    [{ a: [2, 1] }],
  ],
  ['$all with null', { a: { $all: [null] } }, [{}, { a: null }, { a: [null, 1] }], [{ a: 1 }]],
  [
    '$all with patterns',
    { a: { $all: [new BSONRegExp('^x', ''), 'yz'] } },
    [{ a: ['xa', 'yz'] }],
    [{ a: ['yz'] }],
  ],
  ['$all below an array', { 'a.b': { $all: [1, 2] } }, [{ a: [{ b: 1 }, { b: 2 }] }], [{ a: [{ b: 1 }] }]],
  [
    '$elemMatch of a negation',
    { a: { $elemMatch: { $not: { $gt: 5 } } } },
    [{ a: [9, 1] }],
    [{ a: [9] }, { a: [] }, { a: 1 }],
  ],
  ['$elemMatch with $nin', { a: { $elemMatch: { $nin: [1, 2] } } }, [{ a: [1, 3] }], [{ a: [1, 2] }, {}]],
  [
    '$elemMatch with no condition wants a document or an array',
    { a: { $elemMatch: {} } },
    [{ a: [{}] }, { a: [[]] }],
    [{ a: [1] }, { a: [] }],
  ],
  [
    '$elemMatch takes an array in an array by its places',
    { a: { $elemMatch: { 0: 5 } } },
    [{ a: [[5, 6]] }],
    [{ a: [5] }],
  ],
  [
    '$elemMatch with $and',
    { a: { $elemMatch: { $and: [{ x: 1 }, { y: 2 }] } } },
    [{ a: [{ x: 1, y: 2 }] }],
    [{ a: [{ x: 1 }, { y: 2 }] }],
  ],
  [
    '$elemMatch below an array',
    { 'a.b': { $elemMatch: { x: 1 } } },
    [{ a: [{ b: [{ x: 1 }] }] }],
    [{ a: [{ b: { x: 1 } }] }],
  ],
  ['$in with an array', { a: { $in: [[1, 2]] } }, [{ a: [1, 2] }, { a: [[1, 2]] }], [{ a: 1 }]],
  [
    '$in with documents',
    { a: { $in: [{ x: 1 }] } },
    [{ a: { x: 1 } }, { a: [{ x: 1 }] }],
    [{ a: { x: 1, y: 1 } }],
  ],
  ['$in with text and symbols', { a: { $in: ['x'] } }, [{ a: new BSONSymbol('x') }], [{ a: new Code('x') }]],
  ['$not $size', { a: { $not: { $size: 1 } } }, [{}, { a: [] }, { a: 1 }], [{ a: [1] }]],
  ['$nor with missing', { $nor: [{ a: 1 }, { a: { $exists: false } }] }, [{ a: 2 }], [{}, { a: 1 }]],
  [
    'ranges over an array of arrays meet them whole',
    { a: { $gte: [2] } },
    [{ a: [[1]] }, { a: [3] }],
    [{ a: [1] }, { a: [1, 5] }],
  ],
];

const bits: Case[] = [
  [
    '$bitsAllSet by positions',
    { a: { $bitsAllSet: [1, 5] } },
    [{ a: 34 }, { a: new Double(34) }, { a: Long.fromNumber(54) }],
    [{ a: 2 }, { a: '34' }, {}],
  ],
  ['$bitsAllSet by mask', { a: { $bitsAllSet: 34 } }, [{ a: 54 }, { a: [1, 34] }], [{ a: 20 }]],
  [
    '$bitsAllSet by binary mask, lowest byte first',
    { a: { $bitsAllSet: bytes(0, 1) } },
    [{ a: 256 }, { a: bytes(0, 1) }],
    [{ a: 1 }, { a: bytes(1) }],
  ],
  ['$bitsAllClear', { a: { $bitsAllClear: [0, 2] } }, [{ a: 2 }, { a: 0 }, { a: bytes(2) }], [{ a: 4 }]],
  ['$bitsAnySet', { a: { $bitsAnySet: 6 } }, [{ a: 2 }, { a: 4 }], [{ a: 9 }]],
  ['$bitsAnyClear', { a: { $bitsAnyClear: 6 } }, [{ a: 2 }, { a: 0 }], [{ a: 7 }]],
  ['the sign goes on for ever', { a: { $bitsAllSet: [200] } }, [{ a: -1 }], [{ a: 1 }, { a: bytes(255) }]],
  [
    'bits beyond the bytes are clear',
    { a: { $bitsAllClear: [200] } },
    [{ a: bytes(255) }, { a: 1 }],
    [{ a: -1 }],
  ],
  ['no bits: all is met, any is not', { a: { $bitsAllSet: [] } }, [{ a: 0 }], [{ a: 'x' }]],
  [
    'numbers with a fraction or beyond 64 bits have no bits',
    { a: { $bitsAllClear: [0] } },
    [{ a: 2 }],
    [{ a: 2.5 }, { a: 2 ** 63 }, { a: Number.NaN }],
  ],
];

const others: Case[] = [
  ['$mod of a negative number keeps its sign', { a: { $mod: [4, -1] } }, [{ a: -5 }], [{ a: 5 }, { a: 3 }]],
  [
    '$mod cuts fractions',
    { a: { $mod: [new Double(4.9), new Double(1.2)] } },
    [{ a: new Double(5.7) }, { a: decimal('9.9') }],
    [{ a: 6 }],
  ],
  [
    '$mod of what does not fit into 64 bits',
    { a: { $mod: [2, 0] } },
    [{ a: long('9223372036854775806') }],
    [{ a: 2 ** 63 }, { a: Infinity }, { a: decimal('1E30') }],
  ],
  [
    '$regex meets an equal stored pattern',
    { a: { $regex: 'x', $options: 'i' } },
    [{ a: new BSONRegExp('x', 'i') }, { a: 'aXb' }],
    [{ a: new BSONRegExp('x', '') }],
  ],
  ['$regex with a pattern as value', { a: { $regex: new BSONRegExp('X', 'i') } }, [{ a: 'x' }], [{ a: 'y' }]],
  ['$options may stand before $regex', { a: { $options: 'i', $regex: 'X' } }, [{ a: 'x' }], []],
  ['$not of $regex', { a: { $not: { $regex: '^x' } } }, [{ a: 'y' }, {}, { a: 1 }], [{ a: 'xy' }]],
  ['$nin with a pattern', { a: { $nin: [new BSONRegExp('^x', '')] } }, [{ a: 'y' }, {}], [{ a: 'xy' }]],
  [
    '$type of several, by name and number',
    { a: { $type: ['string', 16, 'number'] } },
    [{ a: 'x' }, { a: 1 }, { a: decimal('1') }],
    [{ a: null }],
  ],
  ['$type with a code as double', { a: { $type: new Double(2) } }, [{ a: 'x' }], [{ a: 1 }]],
  ['$type -1 and 127', { a: { $type: [-1, 127] } }, [{ a: new MinKey() }, { a: new MaxKey() }], [{ a: 1 }]],
  [
    '$type array of an array in an array',
    { a: { $type: 'array' } },
    [{ a: [[]] }, { a: [1] }],
    [{ a: { 0: 1 } }],
  ],
  ['$type object of an element', { a: { $type: 'object' } }, [{ a: [1, {}] }], [{ a: [[{}]] }]],
  ['$alwaysTrue', { $alwaysTrue: 1 }, [{}], []],
  ['$alwaysFalse', { $alwaysFalse: 1 }, [], [{}]],
  [
    '$expr with a missing field',
    { $expr: { $eq: ['$a', '$b'] } },
    [{}, { a: 1, b: 1 }],
    [{ a: 1 }, { a: null }],
  ],
  ['$expr compares over types', { $expr: { $gt: ['$a', 5] } }, [{ a: 'x' }, { a: 6 }], [{ a: 5 }, {}]],
  ['$expr under $or', { $or: [{ a: 1 }, { $expr: { $eq: ['$b', 2] } }] }, [{ b: 2 }, { a: 1 }], [{ b: 1 }]],
];

const tables = { arrays, bits, others };

testTables(tables);

describe('as documented, refused', () => {
  it.each<[code: number, filter: Doc]>([
    [2, { a: UNDEFINED }],
    [2, { a: { $in: [UNDEFINED] } }],
    [2, { a: { $lt: UNDEFINED } }],
    [2, { a: { $ne: new BSONRegExp('x', '') } }],
    [2, { a: { $ref: 'c' } }],
    [2, { a: { $regex: 'a\0b' } }],
    [2, { a: { $regex: 'a', $options: 1 } }],
    [51075, { a: { $regex: new BSONRegExp('a', 'i'), $options: 'm' } }],
    [51108, { a: { $regex: 'a', $options: 'q' } }],
    [2, { a: { $type: 0 } }],
    [2, { a: { $type: 2.5 } }],
    [2, { a: { $type: 'missing' } }],
    [14, { a: { $type: true } }],
    [9, { a: { $type: [] } }],
    [2, { a: { $size: 2.5 } }],
    [2, { a: { $size: null } }],
    [2, { a: { $mod: [2, 0, 1] } }],
    [2, { a: { $mod: [Number.NaN, 1] } }],
    [2, { a: { $mod: ['2', 1] } }],
    [2, { a: { $mod: [new Double(0.5), 0] } }],
    [2, { a: { $all: [{ $elemMatch: { x: 1 } }, 5] } }],
    [2, { a: { $all: [{ $gt: 1 }] } }],
    [2, { a: { $nin: 5 } }],
    [2, { a: { $not: { b: 1 } } }],
    [2, { a: { $elemMatch: { $expr: true } } }],
    [2, { a: { $elemMatch: [1] } }],
    [2, { a: { $and: [{ b: 1 }] } }],
    [2, { $nor: [] }],
    [2, { $gt: 5 }],
    [2, { a: { $bitsAllSet: 'x' } }],
    [9, { a: { $bitsAllSet: -1 } }],
    [9, { a: { $bitsAnySet: 1.5 } }],
    [2, { a: { $bitsAnyClear: [-1] } }],
    [2, { a: { $bitsAllClear: ['1'] } }],
    [9, { $alwaysTrue: 2 }],
    [115, { a: { $geoWithin: {} } }],
    [115, { $sampleRate: 0.5 }],
  ])('with code %i: %j', (code, filter) => {
    expect(() => compileFilter(stored(filter), ctx)).toThrow(expect.objectContaining({ code }));
  });

  it('$expr where a condition is of elements', () => {
    const refused = (): unknown => compileFilter({ $expr: true }, ctx, { noExpr: true });
    expect(refused).toThrow(expect.objectContaining({ code: 224 }));
  });
});

describe('the place a match was found at', () => {
  it.each<[rule: string, filter: Doc, doc: Doc, place: number | undefined]>([
    ['is not a place that the path names', { 'a.1': 2 }, { a: [1, 2] }, undefined],
    [
      'is that of the first array when the path names one on',
      { 'a.b.0': 2 },
      { a: [{ b: [1] }, { b: [2] }] },
      1,
    ],
    ['is that within the array of a named place', { 'a.0.b': 2 }, { a: [[{ b: 1 }, { b: 2 }]] }, 1],
    ['comes from $exists', { a: { $exists: true } }, { a: [5] }, 0],
    ['comes from $in', { a: { $in: [7, 8] } }, { a: [5, 8] }, 1],
    ['comes from $all', { a: { $all: [5, 8] } }, { a: [1, 5, 8] }, 2],
    ['comes from the last condition that has one', { a: { $gte: 5, $lte: 8 } }, { a: [9, 6] }, 1],
    ['comes from $type', { a: { $type: 'string' } }, { a: [1, 'x'] }, 1],
    ['comes from bits', { a: { $bitsAllSet: [0] } }, { a: [2, 3] }, 1],
  ])('%s', (_rule, filter, doc, place) => {
    expect(compileFilter(stored(filter), ctx).match(stored(doc))?.positional).toBe(place);
  });
});
