import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { CommandError } from '../../errors.ts';
import { type Doc, setField } from '../fields.ts';
import { DbPointer, FarDate, UNDEFINED } from '../wrapper.ts';

/** Deepest nesting of documents and arrays that a message may have, as in MongoDB. */
export const MAX_DEPTH = 200;
/** Furthest from 1970 that JavaScript's Date goes, in milliseconds. */
const DATE_LIMIT = 8.64e15;

class Malformed extends Error {}

const broken = (why: string): never => {
  throw new Malformed(why);
};

interface Name {
  text: string;
  bytes: Uint8Array;
}

/** Field names seen lately, by a hash of their bytes: documents of one kind have the same ones over and over. */
const names: (Name | undefined)[] = new Array(4096);
const LONGEST_KEPT = 64;

const MIN_KEY = new MinKey();
const MAX_KEY = new MaxKey();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads one document; a cursor over its bytes. */
class Reader {
  private at = 0;
  private readonly buf: Buffer;

  constructor(buf: Buffer) {
    this.buf = buf;
  }

  whole(): Doc {
    if (this.buf.length < 5) broken('fewer than 5 bytes');
    const size = this.buf.readInt32LE(0);
    if (size !== this.buf.length) broken(`its length says ${size} bytes, there are ${this.buf.length}`);
    return this.doc(0);
  }

  /** Steps into a document or array: gives its end, where its closing zero stands. */
  private enter(depth: number): number {
    if (depth > MAX_DEPTH)
      throw new CommandError(15, `the BSON document is nested more than ${MAX_DEPTH} levels deep`);
    const start = this.at;
    const size = this.int32();
    const end = start + size - 1;
    if (size < 5 || end >= this.buf.length || this.buf[end] !== 0)
      broken(`a document of ${size} bytes at ${start} does not end with a zero`);
    return end;
  }

  private doc(depth: number): Doc {
    const end = this.enter(depth);
    const doc: Doc = {};
    while (this.at < end) {
      const type = this.buf[this.at++]!;
      const name = this.name();
      const first = name.charCodeAt(0);
      const value = this.value(type, depth);
      // Digits and __proto__ need care; all else is set at once.
      if (first <= 57 || first === 95) setField(doc, name, value);
      else doc[name] = value;
    }
    return this.leave(end, doc);
  }

  private array(depth: number): unknown[] {
    const end = this.enter(depth);
    const array: unknown[] = [];
    while (this.at < end) {
      const type = this.buf[this.at++]!;
      // The names are the places in order; MongoDB does not look at them either.
      const zero = this.buf.indexOf(0, this.at);
      if (zero < 0) broken('a name without an end');
      this.at = zero + 1;
      array.push(this.value(type, depth));
    }
    return this.leave(end, array);
  }

  private leave<T>(end: number, value: T): T {
    if (this.at !== end) broken(`a document overruns its end at ${end}`);
    this.at = end + 1;
    return value;
  }

  private int32(): number {
    const { at } = this;
    if (at + 4 > this.buf.length) broken('the bytes end too early');
    this.at = at + 4;
    return this.buf.readInt32LE(at);
  }

  /** The next `count` bytes' place. */
  private take(count: number): number {
    const { at } = this;
    if (count < 0 || at + count > this.buf.length) broken('the bytes end too early');
    this.at = at + count;
    return at;
  }

