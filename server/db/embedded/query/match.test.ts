import { Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../bson/order.ts';
import { CommandError, type Doc } from '../bson/values.ts';
import { stored } from '../test/stored.ts';
import { compileFilter } from './match.ts';
import { type Case, ctx, matches, testCases } from './test/matches.ts';

const id = new ObjectId('64b000000000000000000001');

const cases: Case[] = [
  [
    'equality takes the types of numbers alike',
    { a: 1 },
    [{ a: 1 }, { a: new Double(1) }, { a: Long.fromNumber(1) }, { a: Decimal128.fromString('1.0') }],
    [{ a: 2 }, { a: '1' }, { a: true }],
  ],
  ['equality finds an element', { a: 2 }, [{ a: [1, 2] }], [{ a: [[2]] }, { a: [] }]],
  [
    'equality with an array is of the whole, or of an element',
    { a: [1, 2] },
    [{ a: [1, 2] }, { a: [[1, 2], 3] }],
    [{ a: [2, 1] }, { a: [1, 2, 3] }],
  ],
  [
    'equality with a document counts the order of fields',
    { a: { x: 1, y: 2 } },
    [{ a: { x: 1, y: 2 } }],
    [{ a: { y: 2, x: 1 } }, { a: { x: 1 } }],
  ],
  ['null matches null and missing', { a: null }, [{ a: null }, {}, { a: [1, null] }], [{ a: 0 }, { a: [] }]],
  [
    'null on a dotted path',
    { 'a.b': null },
    [{}, { a: 5 }, { a: { b: null } }, { a: [{ c: 1 }] }],
    [{ a: { b: 1 } }, { a: [] }, { a: [1] }, { a: [{ b: 1 }] }],
  ],
  ['ids are compared by bytes', { a: id }, [{ a: new ObjectId(id.id) }], [{ a: id.toHexString() }]],
  ['dates are compared by instant', { a: new Date(5) }, [{ a: new Date(5) }], [{ a: 5 }]],
  [
    'binary is compared by bytes',
    { a: Buffer.from([1, 200]) },
    [{ a: Buffer.from([1, 200]) }],
    [{ a: Buffer.from([1, 201]) }],
  ],
  [
    'dotted paths fan out over arrays',
    { 'a.b': 2 },
    [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: [1, 2] } }],
    [{ a: [{ b: 1 }] }],
  ],
  ['dotted paths do not enter arrays in arrays', { 'a.b': 1 }, [], [{ a: [[{ b: 1 }]] }]],
  ['a number names a place', { 'a.1': 2 }, [{ a: [1, 2] }, { a: { 1: 2 } }], [{ a: [2, 1] }]],
  ['a number on the way names a place', { 'a.1.b': 2 }, [{ a: [{ b: 1 }, { b: 2 }] }], [{ a: [{ b: 2 }] }]],
  ['a number may also be a field of an element', { 'a.0': 'x' }, [{ a: [{ 0: 'x' }] }], []],
  [
    'fields of Object.prototype are not there',
    { constructor: { $exists: true } },
    [{ constructor: 1 }],
    [{}],
  ],
  ['$eq is equality', { a: { $eq: 1 } }, [{ a: 1 }, { a: [1] }], [{ a: 2 }]],
  [
    '$ne matches missing, and no array that holds it',
    { a: { $ne: 1 } },
    [{}, { a: 2 }, { a: [] }],
    [{ a: 1 }, { a: [1, 2] }],
  ],
  ['$ne null wants a value', { a: { $ne: null } }, [{ a: 0 }], [{}, { a: null }]],
  [
    '$gt stays with its type',
    { a: { $gt: 5 } },
    [{ a: 6 }, { a: Long.fromNumber(6) }],
    [{ a: 5 }, { a: '6' }, { a: null }, {}, { a: new Date(9) }],
  ],
  ['$gte takes the end', { a: { $gte: 5 } }, [{ a: 5 }], [{ a: 4 }]],
  ['$lt of text', { a: { $lt: 'b' } }, [{ a: 'a' }, { a: '' }], [{ a: 'b' }, { a: 1 }]],
  ['$lte null matches null and missing only', { a: { $lte: null } }, [{}, { a: null }], [{ a: 0 }]],
  ['$gt null matches nothing', { a: { $gt: null } }, [], [{ a: 1 }, {}, { a: null }]],
  ['NaN is in no range', { a: { $lt: 5 } }, [{ a: 4 }], [{ a: Number.NaN }]],
  ['NaN equals NaN', { a: Number.NaN }, [{ a: Number.NaN }], [{ a: 1 }]],
  [
    'int64 is compared without rounding',
    { a: { $gt: Long.fromString('9007199254740992') } },
    [{ a: Long.fromString('9007199254740993') }],
    [{ a: new Double(2 ** 53) }],
  ],
  [
    '$gt MinKey goes over all types',
    { a: { $gt: new MinKey() } },
    [{ a: 1 }, { a: 'x' }, { a: null }],
    [{ a: new MinKey() }],
  ],
  [
    '$lt MaxKey goes over all types',
    { a: { $lt: new MaxKey() } },
    [{ a: 1 }, { a: 'x' }],
    [{ a: new MaxKey() }],
  ],
  ['two conditions may be met by two elements', { a: { $gt: 5, $lt: 3 } }, [{ a: [1, 9] }], [{ a: [4] }]],
  [
    'ranges of arrays compare whole arrays',
    { a: { $gt: [1] } },
    [{ a: [2] }, { a: [1, 0] }],
    [{ a: [0, 9] }, { a: 5 }],
  ],
  ['$in takes any', { a: { $in: [1, 'x', null] } }, [{ a: 1 }, { a: 'x' }, {}, { a: ['x'] }], [{ a: 2 }]],
  ['$in takes patterns', { a: { $in: [/^ab/, 1] } }, [{ a: 'abc' }, { a: 1 }], [{ a: 'b' }]],
  ['$in of nothing matches nothing', { a: { $in: [] } }, [], [{}, { a: 1 }]],
  ['$in compares numbers over types', { a: { $in: [1, 3, 5] } }, [{ a: new Double(3) }], [{ a: 4 }]],
  ['$nin matches missing', { a: { $nin: [1, 2] } }, [{}, { a: 3 }], [{ a: 1 }, { a: [1, 3] }]],
  ['$nin null wants a value', { a: { $nin: [null] } }, [{ a: 1 }], [{}]],
  ['$exists', { a: { $exists: true } }, [{ a: null }, { a: [] }], [{}]],
  ['$exists false', { a: { $exists: false } }, [{}], [{ a: null }]],
  [
    '$exists within an array',
    { 'a.b': { $exists: true } },
    [{ a: [{}, { b: 1 }] }],
    [{ a: [] }, { a: [{}] }],
  ],
  ['$type by alias, elements too', { a: { $type: 'string' } }, [{ a: 'x' }, { a: [1, 'x'] }], [{ a: 1 }, {}]],
  ['$type array is of the field itself', { a: { $type: 'array' } }, [{ a: [] }, { a: [1] }], [{ a: 1 }]],
  [
    '$type keeps doubles apart from ints',
    { a: { $type: 'double' } },
    [{ a: new Double(5) }],
    [{ a: new Int32(5) }],
  ],
  ['$type number', { a: { $type: 'number' } }, [{ a: 1 }, { a: new Double(1.5) }], [{ a: '1' }]],
  ['$type by code', { a: { $type: 7 } }, [{ a: id }], [{ a: 'x' }]],
  ['$type of several', { a: { $type: ['null', 'bool'] } }, [{ a: null }, { a: true }], [{}, { a: 1 }]],
  ['$regex', { a: { $regex: '^ab' } }, [{ a: 'abc' }, { a: ['x', 'ab'] }], [{ a: 'cab' }, { a: 1 }]],
  ['$regex with $options', { a: { $regex: 'AB', $options: 'i' } }, [{ a: 'xab' }], [{ a: 'xa' }]],
  ['a pattern as value', { a: /^س/ }, [{ a: 'سلام' }], [{ a: 'x' }]],
  ['a pattern matches the same stored pattern', { a: /x/i }, [{ a: /x/i }], [{ a: /x/ }]],
  ['a dot is one character, even beyond U+FFFF', { a: /^.$/ }, [{ a: '😀' }], [{ a: 'xy' }]],
  ['$ stands before a last newline too', { a: /b$/ }, [{ a: 'ab\n' }, { a: 'b' }], [{ a: 'b\nc' }]],
  ['m makes lines of \\n only', { a: { $regex: '^b$', $options: 'm' } }, [{ a: 'a\nb\nc' }], [{ a: 'a\rb' }]],
  ['s lets the dot cross lines', { a: { $regex: 'a.b', $options: 's' } }, [{ a: 'a\nb' }], [{ a: 'ab' }]],
  ['x drops blanks and comments', { a: { $regex: 'a b # c', $options: 'x' } }, [{ a: 'ab' }], [{ a: 'a b' }]],
  ['needless escapes are allowed', { a: { $regex: '^a\\-b\\_\\@c$' } }, [{ a: 'a-b_@c' }], [{ a: 'ab' }]],
  ['(?i) in front is an option', { a: { $regex: '(?i)^AB' } }, [{ a: 'abc' }], [{ a: 'b' }]],
  ['\\Q quotes', { a: { $regex: '^\\Qa.b\\E$' } }, [{ a: 'a.b' }], [{ a: 'axb' }]],
  ['$not negates', { a: { $not: { $gt: 5 } } }, [{ a: 5 }, {}, { a: 'x' }], [{ a: 6 }, { a: [1, 6] }]],
  ['$not of a pattern', { a: { $not: /^a/ } }, [{ a: 'b' }, {}], [{ a: 'ab' }]],
  ['$and', { $and: [{ a: 1 }, { b: 2 }] }, [{ a: 1, b: 2 }], [{ a: 1 }]],
  ['$or', { $or: [{ a: 1 }, { b: 2 }] }, [{ a: 1 }, { b: 2 }], [{ a: 2 }]],
  ['$nor', { $nor: [{ a: 1 }, { b: 2 }] }, [{}], [{ a: 1 }, { b: 2 }]],
  [
    '$elemMatch wants one element for all',
    { a: { $elemMatch: { x: 1, y: 2 } } },
    [{ a: [{ x: 1, y: 2 }] }],
    [{ a: [{ x: 1 }, { y: 2 }] }, { a: { x: 1, y: 2 } }],
  ],
  [
    '$elemMatch of values',
    { a: { $elemMatch: { $gt: 3, $lt: 6 } } },
    [{ a: [1, 5] }],
    [{ a: [1, 9] }, { a: 5 }],
  ],
  [
    '$elemMatch does not enter an array in an array',
    { a: { $elemMatch: { $gt: 3 } } },
    [{ a: [5] }],
    [{ a: [[5]] }],
  ],
  [
    '$elemMatch with $or',
    { a: { $elemMatch: { $or: [{ x: 1 }, { x: 2 }] } } },
    [{ a: [{ x: 2 }] }],
    [{ a: [{ x: 3 }] }],
  ],
  [
    '$elemMatch within $elemMatch',
    { a: { $elemMatch: { $elemMatch: { $eq: 1 } } } },
    [{ a: [[1]] }],
    [{ a: [1] }],
  ],
  ['$not $elemMatch', { a: { $not: { $elemMatch: { x: 1 } } } }, [{ a: [] }, {}], [{ a: [{ x: 1 }] }]],
  ['$size', { a: { $size: 2 } }, [{ a: [1, 2] }], [{ a: [1] }, { a: 'xx' }, {}]],
  ['$all wants every one', { a: { $all: [1, 2] } }, [{ a: [2, 1, 3] }], [{ a: [1] }]],
  ['$all of one matches a scalar', { a: { $all: [1] } }, [{ a: 1 }], [{ a: 2 }]],
  ['$all of nothing matches nothing', { a: { $all: [] } }, [], [{ a: [] }, { a: [1] }]],
  [
    '$all with $elemMatch',
    { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
    [{ a: [{ x: 1 }, { x: 2 }] }],
    [{ a: [{ x: 1 }] }],
  ],
  [
    '$mod',
    { a: { $mod: [4, 1] } },
    [{ a: 5 }, { a: new Double(5.9) }, { a: Long.fromNumber(9) }],
    [{ a: 6 }, { a: 'x' }],
  ],
  ['$expr compares fields', { $expr: { $gt: ['$a', '$b'] } }, [{ a: 2, b: 1 }], [{ a: 1, b: 2 }, {}]],
  ['$comment says nothing', { $comment: 'x', a: { $gt: 1, $comment: 'y' } }, [{ a: 2 }], [{ a: 1 }]],
  ['an empty filter matches all', {}, [{}, { a: 1 }], []],
];

