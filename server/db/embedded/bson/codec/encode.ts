import type { Binary, Code, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { CommandError } from '../../errors.ts';
import { type Doc, keysOf } from '../fields.ts';
import { type DbPointer, dbRefDoc, type FarDate, regexOf, wrapperType } from '../wrapper.ts';

/** Deeper than any message or stored document: a document that contains itself ends here. */
const MAX_DEPTH = 1000;
/** A buffer that grew beyond this is not kept for the next document. */
const KEPT = 1 << 20;

/** Writes one document after the other into a buffer of its own, out of which each is copied. */
class Writer {
  private buf = Buffer.allocUnsafe(16 * 1024);
  private at = 0;

  run(doc: Doc): Buffer {
    this.at = 0;
    this.doc(doc, 0);
    const bytes = Buffer.allocUnsafe(this.at);
    this.buf.copy(bytes, 0, 0, this.at);
    if (this.buf.length > KEPT) this.buf = Buffer.allocUnsafe(16 * 1024);
    return bytes;
  }

  private reserve(count: number): number {
    const { at } = this;
    if (at + count > this.buf.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.buf.length * 2, at + count));
      this.buf.copy(larger, 0, 0, at);
      this.buf = larger;
    }
    this.at = at + count;
    return at;
  }

  private doc(doc: Doc, depth: number): void {
    const start = this.open(depth);
    for (const key of keysOf(doc)) {
      const value = doc[key];
      if (typeof value === 'function') continue;
      this.element(key, value, depth);
    }
    this.close(start);
  }

  private array(array: readonly unknown[], depth: number): void {
    const start = this.open(depth);
    for (let i = 0; i < array.length; i++) this.element(String(i), array[i], depth);
    this.close(start);
  }

  private open(depth: number): number {
    if (depth > MAX_DEPTH) throw new CommandError(15, `a document nested more than ${MAX_DEPTH} levels deep`);
    return this.reserve(4);
  }

  private close(start: number): void {
    const at = this.reserve(1);
    this.buf[at] = 0;
    this.buf.writeInt32LE(this.at - start, start);
  }

  private element(name: string, value: unknown, depth: number): void {
    const head = this.reserve(1);
    this.cstring(name, 'field name');
    const type = this.value(value, depth);
    // Only now: writing the value may have moved everything to a larger buffer.
    this.buf[head] = type;
  }

  /** Text closed by a zero, which therefore holds none. */
  private cstring(text: string, what: string): void {
    if (text.includes('\0')) {
      throw new CommandError(
        22,
        `The document cannot be written as BSON: a ${what} holds a zero: ${JSON.stringify(text)}`,
      );
    }
    const at = this.utf8(text);
    this.reserve(1);
    this.buf[at] = 0;
  }

  /** Writes text; gives the place after it. */
  private utf8(text: string): number {
    const { length } = text;
    const start = this.reserve(length * 3);
    if (length <= 24) {
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        this.buf[start + i] = code;
      }
      if (i === length) {
        this.at = start + length;
        return this.at;
      }
    }
    this.at = start + this.buf.write(text, start, 'utf8');
    return this.at;
  }

  private string(text: string): void {
    const head = this.reserve(4);
    const end = this.utf8(text);
    this.reserve(1);
    this.buf[end] = 0;
    this.buf.writeInt32LE(end + 1 - head - 4, head);
  }

  private raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.buf.set(bytes, at);
  }

  /** Writes a value; gives its type. */
  private value(value: unknown, depth: number): number {
    switch (typeof value) {
      case 'string':
        this.string(value);
        return 0x02;
      case 'number':
        return this.number(value);
      case 'boolean': {
        const at = this.reserve(1);
        this.buf[at] = value ? 1 : 0;
        return 0x08;
      }
      case 'undefined':
        return 0x0a;
      case 'bigint':
        return this.long(value);
      case 'object':
        return value === null ? 0x0a : this.object(value, depth);
      default:
        throw new CommandError(22, `The document cannot be written as BSON: it holds a ${typeof value}`);
    }
  }

  /** JS numbers become int32 where they are integers that fit, else double. */
  private number(n: number): number {
    if (Number.isInteger(n) && n >= -0x80000000 && n <= 0x7fffffff && !Object.is(n, -0)) {
      const at = this.reserve(4);
      this.buf.writeInt32LE(n, at);
      return 0x10;
    }
    return this.double(n);
  }

  private double(n: number): number {
    const at = this.reserve(8);
    this.buf.writeDoubleLE(n, at);
    return 0x01;
  }

  private long(value: bigint): number {
    const at = this.reserve(8);
    this.buf.writeBigInt64LE(BigInt.asIntN(64, value), at);
    return 0x12;
  }

  private object(value: object, depth: number): number {
    if (Array.isArray(value)) {
      this.array(value, depth + 1);
      return 0x04;
    }
    const type = wrapperType(value);
    if (type !== undefined) return this.wrapped(type, value, depth);
    if (value instanceof Date) {
      const ms = value.getTime();
      this.long(Number.isNaN(ms) ? 0n : BigInt(ms));
      return 0x09;
    }
    if (value instanceof RegExp) return this.regex(value);
    if (value instanceof Uint8Array) return this.binary(value, 0);
    this.doc(value as Doc, depth + 1);
    return 0x03;
  }

  private regex(value: object): number {
    const { pattern, options } = regexOf(value);
    this.cstring(pattern, 'regular expression');
    this.cstring(options, 'regular expression');
    return 0x0b;
  }

  private binary(bytes: Uint8Array, subtype: number): number {
    const at = this.reserve(5);
    this.buf.writeInt32LE(bytes.length, at);
    this.buf[at + 4] = subtype;
    this.raw(bytes);
    return 0x05;
  }

  private pair(low: number, high: number): void {
    const at = this.reserve(8);
    this.buf.writeInt32LE(low, at);
    this.buf.writeInt32LE(high, at + 4);
  }

  private wrapped(type: string, value: object, depth: number): number {
    switch (type) {
      case 'Int32': {
        const at = this.reserve(4);
        this.buf.writeInt32LE((value as Int32).value, at);
        return 0x10;
      }
      case 'Double':
        return this.double((value as Double).value);
      case 'Long':
        this.pair((value as Long).low, (value as Long).high);
        return 0x12;
      case 'ObjectId':
        this.raw((value as ObjectId).id);
        return 0x07;
      case 'Binary':
      case 'UUID': {
        const { buffer, position, sub_type } = value as Binary;
        return this.binary(buffer.subarray(0, position), sub_type);
      }
      case 'Timestamp':
        this.pair((value as Timestamp).low, (value as Timestamp).high);
        return 0x11;
      case 'Decimal128':
        this.raw((value as Decimal128).bytes);
        return 0x13;
      default:
        return this.rare(type, value, depth);
    }
  }

  private rare(type: string, value: object, depth: number): number {
    switch (type) {
      case 'BSONRegExp':
        return this.regex(value);
      case 'BSONSymbol':
        this.string(String(value));
        return 0x0e;
      case 'Code':
        return this.code(value as Code, depth);
      case 'MinKey':
        return 0xff;
      case 'MaxKey':
        return 0x7f;
      case 'Undefined':
        return 0x06;
      case 'DBPointer':
        this.raw((value as DbPointer).payload);
        return 0x0c;
      case 'FarDate':
        this.long((value as FarDate).ms);
        return 0x09;
      case 'DBRef':
        this.doc(dbRefDoc(value), depth + 1);
        return 0x03;
      default:
        throw new CommandError(22, `The document cannot be written as BSON: ${type} is no value of it`);
    }
  }

  private code({ code, scope }: Code, depth: number): number {
    if (!scope) {
      this.string(String(code));
      return 0x0d;
    }
    const start = this.reserve(4);
    this.string(String(code));
    this.doc(scope as Doc, depth + 1);
    this.buf.writeInt32LE(this.at - start, start);
    return 0x0f;
  }
}

// One writer serves all calls: writing never yields, and the result is copied out of it.
const writer = new Writer();

/** Document → BSON bytes in the order of its fields; JS numbers become int32 where they are integers that fit, else double. */
export function encode(doc: Doc): Buffer {
  return writer.run(doc);
}