  private name(): string {
    const { buf } = this;
    const start = this.at;
    let at = start;
    let hash = 0;
    for (let byte = buf[at]; byte !== 0; byte = buf[++at]) {
      if (byte === undefined) return broken('a name without an end');
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.at = at + 1;
    const length = at - start;
    if (length > LONGEST_KEPT) return this.text(start, at);
    const place = (hash ^ (hash >>> 12)) & 4095;
    const kept = names[place];
    if (kept !== undefined && kept.bytes.length === length && same(kept.bytes, buf, start)) return kept.text;
    const text = this.text(start, at);
    names[place] = { text, bytes: Uint8Array.prototype.slice.call(buf, start, at) };
    return text;
  }

  private text(start: number, end: number): string {
    const text = this.buf.toString('utf8', start, end);
    // What is no UTF-8 comes as U+FFFD, which may also stand in the text itself.
    if (text.includes('\ufffd')) return strict.decode(this.buf.subarray(start, end));
    return text;
  }

  private cstring(): string {
    const zero = this.buf.indexOf(0, this.at);
    if (zero < 0) broken('a text without an end');
    const text = this.text(this.at, zero);
    this.at = zero + 1;
    return text;
  }

  private string(): string {
    const length = this.int32();
    const at = this.take(length);
    if (length < 1 || this.buf[at + length - 1] !== 0) broken('a text does not end with a zero');
    return this.text(at, at + length - 1);
  }

  private long(): Long {
    const at = this.take(8);
    return new Long(this.buf.readInt32LE(at), this.buf.readInt32LE(at + 4));
  }

  private date(): Date | FarDate {
    const at = this.take(8);
    const ms = this.buf.readInt32LE(at + 4) * 2 ** 32 + this.buf.readUInt32LE(at);
    return Math.abs(ms) <= DATE_LIMIT ? new Date(ms) : new FarDate(this.buf.readBigInt64LE(at));
  }

  private binary(): Binary {
    const length = this.int32();
    const subtype = this.buf[this.take(1)]!;
    const at = this.take(length);
    return new Binary(this.buf.subarray(at, at + length), subtype);
  }

  private regex(): BSONRegExp {
    const pattern = this.cstring();
    const options = this.cstring();
    const regex = new BSONRegExp(pattern, '');
    // Set here, for the constructor would refuse letters that MongoDB stores.
    regex.options = options;
    return regex;
  }

  private scoped(depth: number): Code {
    const start = this.at;
    const size = this.int32();
    const code = this.string();
    const scope = this.doc(depth + 1);
    if (this.at !== start + size) broken('code with scope does not fill its length');
    return new Code(code, scope);
  }

  private pointer(): DbPointer {
    const start = this.at;
    this.string();
    this.take(12);
    return new DbPointer(Buffer.from(this.buf.subarray(start, this.at)));
  }

  private bytes(count: number): Uint8Array {
    const at = this.take(count);
    return Buffer.from(this.buf.subarray(at, at + count));
  }

  private bool(): boolean {
    const byte = this.buf[this.take(1)]!;
    if (byte > 1) broken(`a boolean of value ${byte}`);
    return byte === 1;
  }

  private value(type: number, depth: number): unknown {
    switch (type) {
      case 0x01:
        return new Double(this.buf.readDoubleLE(this.take(8)));
      case 0x02:
        return this.string();
      case 0x03:
        return this.doc(depth + 1);
      case 0x04:
        return this.array(depth + 1);
      case 0x05:
        return this.binary();
      case 0x06:
        return UNDEFINED;
      case 0x07:
        return new ObjectId(this.bytes(12));
      case 0x08:
        return this.bool();
      case 0x09:
        return this.date();
      case 0x0a:
        return null;
      case 0x0b:
        return this.regex();
      case 0x10:
        return new Int32(this.int32());
      case 0x12:
        return this.long();
      default:
        return this.rareValue(type, depth);
    }
  }

  private rareValue(type: number, depth: number): unknown {
    switch (type) {
      case 0x0c:
        return this.pointer();
      case 0x0d:
        return new Code(this.string());
      case 0x0e:
        return new BSONSymbol(this.string());
      case 0x0f:
        return this.scoped(depth);
      case 0x11: {
        const at = this.take(8);
        return new Timestamp({ i: this.buf.readUInt32LE(at), t: this.buf.readUInt32LE(at + 4) });
      }
      case 0x13:
        return new Decimal128(this.bytes(16));
      case 0xff:
        return MIN_KEY;
      case 0x7f:
        return MAX_KEY;
      default:
        return broken(`the type ${type} is not known`);
    }
  }
}

function same(bytes: Uint8Array, buf: Buffer, start: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== buf[start + i]) return false;
  return true;
}

/**
 * BSON bytes → document, types and order kept. Bytes that are no BSON, or hold text that is no UTF-8, are refused with code 22,
 * nesting beyond MAX_DEPTH with code 15.
 */
export function decode(bytes: Uint8Array): Doc {
  const buf = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return new Reader(buf).whole();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(22, `The bytes are no valid BSON document: ${reason}`);
  }
}
