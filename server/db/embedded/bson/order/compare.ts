import { type Code, type Decimal128, Long, type ObjectId, type Timestamp } from 'bson';
import { binaryOf, docOf, instantOf, isDoc, keysOf, numberOf, regexOf, wrapperType } from '../values.ts';
import type { DbPointer, FarDate } from '../wrapper.ts';
import { exactDouble, nearestDouble, parseDecimal, subtractExact } from './decimal.ts';

/** Classes of values in BSON order; also the first byte of a key. All numbers are one class, as are strings and symbols. */
export const Kind = {
  minKey: 0x05,
  undefined: 0x10,
  null: 0x14,
  number: 0x1e,
  string: 0x28,
  object: 0x32,
  array: 0x3c,
  binary: 0x46,
  objectId: 0x50,
  bool: 0x5a,
  date: 0x64,
  timestamp: 0x6e,
  regex: 0x78,
  dbPointer: 0x7d,
  code: 0x82,
  codeWithScope: 0x8c,
  maxKey: 0xf0,
} as const;

const wrapperKinds: Record<string, number> = {
  Int32: Kind.number,
  Double: Kind.number,
  Long: Kind.number,
  Decimal128: Kind.number,
  ObjectId: Kind.objectId,
  Binary: Kind.binary,
  UUID: Kind.binary,
  Timestamp: Kind.timestamp,
  BSONRegExp: Kind.regex,
  BSONSymbol: Kind.string,
  Code: Kind.code,
  DBRef: Kind.object,
  DBPointer: Kind.dbPointer,
  FarDate: Kind.date,
  Undefined: Kind.undefined,
  MinKey: Kind.minKey,
  MaxKey: Kind.maxKey,
};

/** The class of a value; throws for what BSON does not have (functions, JS symbols). */
export function kindOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Kind.string;
    case 'number':
    case 'bigint':
      return Kind.number;
    case 'boolean':
      return Kind.bool;
    case 'undefined':
      return Kind.undefined;
    case 'object':
      return value === null ? Kind.null : objectKind(value);
    default:
      throw new TypeError(`A ${typeof value} is not a BSON value.`);
  }
}

function objectKind(value: object): number {
  if (Array.isArray(value)) return Kind.array;
  const wrapper = wrapperType(value);
  if (wrapper !== undefined) {
    if (wrapper === 'Code' && (value as Code).scope) return Kind.codeWithScope;
    const kind = wrapperKinds[wrapper];
    if (kind === undefined) throw new TypeError(`${wrapper} is not a BSON value that the engine knows.`);
    return kind;
  }
  if (value instanceof Date) return Kind.date;
  if (value instanceof RegExp) return Kind.regex;
  if (value instanceof Uint8Array) return Kind.binary;
  return Kind.object;
}

