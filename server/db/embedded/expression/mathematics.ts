import { Decimal128, Double, type Int32, type Long } from 'bson';
import { LongOverflow, wholeNumber } from '../bson/number/arithmetic.ts';
import { parseDecimal } from '../bson/order/decimal.ts';
import { CommandError, numberOf, numberType, typeAlias, unsupported } from '../bson/values.ts';
import { isNullish, type Operator, type OperatorTable, over, overPresent } from './operator.ts';

/** The number of a double, int or long; what 34 digits would have to be computed for is refused. */
function doubleOf(value: unknown, name: string, code = 28765): number {
  const type = numberType(value);
  if (type === undefined)
    throw new CommandError(code, `${name} only supports numeric types, not ${typeAlias(value)}`);
  if (type === 'decimal') throw unsupported(`${name} of a decimal`);
  return numberOf(value)!;
}

interface Domain {
  low: number;
  high: number;
  /** In words, for the error. */
  text: string;
  code: number;
}

const anywhere: Domain = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, text: '', code: 0 };
const finite: Domain = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE, text: 'in (-inf,inf)', code: 50989 };
const unit: Domain = { low: -1, high: 1, text: 'in [-1,1]', code: 50989 };
const positive: Domain = {
  low: Number.MIN_VALUE,
  high: Number.POSITIVE_INFINITY,
  text: 'a positive number',
  code: 28766,
};

const single = (apply: (n: number) => number, domain: Domain = anywhere): Operator =>
  overPresent(1, 1, ([value], name) => {
    const n = doubleOf(value, name);
    if (n < domain.low || n > domain.high)
      throw new CommandError(domain.code, `cannot apply ${name} to ${n}, value must be ${domain.text}`);
    return new Double(apply(n));
  });

function log([value, base]: unknown[], name: string): Double {
  const n = doubleOf(value, name, 28756);
  const b = doubleOf(base, name, 28757);
  if (n <= 0) throw new CommandError(28758, `${name}'s argument must be a positive number, but is ${n}`);
  if (b <= 0 || b === 1)
    throw new CommandError(28759, `${name}'s base must be a positive number not equal to 1, but is ${b}`);
  return new Double(Math.log(n) / Math.log(b));
}

/** Whole numbers to a power from zero on stay whole as long as they fit; all else is double. */
function power([base, exponent]: unknown[], name: string): Int32 | Long | Double {
  const b = doubleOf(base, name, 28762);
  const e = doubleOf(exponent, name, 28763);
  const types = [numberType(base), numberType(exponent)];
  if (b === 0 && e < 0) throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  // Beyond 64 only -1, 0 and 1 stay small.
  if (types.includes('double') || e < 0 || (e > 64 && Math.abs(b) > 1)) return new Double(b ** e);
  const steps = e > 64 ? BigInt(e % 2) + 2n : BigInt(e);
  try {
    return wholeNumber(BigInt(String(base)) ** steps, types.includes('long') ? 'long' : 'int');
  } catch (error) {
    if (error instanceof LongOverflow) return new Double(b ** e);
    throw error;
  }
}

/** Integer square root, rounded down. */
function rootOf(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function squareRoot([value]: unknown[], name: string): Double | Decimal128 {
  if (numberType(value) !== 'decimal') {
    const n = doubleOf(value, name);
    if (n < 0) throw new CommandError(28714, "$sqrt's argument must be greater than or equal to 0");
    return new Double(Math.sqrt(n));
  }
  const exact = parseDecimal(value as Decimal128);
  if (typeof exact === 'number' ? exact < 0 : exact.coefficient < 0n)
    throw new CommandError(28714, "$sqrt's argument must be greater than or equal to 0");
  if (typeof exact === 'number') return value as Decimal128;
  // Enough digits that the 34 of the result are right, and an even exponent.
  const shift = 72 + (exact.exponent % 2 === 0 ? 0 : 1);
  const scaled = exact.coefficient * 10n ** BigInt(shift);
  const root = rootOf(scaled);
  const half = (exact.exponent - shift) / 2;
  if (root * root !== scaled) return Decimal128.fromStringWithRounding(`${root}E${half}`);
  let [digits, exponent] = [root, half];
  const wanted = Math.floor(exact.exponent / 2);
  while (exponent < wanted && digits % 10n === 0n && digits !== 0n) {
    digits /= 10n;
    exponent += 1;
  }
  return Decimal128.fromStringWithRounding(`${digits}E${digits === 0n ? wanted : exponent}`);
}

/** Bit by bit over int and long; one long makes the result long. */
const bitwise = (start: bigint, apply: (a: bigint, b: bigint) => bigint): Operator =>
  over(0, Number.MAX_SAFE_INTEGER, (values, name) => {
    const list = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
    let long = false;
    let missing = false;
    let bits = start;
    for (const value of list) {
      if (isNullish(value)) missing = true;
      else {
        bits = apply(bits, bitsOf(value, name));
        long ||= numberType(value) === 'long';
      }
    }
    return missing ? null : wholeNumber(bits, long ? 'long' : 'int');
  });

function bitsOf(value: unknown, name: string): bigint {
  const type = numberType(value);
  if (type === 'int' || type === 'long') return BigInt(String(value));
  throw new CommandError(14, `${name} only supports int and long operands, not ${typeAlias(value)}.`);
}

export const mathematicsOperators: OperatorTable = {
  $exp: single(Math.exp),
  $ln: single(Math.log, positive),
  $log10: single(Math.log10, { ...positive, code: 28761 }),
  $log: overPresent(2, 2, log),
  $pow: overPresent(2, 2, power),
  $sqrt: overPresent(1, 1, squareRoot),
  $sin: single(Math.sin, finite),
  $cos: single(Math.cos, finite),
  $tan: single(Math.tan, finite),
  $asin: single(Math.asin, unit),
  $acos: single(Math.acos, unit),
  $atan: single(Math.atan),
  $atan2: overPresent(
    2,
    2,
    ([y, x], name) => new Double(Math.atan2(doubleOf(y, name, 51044), doubleOf(x, name, 51045))),
  ),
  $sinh: single(Math.sinh),
  $cosh: single(Math.cosh),
  $tanh: single(Math.tanh),
  $asinh: single(Math.asinh),
  $acosh: single(Math.acosh, { low: 1, high: Number.POSITIVE_INFINITY, text: 'in [1,inf]', code: 50989 }),
  $atanh: single(Math.atanh, unit),
  $degreesToRadians: single((degrees) => degrees * (Math.PI / 180)),
  $radiansToDegrees: single((radians) => radians * (180 / Math.PI)),
  $bitAnd: bitwise(-1n, (a, b) => a & b),
  $bitOr: bitwise(0n, (a, b) => a | b),
  $bitXor: bitwise(0n, (a, b) => a ^ b),
  $bitNot: overPresent(1, 1, ([value], name) =>
    wholeNumber(~bitsOf(value, name), numberType(value) === 'long' ? 'long' : 'int'),
  ),
  $rand: (operand) => {
    const empty = Array.isArray(operand)
      ? operand.length === 0
      : typeof operand === 'object' && operand !== null && Object.keys(operand).length === 0;
    if (!empty) throw new CommandError(10065, '$rand does not take any arguments: {$rand: {}}');
    return () => new Double(Math.random());
  },
};
