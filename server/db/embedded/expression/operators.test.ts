import { Binary, Decimal128, Double, Long, MinKey, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { type Doc, typeAlias } from '../bson/values.ts';
import { stored } from '../test/stored.ts';
import { compileExpression } from './expression.ts';

const now = new Date('2024-03-05T10:20:30.456Z');

/** What BSON shows of a value: type and text, so that 5 (int) and 5 (double) differ. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  const type = typeAlias(value);
  if (type === 'object') {
    const fields = Object.entries(value as Doc).map(([key, each]) => `${key}: ${shown(each)}`);
    return `{${fields.join(', ')}}`;
  }
  if (value instanceof Date) return value.toISOString();
  return type === 'string' || type === 'bool' ? String(value) : `${type} ${String(value)}`;
}

const evaluate = (expr: unknown, over: Doc = {}): unknown =>
  compileExpression(stored({ expr })['expr'], { now })(stored(over));

const decimal = (text: string) => Decimal128.fromString(text);
const at = (text: string) => new Date(text);
const uuid = '0123abcd-4567-89ab-cdef-0123456789ab';

describe('mathematics', () => {
  it.each<[expr: unknown, result: string]>([
    [{ $sqrt: 25 }, 'double 5'],
    [{ $sqrt: null }, 'null'],
    [{ $sqrt: decimal('2') }, 'decimal 1.414213562373095048801688724209698'],
    [{ $sqrt: decimal('6.25') }, 'decimal 2.5'],
    [{ $sqrt: decimal('0.0001') }, 'decimal 0.01'],
    [{ $pow: [5, 2] }, 'int 25'],
    [{ $pow: [5, 0] }, 'int 1'],
    [{ $pow: [5, -2] }, 'double 0.04'],
    [{ $pow: [2, 31] }, 'long 2147483648'],
    [{ $pow: [Long.fromNumber(2), 3] }, 'long 8'],
    [{ $pow: [2, 64] }, 'double 18446744073709552000'],
    [{ $pow: [-1, 101] }, 'int -1'],
    [{ $pow: [2, new Double(0.5)] }, 'double 1.4142135623730951'],
    [{ $exp: 0 }, 'double 1'],
    [{ $ln: 1 }, 'double 0'],
    [{ $log: [100, 10] }, 'double 2'],
    [{ $log10: 1000 }, 'double 3'],
    [{ $sin: 0 }, 'double 0'],
    [{ $cos: 0 }, 'double 1'],
    [{ $atan2: [0, -1] }, 'double 3.141592653589793'],
    [{ $acos: 1 }, 'double 0'],
    [{ $atanh: 1 }, 'double Infinity'],
    [{ $degreesToRadians: 180 }, 'double 3.141592653589793'],
    [{ $radiansToDegrees: new Double(Math.PI) }, 'double 180'],
    [{ $bitAnd: [0, 127, 5] }, 'int 0'],
    [{ $bitAnd: [7, Long.fromNumber(63)] }, 'long 7'],
    [{ $bitAnd: [] }, 'int -1'],
    [{ $bitOr: [3, 8] }, 'int 11'],
    [{ $bitXor: [10, 40] }, 'int 34'],
    [{ $bitNot: 5 }, 'int -6'],
    [{ $bitOr: [1, null] }, 'null'],
    [{ $stdDevPop: [1, 2, 3, 'x'] }, 'double 0.816496580927726'],
    [{ $stdDevSamp: [[1, 2, 3]] }, 'double 1'],
    [{ $stdDevSamp: [1] }, 'null'],
  ])('%j', (expr, result) => {
    expect(shown(evaluate(expr))).toBe(result);
  });

  it('draws from 0 up to 1', () => {
    const drawn = evaluate({ $rand: {} }) as Double;
    expect(drawn.value).toBeGreaterThanOrEqual(0);
    expect(drawn.value).toBeLessThan(1);
  });
});

describe('arrays', () => {
  it.each<[expr: unknown, result: string]>([
    [{ $firstN: { n: 2, input: [1, 2, 3] } }, '[int 1, int 2]'],
    [{ $lastN: { n: 2, input: [1, 2, 3] } }, '[int 2, int 3]'],
    [{ $minN: { n: 2, input: [3, null, 1, 2] } }, '[int 1, int 2]'],
    [{ $maxN: { n: 5, input: [3, null, 1] } }, '[int 3, int 1]'],
    [
      {
        $zip: {
          inputs: [
            ['a', 'b'],
            ['c', 'd', 'e'],
          ],
        },
      },
      '[[a, c], [b, d]]',
    ],
    [{ $zip: { inputs: [['a'], ['c', 'd']], useLongestLength: true } }, '[[a, c], [null, d]]'],
    [
      { $zip: { inputs: [['a'], ['c', 'd']], useLongestLength: true, defaults: ['x', 'y'] } },
      '[[a, c], [x, d]]',
    ],
    [{ $zip: { inputs: [['a'], null] } }, 'null'],
    [{ $indexOfArray: [['a', 'b', 'a'], 'a', 1] }, 'int 2'],
    [{ $indexOfArray: [['a', 'b', 'a'], 'a', 1, 2] }, 'int -1'],
    [{ $unsetField: { field: 'a', input: { a: 1, b: 2 } } }, '{b: int 2}'],
    [{ $bsonSize: { $literal: {} } }, 'int 5'],
    [{ $binarySize: 'سلام' }, 'int 8'],
    [{ $binarySize: new Binary(Buffer.from([1, 2])) }, 'int 2'],
  ])('%j', (expr, result) => {
    expect(shown(evaluate(expr))).toBe(result);
  });
});

describe('text', () => {
  it.each<[expr: unknown, result: string]>([
    [
      { $regexFindAll: { input: 'سa1a2', regex: 'a(\\d)' } },
      '[{match: a1, idx: int 1, captures: [1]}, {match: a2, idx: int 3, captures: [2]}]',
    ],
    [{ $regexFindAll: { input: null, regex: 'a' } }, '[]'],
    [{ $indexOfBytes: ['cafétéria', 'é'] }, 'int 3'],
    [{ $indexOfBytes: ['cafétéria', 't'] }, 'int 5'],
    [{ $indexOfBytes: ['foo.bar.fi', '.', 5] }, 'int 7'],
    [{ $indexOfBytes: ['foo.bar.fi', '.', 5, 7] }, 'int -1'],
    [{ $indexOfBytes: ['vanilla', 'll', 12] }, 'int -1'],
    [{ $toUUID: uuid }, `binData ${uuid}`],
    [{ $tsSecond: new Timestamp({ t: 5, i: 6 }) }, 'long 5'],
    [{ $tsIncrement: new Timestamp({ t: 5, i: 6 }) }, 'long 6'],
  ])('%j', (expr, result) => {
    const value = evaluate(expr);
    expect(value instanceof Binary ? `binData ${value.toUUID().toString()}` : shown(value)).toBe(result);
  });
});

describe('the calendar', () => {
  const diff = (start: string, end: string, unit: string, more: Doc = {}) => ({
    $dateDiff: { startDate: at(start), endDate: at(end), unit, ...more },
  });
  it.each<[expr: unknown, result: string]>([
    [diff('2010-01-01T00:00:00Z', '2011-01-01T00:00:00Z', 'year'), 'long 1'],
    [diff('2010-12-31T23:59:59Z', '2011-01-01T00:00:00Z', 'year'), 'long 1'],
    [diff('2010-12-31T23:59:59Z', '2011-01-01T00:00:00Z', 'quarter'), 'long 1'],
    [diff('2011-01-01T00:00:00Z', '2010-11-01T00:00:00Z', 'month'), 'long -2'],
    // 2021-01-02 was a Saturday.
    [diff('2021-01-02T00:00:00Z', '2021-01-03T00:00:00Z', 'week'), 'long 1'],
    [diff('2021-01-02T00:00:00Z', '2021-01-03T00:00:00Z', 'week', { startOfWeek: 'monday' }), 'long 0'],
    [diff('2021-01-02T23:00:00Z', '2021-01-03T01:00:00Z', 'day'), 'long 1'],
    [diff('2021-01-02T23:00:00Z', '2021-01-03T01:00:00Z', 'day', { timezone: '-05:00' }), 'long 0'],
    [diff('2021-01-02T23:59:00Z', '2021-01-03T01:00:00Z', 'hour'), 'long 2'],
    // The clock of New York was put forward between the two.
    [
      diff('2021-03-14T06:00:00Z', '2021-03-14T08:00:00Z', 'hour', { timezone: 'America/New_York' }),
      'long 2',
    ],
    [diff('2021-01-02T00:00:00Z', '2021-01-02T00:00:01Z', 'millisecond'), 'long 1000'],
    [{ $dateFromParts: { year: 2017, month: 2, day: 8, hour: 12 } }, '2017-02-08T12:00:00.000Z'],
    [
      { $dateFromParts: { isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 3, hour: 12 } },
      '2017-02-08T12:00:00.000Z',
    ],
    [
      {
        $dateFromParts: {
          year: 2016,
          month: 12,
          day: 31,
          hour: 23,
          minute: 46,
          second: 12,
          timezone: 'America/New_York',
        },
      },
      '2017-01-01T04:46:12.000Z',
    ],
    [{ $dateFromParts: { year: 2017, month: 14, day: 1, hour: 12 } }, '2018-02-01T12:00:00.000Z'],
    [{ $dateFromParts: { year: 2017, month: 0, day: 1, hour: 12 } }, '2016-12-01T12:00:00.000Z'],
    [{ $dateFromParts: { year: null } }, 'null'],
    [
      { $dateToParts: { date: at('2017-01-01T01:29:09.123Z') } },
      '{year: int 2017, month: int 1, day: int 1, hour: int 1, minute: int 29, second: int 9, millisecond: int 123}',
    ],
    [
      { $dateToParts: { date: at('2017-01-01T01:29:09.123Z'), iso8601: true } },
      '{isoWeekYear: int 2016, isoWeek: int 52, isoDayOfWeek: int 7, hour: int 1, minute: int 29, second: int 9, millisecond: int 123}',
    ],
    [{ $dateFromString: { dateString: '2017-02-08T12:10:40.787' } }, '2017-02-08T12:10:40.787Z'],
    [
      { $dateFromString: { dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York' } },
      '2017-02-08T17:10:40.787Z',
    ],
    [{ $dateFromString: { dateString: '2017-02-08' } }, '2017-02-08T00:00:00.000Z'],
    [{ $dateFromString: { dateString: '06-15-2018', format: '%m-%d-%Y' } }, '2018-06-15T00:00:00.000Z'],
    [{ $dateFromString: { dateString: '15.Mar.2018 7', format: '%d.%b.%Y %H' } }, '2018-03-15T07:00:00.000Z'],
    [{ $dateFromString: { dateString: '2020-W05-1', format: '%G-W%V-%u' } }, '2020-01-27T00:00:00.000Z'],
    [
      { $dateFromString: { dateString: '2018-01-01 +0330', format: '%Y-%m-%d %z' } },
      '2017-12-31T20:30:00.000Z',
    ],
    [{ $dateFromString: { dateString: 'x', onError: 'bad' } }, 'bad'],
    [{ $dateFromString: { dateString: null, onNull: 'none' } }, 'none'],
    [{ $week: at('2016-01-04T00:00:00Z') }, 'int 1'],
    [{ $week: at('2016-01-02T00:00:00Z') }, 'int 0'],
    [{ $dateToString: { date: at('2016-01-04T00:00:00Z'), format: '%U' } }, '01'],
    [{ $dateToString: { date: at('2016-01-04T00:00:00Z'), timezone: 'UTC' } }, '2016-01-04T00:00:00.000Z'],
    [{ $dateToString: { date: at('2016-01-04T00:00:00Z'), timezone: '+01:00' } }, '2016-01-04T01:00:00.000'],
  ])('%j', (expr, result) => {
    expect(shown(evaluate(expr))).toBe(result);
  });
});

describe('what is wrong', () => {
  it.each<[code: number, expr: unknown]>([
    [28714, { $sqrt: -1 }],
    [28765, { $sqrt: 'x' }],
    [28764, { $pow: [0, -1] }],
    [28762, { $pow: ['x', 1] }],
    [28766, { $ln: 0 }],
    [28761, { $log10: -1 }],
    [28758, { $log: [0, 10] }],
    [28759, { $log: [10, 1] }],
    [50989, { $acos: 2 }],
    [50989, { $sin: new Double(Number.POSITIVE_INFINITY) }],
    [50989, { $acosh: 0 }],
    [115, { $exp: decimal('1') }],
    [28667, { $slice: 1 }],
    [51081, { $trunc: 'x' }],
    [28765, { $abs: 'x' }],
    [16611, { $mod: ['x', 1] }],
    [34445, { $range: [1, null] }],
    [14, { $bitAnd: [1, new Double(1.5)] }],
    [5787908, { $firstN: { n: 0, input: [] } }],
    [5788200, { $firstN: { n: 1, input: 'x' } }],
    [34468, { $zip: { inputs: [1] } }],
    [34466, { $zip: { inputs: [[1]], defaults: [1] } }],
    [40097, { $indexOfBytes: ['a', 'b', -1] }],
    [31393, { $bsonSize: 'x' }],
    [51276, { $binarySize: 1 }],
    [40489, { $dateFromParts: { year: 2017, isoWeek: 1 } }],
    [40516, { $dateFromParts: { month: 1 } }],
    [40515, { $dateFromParts: { year: 'x' } }],
    [40523, { $dateFromParts: { year: 10_000 } }],
    [40521, { $dateToParts: { date: at('2017-01-01T00:00:00Z'), iso8601: 1 } }],
    [241, { $dateFromString: { dateString: '2017-02-30', format: '%Y-%m-%d' } }],
    [241, { $dateFromString: { dateString: '2017-02-08T12:10:40Z', timezone: 'Asia/Tehran' } }],
    [18536, { $dateFromString: { dateString: '1', format: '%Q' } }],
    [241, { $toUUID: 'x' }],
    [5687301, { $tsSecond: 1 }],
    [115, { $toHashedIndexKey: 'x' }],
    [115, { $function: {} }],
    [168, { $nope: new MinKey() }],
  ])('%i: %j', (code, expr) => {
    expect(() => evaluate(expr)).toThrow(expect.objectContaining({ code }));
  });
});
