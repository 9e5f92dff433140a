import { Binary, Decimal128, Double, type Int32, Long, ObjectId, Timestamp } from 'bson';
import { LongOverflow, wholeNumber } from '../bson/number/arithmetic.ts';
import { parseDecimal } from '../bson/order/decimal.ts';
import { CommandError, integerOf, numberOf, numberType, show, typeAlias, typeCodes } from '../bson/values.ts';
import { truthy } from '../query/match/operators.ts';
import { isNullish, namedOperands, type Operator, type OperatorTable, over } from './operator.ts';

export type Target = 'double' | 'string' | 'objectId' | 'bool' | 'date' | 'int' | 'long' | 'decimal';

const failure = (target: string, value: unknown, why = 'with no onError value'): CommandError =>
  new CommandError(
    241,
    `Failed to convert ${show(value)} (${typeAlias(value)}) to ${target} in $convert ${why}`,
  );

/** Converts as $toInt, $toString and the rest do; what cannot be converted is refused with code 241. */
export function convertTo(target: Target, value: unknown): unknown {
  switch (target) {
    case 'string':
      return toText(value);
    case 'bool':
      return toBool(value);
    case 'int':
    case 'long':
      return toWhole(target, value);
    case 'double':
      return toDouble(value);
    case 'decimal':
      return toDecimal(value);
    case 'date':
      return toDate(value);
    case 'objectId':
      if (value instanceof ObjectId) return value;
      if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
      throw failure(target, value);
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  const type = numberType(value);
  if (type === undefined) throw failure('string', value);
  return type === 'double' ? String(numberOf(value)) : String(value);
}

function toBool(value: unknown): boolean {
  return numberType(value) === undefined ? value !== false : truthy(value);
}

/** A whole number of any type, cut towards zero; undefined for NaN and the infinities. */
function cut(value: unknown): bigint | undefined {
  if (numberType(value) === 'decimal') {
    const exact = parseDecimal(value as Decimal128);
    if (typeof exact === 'number') return undefined;
    if (exact.exponent > 40) return undefined;
    return exact.exponent >= 0
      ? exact.coefficient * 10n ** BigInt(exact.exponent)
      : exact.coefficient / 10n ** BigInt(-exact.exponent);
  }
  if (numberType(value) === 'long') return BigInt(String(value));
  const n = numberOf(value)!;
  return Number.isFinite(n) ? BigInt(Math.trunc(n)) : undefined;
}

function toWhole(target: 'int' | 'long', value: unknown): Int32 | Long {
  const whole = wholeOf(target, value);
  if (whole === undefined) throw failure(target, value);
  try {
    const result = wholeNumber(whole, target);
    if (target === 'int' && result instanceof Long) throw failure(target, value, 'because it does not fit');
    return result;
  } catch (error) {
    if (error instanceof LongOverflow) throw failure(target, value, 'because it does not fit');
    throw error;
  }
}

function wholeOf(target: 'int' | 'long', value: unknown): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') return /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
  if (value instanceof Date && target === 'long') return BigInt(value.getTime());
  return numberType(value) === undefined ? undefined : cut(value);
}

const NUMERAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function toDouble(value: unknown): Double {
  if (typeof value === 'boolean') return new Double(value ? 1 : 0);
  if (value instanceof Date) return new Double(value.getTime());
  if (typeof value === 'string' && NUMERAL.test(value)) return new Double(Number(value));
  if (numberType(value) === undefined) throw failure('double', value);
  return new Double(numberOf(value)!);
}

function toDecimal(value: unknown): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (typeof value === 'string' && NUMERAL.test(value)) return Decimal128.fromStringWithRounding(value);
  const type = numberType(value);
  if (type === undefined) throw failure('decimal', value);
  const n = numberOf(value)!;
  return Decimal128.fromString(type === 'double' && Number.isFinite(n) ? n.toPrecision(15) : String(value));
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3}\d*)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** ISO 8601 text, read as UTC where it names no zone. */
function parseDate(text: string): Date | undefined {
  if (!ISO_DATE.test(text)) return undefined;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`;
  const date = new Date(zoned.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'string') {
    const date = parseDate(value);
    if (date) return date;
  }
  const type = numberType(value);
  if (type === undefined || type === 'int') throw failure('date', value);
  const ms = cut(value);
  if (ms === undefined || ms > 8_640_000_000_000_000n || ms < -8_640_000_000_000_000n)
    throw failure('date', value);
  return new Date(Number(ms));
}

const TARGETS: readonly Target[] = ['double', 'string', 'objectId', 'bool', 'date', 'int', 'long', 'decimal'];

function targetOf(value: unknown): Target {
  const named = typeof value === 'string' ? value : undefined;
  const code = integerOf(value);
  const target = TARGETS.find((each) => each === named || typeCodes[each] === code);
  if (target) return target;
  throw new CommandError(2, `Unknown type name for $convert: ${show(value)}; it takes ${TARGETS.join(', ')}`);
}

const convert: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['input', 'to'], optional: ['onError', 'onNull'] });
  const [input, to, onNull] = ['input', 'to', 'onNull'].map((key) => compiler.compile(named[key] ?? null));
  const onError = Object.hasOwn(named, 'onError') ? compiler.compile(named['onError']) : undefined;
  return (scope) => {
    const value = input!(scope);
    if (isNullish(value)) return onNull!(scope);
    const target = targetOf(to!(scope));
    try {
      return convertTo(target, value);
    } catch (error) {
      if (onError && error instanceof CommandError && error.code === 241) return onError(scope);
      throw error;
    }
  };
};

function toUuid(value: unknown): Binary {
  if (value instanceof Binary && value.sub_type === Binary.SUBTYPE_UUID) return value;
  if (typeof value !== 'string' || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
    throw failure('binData', value);
  return new Binary(Buffer.from(value.replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID);
}

const ofTimestamp = (code: number, read: (stamp: Timestamp) => number): Operator =>
  over(1, 1, ([value], name) => {
    if (isNullish(value)) return null;
    if (value instanceof Timestamp) return Long.fromNumber(read(value));
    throw new CommandError(code, `Argument to ${name} must be a timestamp, but is ${typeAlias(value)}`);
  });

const converting = (target: Target): Operator =>
  over(1, 1, ([value]) => (isNullish(value) ? null : convertTo(target, value)));

export const convertOperators: OperatorTable = {
  $convert: convert,
  $toString: converting('string'),
  $toInt: converting('int'),
  $toLong: converting('long'),
  $toDouble: converting('double'),
  $toDecimal: converting('decimal'),
  $toBool: converting('bool'),
  $toDate: converting('date'),
  $toObjectId: converting('objectId'),
  $toUUID: over(1, 1, ([value]) => (isNullish(value) ? null : toUuid(value))),
  $tsSecond: ofTimestamp(5687301, (stamp) => stamp.getHighBitsUnsigned()),
  $tsIncrement: ofTimestamp(5687302, (stamp) => stamp.getLowBitsUnsigned()),
  $type: over(1, 1, ([value]) => (value === undefined ? 'missing' : typeAlias(value))),
  $isNumber: over(1, 1, ([value]) => numberType(value) !== undefined),
};
