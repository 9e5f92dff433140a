import { BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, type Direction, encodeKey, keyRange, MAX_KEY_BYTES, sortDocs } from '../order.ts';
import { decode, encode } from '../values.ts';
import { numbers, values } from './test/arbitraries.ts';

const sign = (n: number): number => Math.sign(n) + 0;
const pairs = fc.oneof(fc.tuple(values, values), fc.tuple(numbers, numbers));

describe('the order of values', () => {
  it('goes through the types as BSON does', () => {
    const ladder = [
      new MinKey(),
      undefined,
      null,
      new Int32(7),
      'text',
      { a: 1 },
      [1],
      Buffer.from('x'),
      new ObjectId(),
      false,
      new Date(0),
      new Timestamp({ t: 1, i: 1 }),
      new BSONRegExp('a', ''),
      new MaxKey(),
    ];
    for (let i = 1; i < ladder.length; i++) {
      expect(sign(compareValues(ladder[i - 1], ladder[i])), `rung ${i}`).toBe(-1);
    }
  });

  it('compares numbers across types without rounding', () => {
    const long = Long.fromString('9007199254740993');
    expect(sign(compareValues(long, new Double(2 ** 53)))).toBe(1);
    expect(sign(compareValues(long, Decimal128.fromString('9007199254740993.0')))).toBe(0);
    expect(sign(compareValues(new Double(0.1), Decimal128.fromString('0.1')))).toBe(1);
    expect(sign(compareValues(new Int32(1), new Double(1)))).toBe(0);
    expect(sign(compareValues(new Double(Number.NaN), new Double(Number.NEGATIVE_INFINITY)))).toBe(-1);
  });

  it('compares text by its UTF-8 bytes', () => {
    expect(sign(compareValues('\u{1f600}', '\uffff'))).toBe(1);
  });

  it('counts the order of fields', () => {
    expect(compareValues({ a: 1, b: 2 }, { b: 2, a: 1 })).not.toBe(0);
  });

  it('is antisymmetric and transitive', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(sign(compareValues(a, b))).toBe(sign(-compareValues(b, a)));
        const boxes = [a, b, c].map((value) => ({ value }));
        const [x, y, z] = boxes.sort((p, q) => compareValues(p.value, q.value)).map((box) => box.value);
        expect(compareValues(x, y)).toBeLessThanOrEqual(0);
        expect(compareValues(y, z)).toBeLessThanOrEqual(0);
        expect(compareValues(x, z)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('keys', () => {
  it('stand in the order of their values, up and down', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom<Direction>(1, -1), ([a, b], direction) => {
        const x = encodeKey([a], [direction]);
        const y = encodeKey([b], [direction]);
        const order = compareValues(a, b) * direction;
        if (x.inexact && y.inexact) expect(x.bytes.equals(y.bytes)).toBe(order === 0);
        else expect(sign(Buffer.compare(x.bytes, y.bytes))).toBe(sign(order));
      }),
      { numRuns: 5000 },
    );
  });

  it('of several fields stand in the order of the fields', () => {
    const row = fc.tuple(values, values, values);
    const directions = fc.tuple(...[1, 2, 3].map(() => fc.constantFrom<Direction>(1, -1)));
    fc.assert(
      fc.property(row, row, directions, (a, b, d) => {
        const x = encodeKey(a, d);
        const y = encodeKey(b, d);
        if (x.inexact || y.inexact) return;
        const order = a.reduce<number>((o, v, i) => o || compareValues(v, b[i]) * d[i]!, 0);
        expect(sign(Buffer.compare(x.bytes, y.bytes))).toBe(sign(order));
      }),
      { numRuns: 3000 },
    );
  });

  it('are prefix-free: a key begins with another of its fields only if these are equal', () => {
    fc.assert(
      fc.property(values, values, fc.constantFrom<Direction>(1, -1), (a, b, direction) => {
        const x = encodeKey([a], [direction]).bytes;
        const y = encodeKey([b], [direction]).bytes;
        const begins = y.subarray(0, x.length).equals(x);
        expect(begins).toBe(compareValues(a, b) === 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('stay within the length that the store can hold', () => {
    const long = 'ب'.repeat(5000);
    for (const n of [1, 2, 3, 4, 8]) {
      const { bytes, inexact } = encodeKey(Array(n).fill(long), Array(n).fill(1));
      expect(bytes.length).toBeLessThanOrEqual(MAX_KEY_BYTES);
      expect(inexact).toBe(true);
    }
  });

  it('of a range hold what the comparator holds in it, within the bracket of its type', () => {
    const bound = fc.record({ value: values, inclusive: fc.boolean() });
    fc.assert(
      fc.property(
        values,
        values,
        fc.option(bound),
        fc.option(bound),
        fc.constantFrom<Direction>(1, -1),
        (head, v, lo, hi, d) => {
          const range = { ...(lo ? { lower: lo } : {}), ...(hi ? { upper: hi } : {}) };
          const { start, end, exact } = keyRange([head], [1, d, 1], range);
          const key = encodeKey([head, v, null], [1, d, 1]).bytes;
          const within = Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0;
          const aboveLow =
            !lo || (lo.inclusive ? compareValues(v, lo.value) >= 0 : compareValues(v, lo.value) > 0);
          const belowHigh =
            !hi || (hi.inclusive ? compareValues(v, hi.value) <= 0 : compareValues(v, hi.value) < 0);
          if (exact && lo && hi) expect(within).toBe(aboveLow && belowHigh);
          else if (within && exact) expect(aboveLow && belowHigh).toBe(true);
          else if (lo && hi && aboveLow && belowHigh) expect(within).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('of $gt: 5 leave out what is no number, and of $lt: 5 NaN too', () => {
    const inside = (value: unknown, range: Parameters<typeof keyRange>[2]): boolean => {
      const { start, end } = keyRange([], [1], range);
      const key = encodeKey([value], [1]).bytes;
      return Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0;
    };
    const above = { lower: { value: new Int32(5), inclusive: false } };
    const below = { upper: { value: new Int32(5), inclusive: false } };
    expect([6, 5, 'x', null].map((v) => inside(v, above))).toEqual([true, false, false, false]);
    expect([4, 5, Number.NaN, null].map((v) => inside(v, below))).toEqual([true, false, false, false]);
  });
});

describe('sorting', () => {
  it('takes the least element of an array upwards and the greatest downwards', () => {
    const docs = [{ a: [3, 9] }, { a: 5 }, { a: [1, 4] }];
    expect(sortDocs(docs, { a: 1 })).toEqual([{ a: [1, 4] }, { a: [3, 9] }, { a: 5 }]);
    expect(sortDocs(docs, { a: -1 })).toEqual([{ a: [3, 9] }, { a: 5 }, { a: [1, 4] }]);
  });

  it('puts an empty array before null and missing alike', () => {
    const docs = [{ a: 1 }, {}, { a: null }, { a: [] }];
    expect(sortDocs(docs, { a: 1 })).toEqual([{ a: [] }, {}, { a: null }, { a: 1 }]);
  });

  it('refuses parallel arrays and unknown directions', () => {
    expect(() => sortDocs([{ a: [1], b: [2] }], { a: 1, b: 1 })).toThrow(/parallel arrays/);
    expect(() => sortDocs([], { a: 2 })).toThrow(/1 or -1/);
  });
});

describe('bytes', () => {
  it('that are no BSON are refused with code 22', () => {
    expect(() => decode(Buffer.from([1, 2, 3]))).toThrow(expect.objectContaining({ code: 22 }));
    const broken = encode({ a: 'xx' });
    broken[broken.indexOf('xx')] = 0xff;
    expect(() => decode(broken)).toThrow(expect.objectContaining({ code: 22 }));
  });

  it('survive decoding and encoding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', '_bsontype'), values), { maxLength: 4 }),
        (entries) => {
          const doc: Record<string, unknown> = {};
          for (const [key, value] of entries) {
            Object.defineProperty(doc, key, { value, enumerable: true, configurable: true, writable: true });
          }
          if (typeof doc['_bsontype'] === 'string') return;
          const bytes = encode(doc);
          expect(encode(decode(bytes)).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