/** BSON order over all types; < 0, 0, > 0. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  const kind = kindOf(a);
  const other = kindOf(b);
  return kind === other ? compareSameKind(kind, a, b) : kind - other;
}

/** Strings by their UTF-8 bytes: surrogates stand above U+E000 to U+FFFF, which UTF-16 order has the other way round. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) {
      x += x >= 0xe000 ? -0x800 : 0x2000;
      y += y >= 0xe000 ? -0x800 : 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : String(value));

function compareSameKind(kind: number, a: unknown, b: unknown): number {
  switch (kind) {
    case Kind.number:
      return compareNumbers(a, b);
    case Kind.string:
      return compareText(text(a), text(b));
    case Kind.object:
      return compareDocs(a, b);
    case Kind.array:
      return compareArrays(a as unknown[], b as unknown[]);
    case Kind.binary:
      return compareBinary(a as object, b as object);
    case Kind.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case Kind.bool:
      return Number(a) - Number(b);
    case Kind.date:
      return compareInstants(a as Date | FarDate, b as Date | FarDate);
    case Kind.timestamp:
      return compareTimestamps(a as Timestamp, b as Timestamp);
    case Kind.regex:
      return compareRegex(a as object, b as object);
    case Kind.dbPointer:
      return compareBytes((a as DbPointer).payload, (b as DbPointer).payload);
    case Kind.code:
    case Kind.codeWithScope:
      return compareCode(a as Code, b as Code);
    default:
      return 0;
  }
}

/** NaN is the least number and equals itself. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  const aNaN = Number.isNaN(a);
  return aNaN && Number.isNaN(b) ? 0 : aNaN ? -1 : 1;
}

function longOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value instanceof Long ? value.toBigInt() : undefined;
}

const isDecimal = (value: unknown): value is Decimal128 =>
  typeof value === 'object' && value !== null && wrapperType(value) === 'Decimal128';

function compareNumbers(a: unknown, b: unknown): number {
  const x = numberOf(a)!;
  const y = numberOf(b)!;
  // Rounding keeps order, so numbers that round apart are decided; only what rounds alike has to be looked at closely.
  if (x !== y) return compareDoubles(x, y);
  const p = longOf(a);
  const q = longOf(b);
  if (p !== undefined && q !== undefined) return p < q ? -1 : p > q ? 1 : 0;
  if (p === undefined && q === undefined && !isDecimal(a) && !isDecimal(b)) return 0;
  return compareExactly(a, b);
}

function exactOf(value: unknown): ReturnType<typeof parseDecimal> {
  const long = longOf(value);
  if (long !== undefined) return { coefficient: long, exponent: 0 };
  if (isDecimal(value)) return parseDecimal(value);
  const n = numberOf(value)!;
  return Number.isFinite(n) ? exactDouble(n) : n;
}

function compareExactly(a: unknown, b: unknown): number {
  const x = exactOf(a);
  const y = exactOf(b);
  if (typeof x === 'number' || typeof y === 'number') {
    return compareDoubles(
      typeof x === 'number' ? x : nearestDouble(x),
      typeof y === 'number' ? y : nearestDouble(y),
    );
  }
  const difference = subtractExact(x, y).coefficient;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Field by field in stored order: class of the value, then name, then value; the shorter first. */
function compareDocs(a: unknown, b: unknown): number {
  const x = isDoc(a) ? a : docOf(a)!;
  const y = isDoc(b) ? b : docOf(b)!;
  const names = keysOf(x);
  const others = keysOf(y);
  const shared = Math.min(names.length, others.length);
  for (let i = 0; i < shared; i++) {
    const name = names[i]!;
    const other = others[i]!;
    const p = x[name];
    const q = y[other];
    const kind = kindOf(p);
    const order = kind - kindOf(q) || compareText(name, other) || (p === q ? 0 : compareSameKind(kind, p, q));
    if (order !== 0) return order;
  }
  return names.length - others.length;
}

function compareArrays(a: unknown[], b: unknown[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareInstants(a: Date | FarDate, b: Date | FarDate): number {
  const x = instantOf(a);
  const y = instantOf(b);
  if (typeof x === 'number' && typeof y === 'number') return compareDoubles(x, y);
  return x < y ? -1 : x > y ? 1 : 0;
}

const compareBytes = (a: Uint8Array, b: Uint8Array): number => a.length - b.length || Buffer.compare(a, b);

/** Length, then subtype, then bytes. */
function compareBinary(a: object, b: object): number {
  const x = binaryOf(a);
  const y = binaryOf(b);
  return x.bytes.length - y.bytes.length || x.subtype - y.subtype || Buffer.compare(x.bytes, y.bytes);
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.getHighBitsUnsigned() - b.getHighBitsUnsigned() || a.getLowBitsUnsigned() - b.getLowBitsUnsigned();
}

function compareRegex(a: object, b: object): number {
  const x = regexOf(a);
  const y = regexOf(b);
  return compareText(x.pattern, y.pattern) || compareText(x.options, y.options);
}

function compareCode(a: Code, b: Code): number {
  const order = compareText(text(a.code), text(b.code));
  return order !== 0 || !a.scope || !b.scope ? order : compareDocs(a.scope, b.scope);
}
