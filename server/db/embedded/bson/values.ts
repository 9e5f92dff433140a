import { type Binary, type Decimal128, type Double, EJSON, type Int32, type Long } from 'bson';
import { copyFields, type Doc, getField, keysOf, setField } from './fields.ts';
import { dbRefDoc, type FarDate, regexOf, wrapperType } from './wrapper.ts';

export { CommandError, type CommandErrorDetail, codeNames, unsupported } from '../errors.ts';
export { decode } from './codec/decode.ts';
export { encode } from './codec/encode.ts';
export { copyFields, type Doc, getField, keysOf, regexOf, setField, wrapperType };

/** An embedded document (not an array, not a BSON value, not a Date). */
export function isDoc(value: unknown): value is Doc {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    wrapperType(value) === undefined &&
    !(value instanceof Date) &&
    !(value instanceof RegExp) &&
    !(value instanceof Uint8Array)
  );
}

/** Int32, Double, Long, Decimal128, JS number, bigint → JS number (rounded if need be); anything else undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return undefined;
  switch (wrapperType(value)) {
    case 'Int32':
      return (value as Int32).value;
    case 'Double':
      return (value as Double).value;
    case 'Long':
      return (value as Long).toNumber();
    case 'Decimal128':
      return Number((value as Decimal128).toString());
    default:
      return undefined;
  }
}

/** A number without a fraction and exact as JS number, else undefined: limits, sizes, positions, directions. */
export function integerOf(value: unknown): number | undefined {
  const n = numberOf(value);
  return n !== undefined && Number.isSafeInteger(n) ? n : undefined;
}

export type NumberType = 'int' | 'long' | 'double' | 'decimal';

/** The numeric type BSON would store, undefined if not a number. */
export function numberType(value: unknown): NumberType | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff && !Object.is(value, -0)
      ? 'int'
      : 'double';
  }
  if (typeof value === 'bigint') return 'long';
  if (typeof value !== 'object' || value === null) return undefined;
  switch (wrapperType(value)) {
    case 'Int32':
      return 'int';
    case 'Double':
      return 'double';
    case 'Long':
      return 'long';
    case 'Decimal128':
      return 'decimal';
    default:
      return undefined;
  }
}

/** Number code of a BSON type, by MongoDB's alias. */
export const typeCodes = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

export type TypeAlias = keyof typeof typeCodes;

/** MongoDB's alias of a value's BSON type. */
export function typeAlias(value: unknown): TypeAlias {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return 'undefined';
    case 'number':
    case 'bigint':
      return numberType(value) ?? 'double';
    case 'object':
      return value === null ? 'null' : objectAlias(value);
    default:
      throw new TypeError(`A ${typeof value} is not a BSON value.`);
  }
}

const wrapperAliases: Record<string, TypeAlias> = {
  Int32: 'int',
  Double: 'double',
  Long: 'long',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  UUID: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  Code: 'javascript',
  DBRef: 'object',
  DBPointer: 'dbPointer',
  FarDate: 'date',
  Undefined: 'undefined',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

function objectAlias(value: object): TypeAlias {
  if (Array.isArray(value)) return 'array';
  const wrapper = wrapperType(value);
  if (wrapper !== undefined) {
    if (wrapper === 'Code' && (value as { scope?: unknown }).scope) return 'javascriptWithScope';
    const alias = wrapperAliases[wrapper];
    if (alias === undefined) throw new TypeError(`${wrapper} is not a BSON value that the engine knows.`);
    return alias;
  }
  if (value instanceof Date) return 'date';
  if (value instanceof RegExp) return 'regex';
  if (value instanceof Uint8Array) return 'binData';
  return 'object';
}

/** An embedded document; the driver's DBRef, which only code can bring in, as the document it stands for. */
export function docOf(value: unknown): Doc | undefined {
  if (isDoc(value)) return value;
  if (typeof value === 'object' && value !== null && wrapperType(value) === 'DBRef') return dbRefDoc(value);
  return undefined;
}

/** Bytes and subtype of binary data. */
export function binaryOf(value: object): { bytes: Uint8Array; subtype: number } {
  if (value instanceof Uint8Array) return { bytes: value, subtype: 0 };
  const binary = value as Binary;
  return { bytes: binary.buffer.subarray(0, binary.position), subtype: binary.sub_type };
}

/** Milliseconds since 1970. */
export function instantOf(value: Date | FarDate): number | bigint {
  return value instanceof Date ? value.getTime() : value.ms;
}

/** Copies documents and arrays all the way down; other values are shared, for nobody changes them. */
export function cloneValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneValue) as T;
  const doc = docOf(value);
  if (doc === undefined) return value;
  const copy: Doc = {};
  for (const key of keysOf(doc)) setField(copy, key, cloneValue(doc[key]));
  return copy as T;
}

/** A value as text for error messages, cut where it gets long. */
export function show(value: unknown): string {
  const json = value === undefined ? 'undefined' : jsonOf(value);
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}

/** Extended JSON cannot write a document with text in a field called _bsontype. */
function jsonOf(value: unknown): string {
  try {
    return EJSON.stringify(value, { relaxed: true });
  } catch {
    return `(${typeAlias(value)})`;
  }
}
