import { type Binary, Int32, type Long, ObjectId, onDemand, type Timestamp } from 'bson';
import { CommandError, type Doc, decode, encode, isDoc, typeAlias } from '../bson/values.ts';

/** Largest document MongoDB stores or answers with. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

/** A batch of stored documents, spliced into the reply without decoding them. */
export interface CursorBatch {
  kind: 'firstBatch' | 'nextBatch';
  documents: Buffer[];
  id: Long;
  ns: string;
  /** Of a snapshot read: the moment it was made at. */
  atClusterTime?: Timestamp;
}

/** What a command answers: a document, with an optional batch that becomes its `cursor` field. */
export interface Reply {
  doc: Doc;
  batch?: CursorBatch;
  /** Some statement of a write failed: a transaction that it was part of is at its end. */
  failed?: boolean;
}

/** BSON document around ready-made elements. */
function wrap(parts: Buffer[]): Buffer {
  let size = 5;
  for (const part of parts) size += part.length;
  const out = Buffer.allocUnsafe(size);
  out.writeInt32LE(size, 0);
  let at = 4;
  for (const part of parts) at += part.copy(out, at);
  out[at] = 0;
  return out;
}

const elementHead = (type: number, name: string) =>
  Buffer.concat([Buffer.from([type]), Buffer.from(name, 'utf8'), Buffer.from([0])]);

/** The elements of an encoded document without its frame. */
const inside = (doc: Buffer) => doc.subarray(4, -1);

/** Bytes of an embedded document that is an array's element: type, place as text, end of the name, document. */
const elementSize = (place: number, raw: Buffer) => 2 + String(place).length + raw.length;

/** Writes an array of ready-made documents; gives where it ends. */
function writeArray(out: Buffer, start: number, documents: Buffer[]): number {
  let at = start + 4;
  for (const [place, raw] of documents.entries()) {
    out[at++] = 3;
    at += out.write(String(place), at, 'latin1');
    out[at++] = 0;
    at += raw.copy(out, at);
  }
  out[at++] = 0;
  out.writeInt32LE(at - start, start);
  return at;
}

/** Bytes of a reply behind `headroom` bytes that are left free; a batch goes in as it lies in the store, and is copied once. */
export function encodeReply(reply: Reply, headroom = 0): Buffer {
  const rest = inside(encode(reply.doc));
  if (!reply.batch) {
    const out = Buffer.allocUnsafe(headroom + 4 + rest.length + 1);
    out.writeInt32LE(out.length - headroom, headroom);
    out[headroom + 4 + rest.copy(out, headroom + 4)] = 0;
    return out;
  }
  const { kind, documents, id, ns, atClusterTime } = reply.batch;
  const cursor = elementHead(3, 'cursor');
  const list = elementHead(4, kind);
  const about = inside(encode({ id, ns, ...(atClusterTime && { atClusterTime }) }));
  let size = 5;
  for (const [place, raw] of documents.entries()) size += elementSize(place, raw);
  const cursorSize = 4 + list.length + size + about.length + 1;
  const out = Buffer.allocUnsafe(headroom + 4 + cursor.length + cursorSize + rest.length + 1);
  out.writeInt32LE(out.length - headroom, headroom);
  let at = headroom + 4;
  at += cursor.copy(out, at);
  out.writeInt32LE(cursorSize, at);
  at += 4;
  at += list.copy(out, at);
  at = writeArray(out, at, documents);
  at += about.copy(out, at);
  out[at++] = 0;
  at += rest.copy(out, at);
  out[at] = 0;
  return out;
}

/** The fields of a document by place. Throws 22 for bytes that are none. */
function elementsOf(raw: Buffer): BsonElement[] {
  try {
    return [...onDemand.parseToElements(raw)] as unknown as BsonElement[];
  } catch (error) {
    throw new CommandError(22, `The bytes are no valid BSON document: ${(error as Error).message}`);
  }
}

/** A document as it will be stored: the client's own bytes, with `_id` moved to the front or made. */
export function storedForm(raw: Buffer): { raw: Buffer; doc: Doc } {
  if (raw.length > MAX_DOCUMENT)
    throw new CommandError(
      10334,
      `object to insert too large. size in bytes: ${raw.length}, max size: ${MAX_DOCUMENT}`,
    );
  const elements = elementsOf(raw);
  const isId = ([, nameOffset, nameLength]: BsonElement) =>
    nameLength === 3 && raw.toString('latin1', nameOffset, nameOffset + 3) === '_id';
  const index = elements.findIndex(isId);
  if (index >= 0 && elements.findLastIndex(isId) !== index)
    throw new CommandError(2, "can't have multiple _id fields in one document");
  if (index === 0) return { raw: Buffer.from(raw), doc: decode(raw) };
  const first = index < 0 ? inside(encode({ _id: new ObjectId() })) : sliceElement(raw, elements[index]!);
  const others = elements.filter((_, i) => i !== index).map((element) => sliceElement(raw, element));
  const moved = wrap([first, ...others]);
  return { raw: moved, doc: decode(moved) };
}

/** The bytes of an embedded document, as they lie in those around it; undefined if there is none of that name. */
export function embeddedBytes(raw: Buffer, name: string): Buffer | undefined {
  for (const [type, nameOffset, nameLength, offset, length] of elementsOf(raw))
    if (type === 3 && raw.toString('utf8', nameOffset, nameOffset + nameLength) === name)
      return raw.subarray(offset, offset + length);
  return undefined;
}

type BsonElement = [type: number, nameOffset: number, nameLength: number, offset: number, length: number];

const sliceElement = (raw: Buffer, [, nameOffset, , offset, length]: BsonElement) =>
  raw.subarray(nameOffset - 1, offset + length);

/** `_id` may be any value but an array, a regular expression or undefined, nor hold fields that begin with `$`. */
export function checkId(id: unknown): void {
  const type = typeAlias(id);
  const wrong = type === 'array' || type === 'regex' || type === 'undefined' ? type : undefined;
  if (wrong) throw new CommandError(53, `The '_id' value cannot be of type ${wrong}`);
  if (isDoc(id)) {
    const dollar = Object.keys(id).find((name) => name.startsWith('$'));
    if (dollar)
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${dollar}' in '_id' is not valid for storage.`,
      );
  }
}

/** A value as mongod writes it into the text of a duplicate key error. */
export function shellText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[ ${value.map(shellText).join(', ')} ]`;
  if (typeof value !== 'object') return String(value);
  const tag = (value as { _bsontype?: string })._bsontype;
  if (tag === 'ObjectId') return `ObjectId('${String(value)}')`;
  if (tag === 'Binary') {
    const { sub_type, buffer } = value as Binary;
    return `BinData(${sub_type}, ${Buffer.from(buffer).toString('hex').toUpperCase()})`;
  }
  if (tag) return String(value);
  const body = Object.entries(value).map(([name, item]) => `${name}: ${shellText(item)}`);
  return body.length === 0 ? '{}' : `{ ${body.join(', ')} }`;
}

export const int32 = (value: number) => new Int32(value);
