import type { ObjectId } from 'bson';
import { compareValues, Kind, kindOf } from '../../bson/order.ts';
import {
  CommandError,
  type Doc,
  integerOf,
  isDoc,
  keysOf,
  numberOf,
  numberType,
  regexOf,
  type TypeAlias,
  typeAlias,
  typeCodes,
  wrapperType,
} from '../../bson/values.ts';
import { BsonUndefined } from '../../bson/wrapper.ts';
import { longOf } from './bits.ts';
import { compileRegex } from './regex.ts';
import type { Test } from './walk.ts';

export const isRegex = (value: unknown): value is object =>
  value instanceof RegExp ||
  (typeof value === 'object' && value !== null && wrapperType(value) === 'BSONRegExp');

const isNaNumber = (value: unknown): boolean => Number.isNaN(numberOf(value) ?? 0);

/** A document that stands among operators: its first field begins with `$`; `{$ref, $id}` is a value. */
export function isOperatorDoc(value: unknown): value is Doc {
  if (!isDoc(value)) return false;
  const first = keysOf(value)[0];
  if (first?.startsWith('$') !== true) return false;
  return !(Object.hasOwn(value, '$ref') && Object.hasOwn(value, '$id'));
}

function refuseUndefined(operand: unknown): void {
  if (operand === undefined || operand instanceof BsonUndefined)
    throw new CommandError(2, 'cannot compare to undefined');
}

/** Equality as $eq means it: null also matches what is missing. */
export function equals(operand: unknown): Test {
  refuseUndefined(operand);
  if (operand === null) return (value) => value === null || value === undefined;
  if (typeof operand === 'string')
    return (value) => value === operand || (isSymbol(value) && String(value) === operand);
  const kind = kindOf(operand);
  return (value) => value !== undefined && kindOf(value) === kind && compareValues(value, operand) === 0;
}

const isSymbol = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && wrapperType(value) === 'BSONSymbol';

export type Comparison = '$gt' | '$gte' | '$lt' | '$lte';

/** $gt and its kin compare within the operand's own class only; NaN equals NaN and is in no other range. */
export function compares(operator: Comparison, operand: unknown): Test {
  refuseUndefined(operand);
  if (isRegex(operand)) throw new CommandError(2, `Can't have RegEx as arg to predicate ${operator}`);
  const inclusive = operator === '$gte' || operator === '$lte';
  const up = operator === '$gt' || operator === '$gte';
  const within = (order: number): boolean => (order === 0 ? inclusive : order > 0 === up);
  if (operand === null) return (value) => inclusive && (value === null || value === undefined);
  const kind = kindOf(operand);
  if (kind === Kind.minKey || kind === Kind.maxKey) {
    // Over all types, and what is missing too; so shards' ranges begin and end.
    const outside = up === (kind === Kind.minKey);
    return (value) => (value === undefined ? outside : within(compareValues(value, operand)));
  }
  if (kind === Kind.number) {
    if (isNaNumber(operand)) return (value) => inclusive && value !== undefined && isNaNumber(value);
    return (value) =>
      value !== undefined &&
      kindOf(value) === kind &&
      !isNaNumber(value) &&
      within(compareValues(value, operand));
  }
  return (value) => value !== undefined && kindOf(value) === kind && within(compareValues(value, operand));
}

/** Matches text by pattern, and a stored regular expression that is the same. */
export function matchesRegex(value: unknown, options?: string): Test {
  const regex = compileRegex(value, options);
  const given = typeof value === 'string' ? { pattern: value, options: '' } : regexOf(value as object);
  const flags = options ?? given.options;
  return (found) => {
    if (typeof found === 'string') return regex.test(found);
    if (isSymbol(found)) return regex.test(String(found));
    if (!isRegex(found)) return false;
    const stored = regexOf(found);
    return stored.pattern === given.pattern && stored.options === flags;
  };
}

/** $in: text and ids by hash, all else by binary search in BSON order, regular expressions one by one. */
export function isOneOf(operator: string, operand: unknown): Test {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  const texts = new Set<string>();
  const ids = new Set<string>();
  const patterns: Test[] = [];
  const others: { value: unknown }[] = [];
  for (const value of operand) {
    if (isOperatorDoc(value)) throw new CommandError(2, `cannot nest $ under ${operator}`);
    refuseUndefined(value);
    if (isRegex(value)) patterns.push(matchesRegex(value));
    else if (typeof value === 'string' || isSymbol(value)) texts.add(String(value));
    else if (isId(value)) ids.add(value.toHexString());
    else others.push({ value });
  }
  others.sort((a, b) => compareValues(a.value, b.value));
  return (value, hit) => {
    if (typeof value === 'string' || isSymbol(value)) {
      if (texts.has(String(value))) return true;
    } else if (isId(value)) {
      if (ids.has(value.toHexString())) return true;
    } else if (others.length > 0 && includes(others, value === undefined ? null : value)) return true;
    return patterns.length > 0 && patterns.some((test) => test(value, hit));
  };
}

const isId = (value: unknown): value is ObjectId =>
  typeof value === 'object' && value !== null && wrapperType(value) === 'ObjectId';

function includes(sorted: { value: unknown }[], value: unknown): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(sorted[middle]!.value, value);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

const aliases = new Map<number, TypeAlias>(
  Object.entries(typeCodes).map(([alias, code]) => [code, alias as TypeAlias]),
);

export function hasType(operand: unknown): Test {
  const wanted = new Set<TypeAlias>();
  for (const one of Array.isArray(operand) ? operand : [operand])
    for (const alias of typesOf(one)) wanted.add(alias);
  if (wanted.size === 0) throw new CommandError(9, '$type must match at least one type');
  return (value) => value !== undefined && wanted.has(typeAlias(value));
}

function typesOf(operand: unknown): TypeAlias[] {
  if (operand === 'number') return ['int', 'long', 'double', 'decimal'];
  if (typeof operand === 'string') {
    if (Object.hasOwn(typeCodes, operand)) return [operand as TypeAlias];
    throw new CommandError(2, `Unknown type name alias: ${operand}`);
  }
  const code = integerOf(operand);
  const alias = code === undefined ? undefined : aliases.get(code);
  if (alias) return [alias];
  if (numberType(operand) === undefined)
    throw new CommandError(14, 'type must be represented as a number or a string');
  throw new CommandError(2, `Invalid numerical type code: ${numberOf(operand)}`);
}

export function hasSize(operand: unknown): Test {
  const size = integerOf(operand);
  if (size === undefined) throw new CommandError(2, 'Failed to parse $size. Expected an integer');
  if (size < 0)
    throw new CommandError(2, `Failed to parse $size. Expected a non-negative number, got ${size}`);
  return (value) => Array.isArray(value) && value.length === size;
}

/** $mod: divisor and value lose their fraction first. */
export function hasRemainder(operand: unknown): Test {
  if (!Array.isArray(operand)) throw new CommandError(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new CommandError(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw new CommandError(2, 'malformed mod, too many elements');
  const divisor = longOf(operand[0]);
  const remainder = longOf(operand[1]);
  if (divisor === undefined) throw new CommandError(2, 'malformed mod, divisor not a number');
  if (remainder === undefined) throw new CommandError(2, 'malformed mod, remainder not a number');
  if (divisor === 0n) throw new CommandError(2, 'divisor cannot be 0');
  return (value) => {
    const whole = longOf(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

/** How MongoDB reads a flag: false, null, 0 and missing are no. */
export function truthy(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return numberOf(value) !== 0;
}
