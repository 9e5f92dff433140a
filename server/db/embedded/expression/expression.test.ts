import { Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { type Doc, typeAlias } from '../bson/values.ts';
import { stored } from '../test/stored.ts';
import { compileExpression, evaluateLet } from './expression.ts';

const now = new Date('2024-03-05T10:20:30.456Z');
const id = new ObjectId('64b000000000000000000001');
const big = Long.fromString('9007199254740993');

const doc: Doc = {
  _id: 1,
  n: 5,
  d: new Double(2.5),
  l: big,
  m: Decimal128.fromString('1.10'),
  s: 'Salam',
  z: null,
  a: [3, 1, 2],
  o: { x: 1, y: { z: 2 } },
  list: [{ k: 'a', v: 1 }, { k: 'b', v: 2 }, { q: 1 }],
  at: now,
  id,
  yes: true,
};

/** What BSON shows of a value: type and text, so that 5 (int) and 5 (double) differ. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  const type = typeAlias(value);
  if (type === 'object') {
    return `{${Object.entries(value as Doc)
      .map(([key, each]) => `${key}: ${shown(each)}`)
      .join(', ')}}`;
  }
  if (value instanceof Date) return `date ${value.toISOString()}`;
  return type === 'string' || type === 'bool' ? String(value) : `${type} ${String(value)}`;
}

/** A branch of $switch; spelled so that no object here looks like a promise to the linter. */
const when = (test: unknown, result: unknown): Doc =>
  Object.fromEntries([
    ['case', test],
    ['then', result],
  ]);

const evaluate = (expr: unknown, over: Doc = doc): unknown =>
  compileExpression(stored({ expr })['expr'], { now })(stored(over));

describe('an expression', () => {
  it.each<[expr: unknown, result: string]>([
    ['$n', 'int 5'],
    ['$o.y.z', 'int 2'],
    ['$list.k', '[a, b]'],
    ['$a.0', '[]'],
    ['$nope', 'missing'],
    ['$$ROOT.n', 'int 5'],
    ['$$CURRENT.n', 'int 5'],
    ['$$NOW', 'date 2024-03-05T10:20:30.456Z'],
    ['$$REMOVE', 'missing'],
    ['text', 'text'],
    [{ a: '$n', b: '$nope', c: { d: 1 } }, '{a: int 5, c: {d: int 1}}'],
    [['$n', '$nope'], '[int 5, null]'],
    [{ $literal: '$n' }, '$n'],
    [{ $add: ['$n', 1] }, 'int 6'],
    [{ $add: ['$n', '$d'] }, 'double 7.5'],
    [{ $add: ['$l', 1] }, 'long 9007199254740994'],
    [{ $add: ['$m', 1] }, 'decimal 2.10'],
    [{ $add: ['$n', null] }, 'null'],
    [{ $add: ['$at', 1000] }, 'date 2024-03-05T10:20:31.456Z'],
    [{ $add: [2147483647, 1] }, 'long 2147483648'],
    [{ $add: [{ $literal: Long.MAX_VALUE }, 1] }, 'double 9223372036854776000'],
    [{ $subtract: ['$n', 7] }, 'int -2'],
    [{ $subtract: ['$at', new Date(now.getTime() - 5)] }, 'long 5'],
    [{ $subtract: ['$at', 456] }, 'date 2024-03-05T10:20:30.000Z'],
    [{ $multiply: ['$n', '$d'] }, 'double 12.5'],
    [{ $divide: ['$n', 2] }, 'double 2.5'],
    [{ $divide: [Decimal128.fromString('1'), 3] }, 'decimal 0.3333333333333333333333333333333333'],
    [{ $divide: [Decimal128.fromString('6'), 3] }, 'decimal 2'],
    [{ $mod: [-7, 3] }, 'int -1'],
    [{ $abs: -5 }, 'int 5'],
    [{ $ceil: '$d' }, 'double 3'],
    [{ $floor: { $multiply: ['$d', -1] } }, 'double -3'],
    [{ $round: ['$d'] }, 'double 2'],
    [{ $round: [new Double(3.5), 0] }, 'double 4'],
    [{ $round: [new Double(1.2345), 2] }, 'double 1.23'],
    [{ $round: [1250, -2] }, 'int 1200'],
    [{ $trunc: [new Double(-1.29), 1] }, 'double -1.2'],
    [{ $eq: ['$n', new Double(5)] }, 'true'],
    [{ $eq: ['$nope', null] }, 'false'],
    [{ $lt: ['$nope', null] }, 'true'],
    [{ $gt: ['$s', '$n'] }, 'true'],
    [{ $gt: ['$l', new Double(2 ** 53)] }, 'true'],
    [{ $ne: ['$o', { y: { z: 2 }, x: 1 }] }, 'true'],
    [{ $cmp: ['$n', 9] }, 'int -1'],
    [{ $and: ['$yes', '$n'] }, 'true'],
    [{ $and: ['$yes', 0] }, 'false'],
    [{ $and: [] }, 'true'],
    [{ $or: ['$z', '$nope'] }, 'false'],
    [{ $not: ['$z'] }, 'true'],
    [{ $cond: [{ $gt: ['$n', 3] }, 'big', 'small'] }, 'big'],
    [
      {
        $cond: Object.fromEntries([
          ['if', '$z'],
          ['then', 1],
          ['else', 2],
        ]),
      },
      'int 2',
    ],
    [{ $ifNull: ['$z', '$nope', 7] }, 'int 7'],
    [{ $ifNull: ['$n', 7] }, 'int 5'],
    [{ $switch: { branches: [when({ $eq: ['$n', 1] }, 'one'), when('$yes', 'yes')], default: 'no' } }, 'yes'],
    [{ $let: { vars: { x: '$n', y: 2 }, in: { $multiply: ['$$x', '$$y'] } } }, 'int 10'],
    [{ $sum: '$a' }, 'int 6'],
    [{ $sum: ['$n', '$l', 'x'] }, 'long 9007199254740998'],
    [{ $sum: [new Double(0.1), new Double(0.2), new Double(0.3)] }, 'double 0.6'],
    [{ $sum: ['$m', 1] }, 'decimal 2.10'],
    [{ $avg: '$a' }, 'double 2'],
    [{ $avg: ['x'] }, 'null'],
    [{ $min: '$a' }, 'int 1'],
    [{ $max: ['$z', '$n', '$nope'] }, 'int 5'],
    [{ $size: '$a' }, 'int 3'],
    [{ $isArray: ['$a'] }, 'true'],
    [{ $arrayElemAt: ['$a', -1] }, 'int 2'],
    [{ $arrayElemAt: ['$a', 9] }, 'missing'],
    [{ $first: '$a' }, 'int 3'],
    [{ $last: '$a' }, 'int 2'],
    [{ $slice: ['$a', -2] }, '[int 1, int 2]'],
    [{ $slice: ['$a', 1, 1] }, '[int 1]'],
    [{ $concatArrays: ['$a', [9]] }, '[int 3, int 1, int 2, int 9]'],
    [{ $reverseArray: '$a' }, '[int 2, int 1, int 3]'],
    [{ $filter: { input: '$a', as: 'e', cond: { $gt: ['$$e', 1] } } }, '[int 3, int 2]'],
    [{ $filter: { input: '$a', cond: { $gt: ['$$this', 0] }, limit: 1 } }, '[int 3]'],
    [{ $map: { input: '$a', as: 'e', in: { $add: ['$$e', '$n'] } } }, '[int 8, int 6, int 7]'],
    [{ $map: { input: '$list', in: '$$this.v' } }, '[int 1, int 2, null]'],
    [{ $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 'int 6'],
    [{ $in: [new Double(1), '$a'] }, 'true'],
    [{ $indexOfArray: ['$a', 2] }, 'int 2'],
    [{ $range: [0, 6, 2] }, '[int 0, int 2, int 4]'],
    [{ $setUnion: ['$a', [3, 4]] }, '[int 1, int 2, int 3, int 4]'],
    [{ $setIntersection: ['$a', [2, 3, 9]] }, '[int 2, int 3]'],
    [{ $setDifference: ['$a', [3]] }, '[int 1, int 2]'],
    [{ $setIsSubset: [[1], '$a'] }, 'true'],
    [{ $setEquals: ['$a', [1, 2, 3, 3]] }, 'true'],
    [{ $sortArray: { input: '$a', sortBy: 1 } }, '[int 1, int 2, int 3]'],
    [
      { $sortArray: { input: '$list', sortBy: { v: -1 } } },
      '[{k: b, v: int 2}, {k: a, v: int 1}, {q: int 1}]',
    ],
    [{ $arrayToObject: { $slice: ['$list', 2] } }, '{a: int 1, b: int 2}'],
    [{ $objectToArray: { p: 1 } }, '[{k: p, v: int 1}]'],
    [{ $mergeObjects: ['$o', { x: 9, w: 1 }, '$nope'] }, '{x: int 9, y: {z: int 2}, w: int 1}'],
    [{ $getField: 'n' }, 'int 5'],
    [{ $setField: { field: 'x', input: '$o', value: 9 } }, '{x: int 9, y: {z: int 2}}'],
    [{ $concat: ['$s', '!'] }, 'Salam!'],
    [{ $concat: ['$s', '$z'] }, 'null'],
    [{ $toLower: '$s' }, 'salam'],
    [{ $toUpper: '$nope' }, ''],
    [{ $substrCP: ['$s', 1, 3] }, 'ala'],
    [{ $substrBytes: ['سلام', 0, 4] }, 'سل'],
    [{ $strLenCP: '😀x' }, 'int 2'],
    [{ $strLenBytes: 'سلام' }, 'int 8'],
    [{ $split: ['a,b', ','] }, '[a, b]'],
    [{ $trim: { input: '  x ' } }, 'x'],
    [{ $ltrim: { input: 'xxy', chars: 'x' } }, 'y'],
    [{ $replaceAll: { input: 'a.b.c', find: '.', replacement: { $literal: '$' } } }, 'a$b$c'],
    [{ $indexOfCP: ['$s', 'a'] }, 'int 1'],
    [{ $strcasecmp: ['SALAM', '$s'] }, 'int 0'],
    [{ $regexMatch: { input: '$s', regex: '^sal', options: 'i' } }, 'true'],
    [{ $regexFind: { input: '$s', regex: 'l(a)' } }, '{match: la, idx: int 2, captures: [a]}'],
    [{ $toString: '$id' }, '64b000000000000000000001'],
    [{ $toString: '$at' }, '2024-03-05T10:20:30.456Z'],
    [{ $toString: '$l' }, '9007199254740993'],
    [{ $toObjectId: '64b000000000000000000001' }, 'objectId 64b000000000000000000001'],
    [{ $toInt: '12' }, 'int 12'],
    [{ $toInt: new Double(-2.9) }, 'int -2'],
    [{ $toLong: '$at' }, 'long 1709634030456'],
    [{ $toDouble: '1.5' }, 'double 1.5'],
    [{ $toDecimal: new Double(0.1) }, 'decimal 0.100000000000000'],
    [{ $toBool: 'false' }, 'true'],
    [{ $toDate: '2024-03-05' }, 'date 2024-03-05T00:00:00.000Z'],
    [{ $toDate: '2024-03-05T10:00:00+03:30' }, 'date 2024-03-05T06:30:00.000Z'],
    [{ $toInt: '$z' }, 'null'],
    [{ $convert: { input: 'x', to: 'int', onError: -1 } }, 'int -1'],
    [{ $convert: { input: null, to: 'int', onNull: 0 } }, 'int 0'],
    [{ $type: '$l' }, 'long'],
    [{ $type: '$nope' }, 'missing'],
    [{ $isNumber: '$m' }, 'true'],
    [{ $year: '$at' }, 'int 2024'],
    [{ $month: '$at' }, 'int 3'],
    [{ $dayOfMonth: { date: '$at', timezone: 'Asia/Tehran' } }, 'int 5'],
    [{ $hour: { date: '$at', timezone: '+0330' } }, 'int 13'],
    [{ $minute: { date: '$at', timezone: 'Asia/Tehran' } }, 'int 50'],
    [{ $dayOfWeek: '$at' }, 'int 3'],
    [{ $dayOfYear: '$at' }, 'int 65'],
    [{ $isoWeek: '$at' }, 'int 10'],
    [{ $dateToString: { date: '$at' } }, '2024-03-05T10:20:30.456Z'],
    [
      { $dateToString: { date: '$at', format: '%Y/%m/%d %H:%M', timezone: 'Asia/Tehran' } },
      '2024/03/05 13:50',
    ],
    [{ $dateToString: { date: '$z', onNull: 'none' } }, 'none'],
    [
      { $dateAdd: { startDate: new Date('2024-01-31T00:00:00Z'), unit: 'month', amount: 1 } },
      'date 2024-02-29T00:00:00.000Z',
    ],
    [{ $dateSubtract: { startDate: '$at', unit: 'hour', amount: 1 } }, 'date 2024-03-05T09:20:30.456Z'],
    [{ $dateTrunc: { date: '$at', unit: 'day', timezone: 'Asia/Tehran' } }, 'date 2024-03-04T20:30:00.000Z'],
    [{ $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'saturday' } }, 'date 2024-03-02T00:00:00.000Z'],
    [{ $dateTrunc: { date: '$at', unit: 'month' } }, 'date 2024-03-01T00:00:00.000Z'],
  ])('%j is %s', (expr, result) => {
    expect(shown(evaluate(expr))).toBe(result);
  });

  it.each<[code: number, expr: unknown]>([
    [168, { $foo: 1 }],
    [115, { $function: {} }],
    [9, { $zip: {} }],
    [17276, '$$nope'],
    [15983, { $add: [1], $subtract: [1] }],
    [16020, { $eq: [1] }],
    [14, { $add: ['x', 1] }],
    [2, { $divide: [1, 0] }],
    [16610, { $mod: [1, 0] }],
    [17124, { $size: '$n' }],
    [241, { $toInt: 'x' }],
    [241, { $toInt: Long.MAX_VALUE }],
    [241, { $toObjectId: 'x' }],
    [241, { $toDate: 'yesterday' }],
    [16702, { $concat: ['$s', 1] }],
    [40066, { $switch: { branches: [when(false, 1)] } }],
    [40485, { $hour: { date: '$at', timezone: 'Nowhere/Town' } }],
    [18536, { $dateToString: { date: '$at', format: '%Q' } }],
    [40081, { $in: [1, '$n'] }],
    [9, { $filter: { input: '$a' } }],
    [16006, { $year: '$s' }],
  ])('is refused with code %i: %j', (code, expr) => {
    expect(() => evaluate(expr)).toThrow(expect.objectContaining({ code }));
  });

  it('reads the variables of a command', () => {
    const values = evaluateLet({ x: { $add: [1, new Int32(1)] } }, now);
    expect(shown(compileExpression('$$x', { now, let: values })({}))).toBe('int 2');
  });
});
