import { Decimal128, Double, Int32, Long } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, encodeKey } from '../order.ts';
import { numbers } from './test/arbitraries.ts';

/** A finite number as a fraction, read from its bits: nothing here is shared with what is tested. */
interface Fraction {
  top: bigint;
  bottom: bigint;
}

function fractionOf(value: unknown): Fraction | number {
  if (value instanceof Int32) return { top: BigInt(value.value), bottom: 1n };
  if (value instanceof Long) return { top: value.toBigInt(), bottom: 1n };
  if (value instanceof Double) return ofDouble(value.value);
  return ofDecimal((value as Decimal128).bytes);
}

function ofDouble(n: number): Fraction | number {
  if (!Number.isFinite(n)) return n;
  let [whole, bottom] = [n, 1n];
  while (!Number.isInteger(whole)) {
    whole *= 2;
    bottom *= 2n;
  }
  return { top: BigInt(whole), bottom };
}

/** Decimal128 as the standard lays it out: a sign, 14 bits of exponent, 113 of coefficient. */
function ofDecimal(bytes: Uint8Array): Fraction | number {
  const bits = [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const negative = bits >> 127n === 1n;
  const head = (bits >> 122n) & 31n;
  if (head === 31n) return Number.NaN;
  if (head === 30n) return negative ? -Infinity : Infinity;
  const exponent = Number((bits >> 113n) & 0x3fffn) - 6176;
  const coefficient = bits & ((1n << 113n) - 1n);
  const top = negative ? -coefficient : coefficient;
  return exponent >= 0
    ? { top: top * 10n ** BigInt(exponent), bottom: 1n }
    : { top, bottom: 10n ** BigInt(-exponent) };
}

function compareFractions(a: Fraction | number, b: Fraction | number): number {
  if (typeof a !== 'number' && typeof b !== 'number') {
    const [x, y] = [a.top * b.bottom, b.top * a.bottom];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const rank = (value: Fraction | number): number =>
    typeof value !== 'number' ? 0 : Number.isNaN(value) ? -2 : Math.sign(value);
  return Math.sign(rank(a) - rank(b));
}

/** Two numbers that often are as near to one another as they can be. */
const near = fc.oneof(
  fc.tuple(numbers, numbers),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    .chain((n) =>
      fc.constantFrom<[unknown, unknown]>(
        [new Double(n), Decimal128.fromString(String(n))],
        [new Double(n), Decimal128.fromStringWithRounding(n.toPrecision(34))],
        [Decimal128.fromString(String(n)), Decimal128.fromStringWithRounding(n.toPrecision(34))],
      ),
    ),
  fc
    .bigInt({ min: 2n ** 53n - 2n, max: 2n ** 63n - 1n })
    .chain((n) =>
      fc.constantFrom<[unknown, unknown]>(
        [Long.fromBigInt(n), new Double(Number(n))],
        [Long.fromBigInt(n), Decimal128.fromString(`${n}.0`)],
        [Decimal128.fromString(`${n}.5`), new Double(Number(n))],
      ),
    ),
);

describe('numbers of all four types', () => {
  it('compare exactly, and their keys stand as they compare', () => {
    fc.assert(
      fc.property(near, ([a, b]) => {
        const exact = compareFractions(fractionOf(a), fractionOf(b));
        expect(Math.sign(compareValues(a, b))).toBe(exact);
        expect(Math.sign(compareValues(b, a))).toBe(exact === 0 ? 0 : -exact);
        expect(Buffer.compare(encodeKey([a], [1]).bytes, encodeKey([b], [1]).bytes)).toBe(exact);
      }),
      { numRuns: 4000 },
    );
  });
});
