import { createHash } from 'node:crypto';
import type { Code, Decimal128, Long, ObjectId, Timestamp } from 'bson';
import { binaryOf, docOf, keysOf, numberOf, regexOf, wrapperType } from '../values.ts';
import type { DbPointer, FarDate } from '../wrapper.ts';
import { Kind, kindOf } from './compare.ts';
import { type Exact, exactDouble, nearestDouble, parseDecimal, subtractExact } from './decimal.ts';

export type Direction = 1 | -1;

/** `inexact`: a value was longer than its limit and its tail became a hash: equality holds, order among such does not. */
export interface EncodedKey {
  bytes: Buffer;
  inexact: boolean;
}

/** One end of a range on the field after the equality prefix. */
export interface Bound {
  value: unknown;
  inclusive: boolean;
}

/** Bytes `start <= key < end`; `exact: false` means a superset, to be rechecked by the filter. */
export interface KeyRange {
  start: Buffer;
  end: Buffer;
  exact: boolean;
}

/** No key of all fields of an index is longer; with the 600 of a document's own key LMDB's 1,978 hold. */
export const MAX_KEY_BYTES = 1300;
const MAX_COMPONENT_BYTES = 600;
const HASH_BYTES = 20;

/** The longest a component of an index of `fields` fields becomes, hash included. */
export function componentLimit(fields: number): number {
  return Math.min(MAX_COMPONENT_BYTES, Math.floor(MAX_KEY_BYTES / fields));
}

class Writer {
  bytes = Buffer.allocUnsafe(4096);
  length = 0;

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** UTF-8 with 00 as 00 FF, closed by 00 00. */
  text(value: string): void {
    this.reserve(value.length * 3 + 2);
    const start = this.length;
    this.length += this.bytes.write(value, start, 'utf8');
    if (this.bytes.subarray(start, this.length).includes(0)) {
      const plain = Buffer.from(this.bytes.subarray(start, this.length));
      this.length = start;
      this.reserve(plain.length * 2 + 2);
      for (const byte of plain) {
        this.bytes[this.length++] = byte;
        if (byte === 0) this.bytes[this.length++] = 0xff;
      }
    }
    this.bytes[this.length++] = 0;
    this.bytes[this.length++] = 0;
  }

  double(n: number): void {
    this.reserve(8);
    const at = this.length;
    this.length += 8;
    if (Number.isNaN(n)) {
      this.bytes.fill(0, at, at + 8);
      return;
    }
    this.bytes.writeDoubleBE(n === 0 ? 0 : n, at);
    if (this.bytes[at]! < 0x80) this.bytes[at]! |= 0x80;
    else this.invert(at);
  }

  invert(from: number): void {
    for (let i = from; i < this.length; i++) this.bytes[i] = 0xff - this.bytes[i]!;
  }
}

// One writer serves all calls: encoding never yields, and the result is copied out of it.
const writer = new Writer();

/**
 * A number is its nearest finite double and what that leaves over: 80 for nothing, else a sign byte and the remainder in
 * decimal, so that 2^53 + 1 and 0.1 as decimal find their exact place between two doubles.
 */
function writeNumber(w: Writer, value: unknown): void {
  const exact = exactNumber(value);
  if (typeof exact === 'number') {
    w.double(exact);
    w.byte(0x80);
    return;
  }
  const near = nearestDouble(exact);
  w.double(near);
  const rest = subtractExact(exact, exactDouble(near));
  if (rest.coefficient === 0n) {
    w.byte(0x80);
    return;
  }
  const start = w.length;
  w.byte(0xc0);
  writeMagnitude(w, rest);
  if (rest.coefficient < 0n) w.invert(start);
}

/** JS numbers come back as they are, exact beyond them as decimals. */
function exactNumber(value: unknown): Exact | number {
  if (typeof value === 'object' && value !== null) {
    const type = wrapperType(value);
    if (type === 'Decimal128') return parseDecimal(value as Decimal128);
    if (type === 'Long') return exactLong((value as Long).toBigInt());
  }
  return typeof value === 'bigint' ? exactLong(value) : numberOf(value)!;
}

