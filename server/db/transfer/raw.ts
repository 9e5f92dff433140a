import { createRequire } from 'node:module';
import { onDemand } from 'bson';
import { keysOf } from '../embedded/bson/fields.ts';
import { type Doc, decode, isDoc, show } from '../embedded/bson/values.ts';

/** Raw documents as a section of a message: the driver sends the bytes as they are. */
interface Sequence {
  push(document: unknown, bytes: Uint8Array): number;
}

/**
 * The driver's own class for raw documents. It is not among what the driver exports, and there is no other way to send a document's
 * bytes untouched: read into JavaScript, fields named by numbers change their order and doubled fields are lost.
 */
const { DocumentSequence } = createRequire(createRequire(import.meta.url).resolve('mongoose'))(
  'mongodb/lib/cmap/commands.js',
) as { DocumentSequence?: new (field: string) => Sequence };

/** Documents for a field of a command. */
export function sequence(field: string, documents: readonly Uint8Array[]): Sequence {
  if (!DocumentSequence)
    throw new Error(
      'this version of the MongoDB driver cannot send raw documents: install the one in package-lock.json',
    );
  const made = new DocumentSequence(field);
  for (const bytes of documents) made.push({}, bytes);
  return made;
}

type Element = [type: number, nameOffset: number, nameLength: number, offset: number, length: number];

/** A document's `_id`: its BSON type and bytes. */
export interface Id {
  type: number;
  bytes: Buffer;
}

const buffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The `_id` of a raw document; every stored document has one. */
export function idOf(raw: Uint8Array): Id {
  const bytes = buffer(raw);
  for (const element of onDemand.parseToElements(bytes)) {
    const [type, nameOffset, nameLength, offset, length] = element as Element;
    if (nameLength === 3 && bytes.toString('latin1', nameOffset, nameOffset + 3) === '_id')
      return { type, bytes: bytes.subarray(offset, offset + length) };
  }
  throw new Error('a document without _id');
}

const element = (type: number, name: string, value: Buffer) =>
  Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), value]);

function document(...elements: Buffer[]): Buffer {
  const inside = Buffer.concat(elements);
  const whole = Buffer.alloc(inside.length + 5);
  whole.writeInt32LE(whole.length, 0);
  inside.copy(whole, 4);
  return whole;
}

/** An `_id` as a value that can be compared. */
export const idValue = ({ type, bytes }: Id): unknown => decode(document(element(type, '_id', bytes)))['_id'];

export const showId = (raw: Uint8Array): string => show(idValue(idOf(raw)));

const ONE = Buffer.from([1, 0, 0, 0]);

/** The statement of a `delete` command that removes the document of this `_id`. */
export function deletion({ type, bytes }: Id): Buffer {
  const filter = document(element(3, '_id', document(element(type, '$eq', bytes))));
  return document(element(3, 'q', filter), element(0x10, 'limit', ONE));
}

const EIGHT_ZEROS = Buffer.alloc(8);
const TIMESTAMP = 0x11;

/**
 * Whether a field of the document itself, other than `_id`, is the empty timestamp, which MongoDB replaces by its own time on insert.
 * Source: https://www.mongodb.com/docs/manual/reference/bson-types/#timestamps
 */
export function hasEmptyTimestamp(raw: Uint8Array): boolean {
  const bytes = buffer(raw);
  if (!bytes.includes(EIGHT_ZEROS)) return false;
  for (const one of onDemand.parseToElements(bytes)) {
    const [type, nameOffset, nameLength, offset] = one as Element;
    if (type !== TIMESTAMP || !bytes.subarray(offset, offset + 8).equals(EIGHT_ZEROS)) continue;
    if (bytes.toString('latin1', nameOffset, nameOffset + nameLength) !== '_id') return true;
  }
  return false;
}

/** A decoded document as a map, which the driver writes in the order it has, whatever the names of its fields. */
export const ordered = (doc: Doc): Map<string, unknown> =>
  new Map(keysOf(doc).map((key) => [key, orderedValue(doc[key])]));

function orderedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(orderedValue);
  return isDoc(value) ? ordered(value) : value;
}
