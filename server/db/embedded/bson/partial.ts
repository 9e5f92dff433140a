import { Double, Int32, Long, ObjectId } from 'bson';
import { type Doc, decode, setField } from './values.ts';

/** Bytes of a value by its type where they are always as many. */
const FIXED: Record<number, number> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

/** Bytes beside the length that stands in front of a value: of text, code and symbols, binary data, a DBPointer. */
const BESIDE_LENGTH: Record<number, number> = { 2: 4, 5: 5, 12: 16, 13: 4, 14: 4 };

/** Length in bytes of the value of this type that begins at a place; -1 for a type that BSON does not have. */
function lengthAt(raw: Buffer, type: number, at: number): number {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  const beside = BESIDE_LENGTH[type];
  if (beside !== undefined) return raw.readInt32LE(at) + beside;
  if (type === 3 || type === 4 || type === 15) return raw.readInt32LE(at);
  if (type === 11) return raw.indexOf(0, raw.indexOf(0, at) + 1) + 1 - at;
  return -1;
}

/** The last millisecond that a JS date can name, before and after 1970. */
const FURTHEST_DATE = 8_640_000_000_000_000;

/** What `decode` makes of the same bytes; the common scalars at once, all else by way of a document of one field. */
function valueAt(raw: Buffer, type: number, from: number, at: number, end: number): unknown {
  switch (type) {
    case 1:
      return new Double(raw.readDoubleLE(at));
    case 2: {
      const text = raw.toString('utf8', at + 4, end - 1);
      // What is no UTF-8 is for the decoder to say.
      return text.includes('\ufffd') ? alone(raw, from, end) : text;
    }
    case 7:
      return new ObjectId(Uint8Array.prototype.slice.call(raw, at, end));
    case 8:
      return raw[at] === 1;
    case 9: {
      const time = raw.readInt32LE(at + 4) * 4294967296 + raw.readUInt32LE(at);
      return Math.abs(time) <= FURTHEST_DATE ? new Date(time) : alone(raw, from, end);
    }
    case 10:
      return null;
    case 16:
      return new Int32(raw.readInt32LE(at));
    case 18:
      return new Long(raw.readInt32LE(at), raw.readInt32LE(at + 4));
    default:
      return alone(raw, from, end);
  }
}

/** The value of an element by way of a document that has no other. */
function alone(raw: Buffer, from: number, end: number): unknown {
  const document = Buffer.allocUnsafe(4 + (end - from) + 1);
  document.writeInt32LE(document.length, 0);
  raw.copy(document, 4, from, end);
  document[document.length - 1] = 0;
  return Object.values(decode(document))[0];
}

/**
 * Decodes some of a stored document's fields and passes over the bytes of the rest: the same values as `decode`, in the same
 * order. For bytes that were decoded whole when they were stored.
 */
export class PartialDecoder {
  private readonly names: readonly { name: string; bytes: Buffer }[];
  /** Fields named like numbers keep their order only in a whole document. */
  private readonly whole: boolean;

  constructor(names: Iterable<string>) {
    this.whole = [...names].some((name) => /^\d+$/.test(name));
    this.names = [...names].map((name) => ({ name, bytes: Buffer.from(name) }));
  }

  decode(raw: Buffer): Doc {
    if (this.whole) return decode(raw);
    const doc: Doc = {};
    if (this.names.length === 0) return doc;
    let at = 4;
    for (let type = raw[at]!; type !== 0; type = raw[at]!) {
      let nameEnd = at + 1;
      while (raw[nameEnd]! > 0) nameEnd += 1;
      const length = lengthAt(raw, type, nameEnd + 1);
      if (length < 0) return decode(raw);
      const end = nameEnd + 1 + length;
      const name = this.wanted(raw, at + 1, nameEnd);
      if (name !== undefined) setField(doc, name, valueAt(raw, type, at, nameEnd + 1, end));
      at = end;
    }
    return doc;
  }

  private wanted(raw: Buffer, from: number, to: number): string | undefined {
    for (const { name, bytes } of this.names) {
      if (bytes.length !== to - from) continue;
      let i = 0;
      while (i < bytes.length && bytes[i] === raw[from + i]) i += 1;
      if (i === bytes.length) return name;
    }
    return undefined;
  }
}
