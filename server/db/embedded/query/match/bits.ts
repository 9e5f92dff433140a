import { parseDecimal } from '../../bson/order/decimal.ts';
import {
  binaryOf,
  CommandError,
  numberOf,
  numberType,
  show,
  typeAlias,
  wrapperType,
} from '../../bson/values.ts';
import type { Test } from './walk.ts';

export type BitOperator = '$bitsAllSet' | '$bitsAllClear' | '$bitsAnySet' | '$bitsAnyClear';

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** A number without its fraction, if that fits into 64 bits; undefined for NaN, infinity and what is no number. */
export function longOf(value: unknown): bigint | undefined {
  const type = numberType(value);
  if (type === undefined) return undefined;
  const whole = wholeOf(type, value);
  return whole !== undefined && whole >= MIN_LONG && whole <= MAX_LONG ? whole : undefined;
}

function wholeOf(type: string, value: unknown): bigint | undefined {
  if (type === 'long') return typeof value === 'bigint' ? value : BigInt(String(value));
  if (type !== 'decimal') {
    const n = numberOf(value)!;
    return Number.isFinite(n) ? BigInt(Math.trunc(n)) : undefined;
  }
  const exact = parseDecimal(value as Parameters<typeof parseDecimal>[0]);
  if (typeof exact === 'number') return undefined;
  const { coefficient, exponent } = exact;
  if (exponent > 40) return coefficient === 0n ? 0n : undefined;
  return exponent >= 0 ? coefficient * 10n ** BigInt(exponent) : coefficient / 10n ** BigInt(-exponent);
}

/** A number that is whole and fits into 64 bits. */
export function exactLongOf(value: unknown): bigint | undefined {
  const whole = longOf(value);
  if (whole === undefined) return undefined;
  const type = numberType(value);
  if (type === 'int' || type === 'long') return whole;
  if (type === 'double') return Number.isInteger(numberOf(value)) ? whole : undefined;
  const { coefficient, exponent } = parseDecimal(value as never) as { coefficient: bigint; exponent: number };
  return exponent >= 0 || whole * 10n ** BigInt(-exponent) === coefficient ? whole : undefined;
}

/** $bitsAllSet and its kin: on whole numbers, as 64 bits whose sign goes on for ever, and on binary data, lowest bit first. */
export function hasBits(operator: BitOperator, operand: unknown): Test {
  const positions = positionsOf(operator, operand);
  const wanted = operator === '$bitsAllSet' || operator === '$bitsAnySet';
  const all = operator === '$bitsAllSet' || operator === '$bitsAllClear';
  return (value) => {
    const isSet = bitsOf(value);
    if (!isSet) return false;
    return all
      ? positions.every((position) => isSet(position) === wanted)
      : positions.some((position) => isSet(position) === wanted);
  };
}

/** Tells of each bit whether it is set; undefined for a value that has no bits. */
function bitsOf(value: unknown): ((position: number) => boolean) | undefined {
  if (isBinary(value)) {
    const { bytes } = binaryOf(value);
    return (position) => ((bytes[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
  }
  const whole = exactLongOf(value);
  if (whole === undefined) return undefined;
  return (position) => ((whole >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}

const isBinary = (value: unknown): value is object =>
  value instanceof Uint8Array ||
  (typeof value === 'object' && value !== null && ['Binary', 'UUID'].includes(wrapperType(value) ?? ''));

function positionsOf(operator: string, operand: unknown): number[] {
  if (Array.isArray(operand)) return operand.map(positionOf);
  if (isBinary(operand)) {
    const { bytes } = binaryOf(operand);
    return setBits(bytes.length * 8, (at) => ((bytes[at >> 3]! >> (at & 7)) & 1) === 1);
  }
  if (numberType(operand) === undefined) {
    throw new CommandError(
      2,
      `${operator} takes positions, a number or binary data as its mask, not ${typeAlias(operand)}`,
    );
  }
  const mask = exactLongOf(operand);
  if (mask === undefined)
    throw new CommandError(
      9,
      `${operator} needs a mask that is a whole number of 64 bits, not ${show(operand)}`,
    );
  if (mask < 0n)
    throw new CommandError(9, `${operator} needs a mask that is not negative, not ${show(operand)}`);
  return setBits(64, (at) => ((mask >> BigInt(at)) & 1n) === 1n);
}

function setBits(count: number, isSet: (position: number) => boolean): number[] {
  const positions: number[] = [];
  for (let at = 0; at < count; at++) if (isSet(at)) positions.push(at);
  return positions;
}

function positionOf(value: unknown): number {
  const n = numberOf(value);
  if (n === undefined || !Number.isInteger(n) || n > 2 ** 31 - 1 || n < -(2 ** 31)) {
    throw new CommandError(2, `bit positions are whole numbers of 32 bits, not ${show(value)}`);
  }
  if (n < 0) throw new CommandError(2, `bit positions begin at 0: ${n}`);
  return n;
}