function exactLong(value: bigint): Exact | number {
  const n = Number(value);
  return Number.isSafeInteger(n) ? n : { coefficient: value, exponent: 0 };
}

/** Place of the first digit, then the digits by twos (each pair + 1), closed by 0. */
function writeMagnitude(w: Writer, value: Exact): void {
  const all = value.coefficient.toString().replace('-', '');
  const place = all.length + value.exponent;
  const digits = all.replace(/0+$/, '');
  w.reserve(3 + digits.length);
  w.length = w.bytes.writeUInt16BE(place + 0x8000, w.length);
  for (let i = 0; i < digits.length; i += 2) {
    w.byte(1 + Number(digits.slice(i, i + 2).padEnd(2, '0')));
  }
  w.byte(0);
}

function writeValue(w: Writer, value: unknown): void {
  const kind = kindOf(value);
  w.byte(kind);
  writePayload(w, kind, value);
}

function writePayload(w: Writer, kind: number, value: unknown): void {
  switch (kind) {
    case Kind.number:
      writeNumber(w, value);
      return;
    case Kind.string:
      w.text(typeof value === 'string' ? value : String(value));
      return;
    case Kind.object:
      writeDoc(w, docOf(value)!);
      return;
    case Kind.array:
      for (const element of value as unknown[]) writeValue(w, element);
      w.byte(0);
      return;
    case Kind.binary: {
      const { bytes, subtype } = binaryOf(value as object);
      w.reserve(4);
      w.length = w.bytes.writeUInt32BE(bytes.length, w.length);
      w.byte(subtype);
      w.raw(bytes);
      return;
    }
    case Kind.objectId:
      w.raw((value as ObjectId).id);
      return;
    case Kind.bool:
      w.byte(value ? 1 : 0);
      return;
    case Kind.date:
      writeDate(w, value as Date | FarDate);
      return;
    case Kind.timestamp: {
      w.reserve(8);
      w.length = w.bytes.writeUInt32BE((value as Timestamp).getHighBitsUnsigned(), w.length);
      w.length = w.bytes.writeUInt32BE((value as Timestamp).getLowBitsUnsigned(), w.length);
      return;
    }
    case Kind.regex: {
      const { pattern, options } = regexOf(value as object);
      w.text(pattern);
      w.text(options);
      return;
    }
    case Kind.dbPointer: {
      const { payload } = value as DbPointer;
      w.reserve(4);
      w.length = w.bytes.writeUInt32BE(payload.length, w.length);
      w.raw(payload);
      return;
    }
    case Kind.code:
      w.text(String((value as Code).code));
      return;
    case Kind.codeWithScope:
      w.text(String((value as Code).code));
      writeDoc(w, (value as Code).scope ?? {});
      return;
    default:
      return;
  }
}

/** A double holds the instants of JavaScript's Date; those beyond, which it rounds, are followed by the whole number. */
function writeDate(w: Writer, value: Date | FarDate): void {
  if (value instanceof Date) {
    w.double(value.getTime());
    return;
  }
  w.double(Number(value.ms));
  w.reserve(8);
  w.length = w.bytes.writeBigUInt64BE(value.ms + 2n ** 63n, w.length);
}

function writeDoc(w: Writer, doc: Record<string, unknown>): void {
  for (const key of keysOf(doc)) {
    const kind = kindOf(doc[key]);
    w.byte(kind);
    w.text(key);
    writePayload(w, kind, doc[key]);
  }
  w.byte(0);
}

/** Writes one component; true if its tail had to become a hash. */
function writeComponent(w: Writer, value: unknown, limit: number, direction: Direction): boolean {
  const start = w.length;
  writeValue(w, value);
  const keep = limit - HASH_BYTES;
  const inexact = w.length - start > keep;
  if (inexact) {
    // Whole components are never longer than what is kept of cut ones, so a whole one is no prefix of a cut one.
    const hash = createHash('sha256').update(w.bytes.subarray(start, w.length)).digest();
    w.length = start + keep;
    w.raw(hash.subarray(0, HASH_BYTES));
  }
  if (direction === -1) w.invert(start);
  return inexact;
}

