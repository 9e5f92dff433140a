import { Decimal128, Double, Int32, Long } from 'bson';
import { type Exact, parseDecimal } from '../order/decimal.ts';
import { CommandError, type NumberType, numberOf, numberType } from '../values.ts';

const DECIMAL_DIGITS = 34;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const RANK: Record<NumberType, number> = { int: 0, long: 1, double: 2, decimal: 3 };

/** An int64 that overflowed: $inc refuses it with its own sentence, expressions go on as double. */
export class LongOverflow extends CommandError {
  constructor(value: bigint) {
    super(2, `${value} does not fit into a 64-bit integer.`);
  }
}

/** Whole number as bigint; of int and long only. */
function bigOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  return value instanceof Long ? value.toBigInt() : BigInt(numberOf(value)!);
}

/** The narrowest of int and long that holds it, but not narrower than `least`. */
export function wholeNumber(value: bigint, least: 'int' | 'long'): Int32 | Long {
  if (value < MIN_LONG || value > MAX_LONG) throw new LongOverflow(value);
  if (least === 'int' && value >= -0x80000000n && value <= 0x7fffffffn) return new Int32(Number(value));
  return Long.fromBigInt(value);
}

const digitsOf = (n: bigint): number => n.toString().replace('-', '').length;

/** Cuts to 34 digits, half to even; `sticky` says that something not zero was lost below already. */
function roundExact(value: Exact, sticky: boolean): Exact {
  const excess = digitsOf(value.coefficient) - DECIMAL_DIGITS;
  if (excess <= 0) return value;
  const unit = 10n ** BigInt(excess);
  const negative = value.coefficient < 0n;
  const magnitude = negative ? -value.coefficient : value.coefficient;
  let quotient = magnitude / unit;
  const twice = (magnitude % unit) * 2n;
  if (twice > unit || (twice === unit && (sticky || quotient % 2n === 1n))) quotient += 1n;
  return { coefficient: negative ? -quotient : quotient, exponent: value.exponent + excess };
}

function toDecimal(value: Exact, sticky = false): Decimal128 {
  const rounded = roundExact(value, sticky);
  const magnitude = digitsOf(rounded.coefficient) + rounded.exponent;
  if (rounded.coefficient !== 0n && magnitude > 6145) {
    return Decimal128.fromString(rounded.coefficient < 0n ? '-Infinity' : 'Infinity');
  }
  return Decimal128.fromStringWithRounding(`${rounded.coefficient}E${rounded.exponent}`);
}

/** Doubles become decimals by their first 15 digits, as in MongoDB: 0.1 becomes 0.1. */
function exactOf(value: unknown): Exact | number {
  const type = numberType(value);
  if (type === 'decimal') return parseDecimal(value as Decimal128);
  if (type === 'int' || type === 'long') return { coefficient: bigOf(value), exponent: 0 };
  const n = numberOf(value)!;
  return Number.isFinite(n) ? parseDecimal(Decimal128.fromString(n.toPrecision(15))) : n;
}

export type Arithmetic = 'add' | 'subtract' | 'multiply';

const onDoubles: Record<Arithmetic, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
};

const onBigints: Record<Arithmetic, (a: bigint, b: bigint) => bigint> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
};

function onDecimals(operation: Arithmetic, a: unknown, b: unknown): Decimal128 {
  const x = exactOf(a);
  const y = exactOf(b);
  if (typeof x === 'number' || typeof y === 'number') {
    const result = onDoubles[operation](numberOf(a)!, numberOf(b)!);
    return Decimal128.fromString(String(result));
  }
  if (operation === 'multiply') {
    return toDecimal({ coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent });
  }
  const exponent = Math.min(x.exponent, y.exponent);
  const scale = (n: Exact): bigint => n.coefficient * 10n ** BigInt(n.exponent - exponent);
  return toDecimal({ coefficient: onBigints[operation](scale(x), scale(y)), exponent });
}

/**
 * Two numbers of any type to the wider of their types: int32 grows to int64, int64 that overflows throws LongOverflow,
 * double and decimal keep to themselves.
 */
export function calculate(operation: Arithmetic, a: unknown, b: unknown): Int32 | Long | Double | Decimal128 {
  const left = numberType(a)!;
  const right = numberType(b)!;
  const wider = RANK[left] >= RANK[right] ? left : right;
  switch (wider) {
    case 'decimal':
      return onDecimals(operation, a, b);
    case 'double':
      return new Double(onDoubles[operation](numberOf(a)!, numberOf(b)!));
    default:
      return wholeNumber(onBigints[operation](bigOf(a), bigOf(b)), wider);
  }
}

/** a / b: double, or decimal if one of them is; the caller has seen to it that b is not zero. */
export function divide(a: unknown, b: unknown): Double | Decimal128 {
  if (numberType(a) !== 'decimal' && numberType(b) !== 'decimal')
    return new Double(numberOf(a)! / numberOf(b)!);
  const x = exactOf(a);
  const y = exactOf(b);
  if (typeof x === 'number' || typeof y === 'number') {
    return Decimal128.fromString(String(numberOf(a)! / numberOf(b)!));
  }
  const shift = Math.max(0, DECIMAL_DIGITS + 2 + digitsOf(y.coefficient) - digitsOf(x.coefficient));
  const numerator = x.coefficient * 10n ** BigInt(shift);
  let coefficient = numerator / y.coefficient;
  const exact = numerator % y.coefficient === 0n;
  let exponent = x.exponent - y.exponent - shift;
  // An exact quotient goes back to as few digits as the operands' own exponents ask for.
  while (exact && exponent < x.exponent - y.exponent && coefficient % 10n === 0n && coefficient !== 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return toDecimal({ coefficient, exponent }, !exact);
}

/** Remainder with the sign of the dividend. */
export function remainder(a: unknown, b: unknown): Int32 | Long | Double | Decimal128 {
  const left = numberType(a)!;
  const right = numberType(b)!;
  const wider = RANK[left] >= RANK[right] ? left : right;
  if (wider === 'int' || wider === 'long') return wholeNumber(bigOf(a) % bigOf(b), wider);
  if (wider === 'double') return new Double(numberOf(a)! % numberOf(b)!);
  const x = exactOf(a);
  const y = exactOf(b);
  if (typeof x === 'number') return Decimal128.fromString('NaN');
  if (typeof y === 'number') return toDecimal(x);
  const exponent = Math.min(x.exponent, y.exponent);
  const scale = (n: Exact): bigint => n.coefficient * 10n ** BigInt(n.exponent - exponent);
  return toDecimal({ coefficient: scale(x) % scale(y), exponent });
}