describe('a filter', () => {
  testCases(cases);

  it('reads variables of the command in $expr', () => {
    const filter = compileFilter({ $expr: { $eq: ['$a', '$$x'] } }, { ...ctx, let: { x: 3 } });
    expect(filter.test({ a: 3 })).toBe(true);
    expect(filter.test({ a: 4 })).toBe(false);
  });

  it.each<[code: number, filter: Doc]>([
    [2, { $foo: 1 }],
    [2, { a: { $foo: 1 } }],
    [2, { a: { $gt: 1, b: 2 } }],
    [2, { $and: [] }],
    [2, { $or: 5 }],
    [2, { $or: [5] }],
    [2, { a: { $in: 5 } }],
    [2, { a: { $in: [{ $gt: 1 }] } }],
    [2, { a: { $all: 1 } }],
    [2, { a: { $not: 1 } }],
    [2, { a: { $not: {} } }],
    [2, { a: { $elemMatch: 1 } }],
    [2, { a: { $size: 'x' } }],
    [2, { a: { $size: -1 } }],
    [2, { a: { $mod: [0, 1] } }],
    [2, { a: { $mod: [2] } }],
    [2, { a: { $gt: /x/ } }],
    [2, { a: { $options: 'i' } }],
    [2, { a: { $regex: 5 } }],
    [2, { a: { $type: 'nope' } }],
    [51091, { a: { $regex: '(' } }],
    [51091, { a: { $regex: '[[:alpha:]]' } }],
    [51091, { a: { $regex: 'a++' } }],
    [115, { $text: { $search: 'x' } }],
    [115, { $where: 'true' }],
    [115, { $jsonSchema: {} }],
    [115, { a: { $near: [1, 2] } }],
  ])('is refused with code %i: %j', (code, filter) => {
    expect(() => compileFilter(stored(filter), ctx)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused as a CommandError that names its code', () => {
    const refused = (): unknown => compileFilter({ a: { $foo: 1 } }, ctx);
    expect(refused).toThrow(CommandError);
    expect(refused).toThrow(expect.objectContaining({ codeName: 'BadValue' }));
  });
});

describe('the place a match was found at', () => {
  const placeOf = (filter: Doc, doc: Doc): number | undefined =>
    compileFilter(filter, ctx).match(doc)?.positional;

  it.each<[rule: string, filter: Doc, doc: Doc, place: number | undefined]>([
    ['is the element', { a: 2 }, { a: [1, 2] }, 1],
    ['is that of the outermost array', { 'a.b': 2 }, { a: [{ b: [1] }, { b: [1, 2] }] }, 1],
    ['is that of $elemMatch', { a: { $elemMatch: { x: 2 } } }, { a: [{ x: 1 }, { x: 2 }] }, 1],
    ['comes from $exists too', { 'a.b': { $exists: true } }, { a: [{}, { b: 1 }] }, 1],
    ['comes from within $and', { $and: [{ x: 1 }, { a: 2 }] }, { x: 1, a: [1, 2] }, 1],
    ['does not come from $or', { $or: [{ a: 2 }] }, { a: [1, 2] }, undefined],
    ['does not come from a negation', { a: { $ne: 3 } }, { a: [1, 2] }, undefined],
    ['does not come from a whole array', { a: { $size: 2 } }, { a: [1, 2] }, undefined],
  ])('%s', (_rule, filter, doc, place) => {
    expect(placeOf(filter, doc)).toBe(place);
  });
});

describe('a filter against a naive reading', () => {
  const scalar = fc.constantFrom<unknown>(null, 0, 1, 2, 'a', 'b', true);
  const inner = fc.dictionary(
    fc.constantFrom('b', 'c'),
    fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })),
    { maxKeys: 2 },
  );
  const doc = fc.dictionary(
    fc.constantFrom('a', 'x'),
    fc.oneof(scalar, inner, fc.array(fc.oneof(scalar, inner), { maxLength: 3 })),
    { maxKeys: 2 },
  );
  const operator = fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne');
  const path = fc.constantFrom('a', 'a.b', 'x');

  /** Every value the path leads to, the plain way; null for one that is missing. */
  function valuesOf(from: unknown, parts: string[]): unknown[] {
    if (parts.length === 0) return Array.isArray(from) ? [...from, from] : [from];
    if (Array.isArray(from)) return from.flatMap((each) => (isPlain(each) ? valuesOf(each, parts) : []));
    if (!isPlain(from)) return [null];
    const next = (from as Doc)[parts[0]!];
    return next === undefined ? [null] : valuesOf(next, parts.slice(1));
  }
  const isPlain = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const typeOf = (value: unknown): string =>
    value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

  function naive(name: string, operand: unknown, values: unknown[]): boolean {
    if (name === '$ne') return !naive('$eq', operand, values);
    return values.some((value) => {
      if (typeOf(value) !== typeOf(operand)) return false;
      const order = compareValues(value, operand);
      if (operand === null) return name === '$eq' || name === '$gte' || name === '$lte';
      if (order === 0) return name === '$eq' || name === '$gte' || name === '$lte';
      return order > 0 ? name === '$gt' || name === '$gte' : name === '$lt' || name === '$lte';
    });
  }

  it('agrees on comparisons over nested arrays', () => {
    fc.assert(
      fc.property(doc, path, operator, scalar, (each, field, name, operand) => {
        const expected = naive(name, operand, valuesOf(each, field.split('.')));
        expect(matches({ [field]: { [name]: operand } }, each)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