/**
 * Index key of `values` (or of the first of them: a prefix of the index), ordered bytewise as compareValues orders,
 * prefix-free: all keys that begin with these values begin with these bytes, and no others do.
 */
export function encodeKey(values: readonly unknown[], directions: readonly Direction[]): EncodedKey {
  const limit = componentLimit(directions.length);
  writer.length = 0;
  let inexact = false;
  for (let i = 0; i < values.length; i++) {
    if (writeComponent(writer, values[i], limit, directions[i]!)) inexact = true;
  }
  return { bytes: Buffer.from(writer.bytes.subarray(0, writer.length)), inexact };
}

/** The least bytes above everything that begins with `bytes`; no component begins with FF, so FF is above all. */
export function successor(bytes: Buffer): Buffer {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0xff) length--;
  if (length === 0) return Buffer.from([0xff]);
  const next = Buffer.from(bytes.subarray(0, length));
  next[length - 1]! += 1;
  return next;
}

/** Type bytes that a range operator with this operand may meet: `from <= first byte <= to` of an ascending component. */
export function typeBounds(value: unknown): { from: number; to: number } {
  const kind = kindOf(value);
  return kind === Kind.minKey || kind === Kind.maxKey
    ? { from: Kind.minKey, to: Kind.maxKey }
    : { from: kind, to: kind };
}

/**
 * The keys whose first fields equal `prefix` and whose next field lies in `range`. A missing end of the range is closed by
 * the type bracket of the other end, as $gt: 5 means numbers only.
 */
export function keyRange(
  prefix: readonly unknown[],
  directions: readonly Direction[],
  range: { lower?: Bound; upper?: Bound } = {},
): KeyRange {
  const head = encodeKey(prefix, directions).bytes;
  const given = range.lower ?? range.upper;
  if (!given) return { start: head, end: successor(head), exact: true };
  const direction = directions[prefix.length]!;
  const limit = componentLimit(directions.length);
  const bracket = typeBounds(given.value);
  const lower = range.lower ?? belowNumbers(given.value, bracket.from);
  const low = edge({ head, limit, direction, bound: lower, type: bracket.from });
  const high = edge({ head, limit, direction, bound: range.upper, type: bracket.to });
  const [first, last] = direction === 1 ? [low, high] : [high, low];
  const nan = range.upper === undefined && Number.isNaN(numberOf(given.value));
  return { start: first.start, end: last.end, exact: low.exact && high.exact && !nan };
}

/** NaN sorts below all numbers but is in no range other than `<= NaN`. */
function belowNumbers(upper: unknown, type: number): Bound | undefined {
  if (type !== Kind.number) return undefined;
  return { value: Number.NaN, inclusive: Number.isNaN(numberOf(upper)) };
}

interface EdgeInput {
  head: Buffer;
  limit: number;
  direction: Direction;
  bound: Bound | undefined;
  type: number;
}

/** Both readings of one bound: as the first byte string within, and as the first beyond. */
function edge(input: EdgeInput): { start: Buffer; end: Buffer; exact: boolean } {
  const { head, limit, direction, bound } = input;
  writer.length = 0;
  writer.raw(head);
  let exact = true;
  if (!bound) writer.byte(direction === 1 ? input.type : 0xff - input.type);
  else if (writeComponent(writer, bound.value, limit, direction)) {
    exact = false;
    writer.length -= HASH_BYTES;
  }
  const bytes = Buffer.from(writer.bytes.subarray(0, writer.length));
  const inside = !bound || bound.inclusive || !exact;
  return {
    start: inside ? bytes : successor(bytes),
    end: inside ? successor(bytes) : bytes,
    exact,
  };
}
