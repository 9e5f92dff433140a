import { type Bits, eraSize, noBits, placesOf, setBit } from './search.bits.ts';

/**
 * A block: one after another, for each term its length in bytes (one byte), its UTF-8, how its places are written (one byte), the
 * length of that (four bytes, little-endian) and the places. Places are the distances from one to the next, seven bits a byte with the
 * eighth for "more follows"; or, once that would be longer, a bit for each place of the era.
 */
const asDistances = 0;
const asBits = 1;
const bitsBytes = eraSize / 8;
const headBytes = 6;

interface Piece {
  term: string;
  kind: number;
  bytes: Buffer;
}

function* piecesOf(block: Buffer): Generator<Piece> {
  for (let at = 0; at < block.length; ) {
    const termBytes = block.readUInt8(at);
    const term = block.toString('utf8', at + 1, at + 1 + termBytes);
    const kind = block.readUInt8(at + 1 + termBytes);
    const length = block.readUInt32LE(at + 2 + termBytes);
    const from = at + headBytes + termBytes;
    yield { term, kind, bytes: block.subarray(from, from + length) };
    at = from + length;
  }
}

/** Adds to `into` the places of each term of a block that `wanted` takes. */
export function collect(block: Buffer, wanted: (term: string) => boolean, into: Bits): void {
  for (const piece of piecesOf(block)) if (wanted(piece.term)) read(piece, into);
}

function read({ kind, bytes }: Piece, into: Bits): void {
  if (kind === asBits) {
    for (let at = 0; at * 4 < bytes.length; at += 1)
      into[at] = (into[at] as number) | bytes.readUInt32LE(at * 4);
    return;
  }
  let place = -1;
  let distance = 0;
  let shift = 0;
  for (const byte of bytes) {
    distance |= (byte & 0x7f) << shift;
    if (byte & 0x80) {
      shift += 7;
      continue;
    }
    place += distance + 1;
    setBit(into, place);
    distance = 0;
    shift = 0;
  }
}

/** A block with more places of some terms; what it had stays. A place that is there already changes nothing. */
export function extended(block: Buffer | null, more: ReadonlyMap<string, readonly number[]>): Buffer {
  const parts: Buffer[] = [];
  const left = new Set(more.keys());
  for (const piece of block ? piecesOf(block) : []) {
    const places = more.get(piece.term);
    left.delete(piece.term);
    if (!places) {
      parts.push(head(piece), piece.bytes);
      continue;
    }
    const bits = noBits();
    read(piece, bits);
    for (const place of places) setBit(bits, place);
    parts.push(...written(piece.term, placesOf(bits), bits));
  }
  for (const term of left) {
    const places = new Uint16Array(new Set(more.get(term))).sort();
    parts.push(...written(term, places, null));
  }
  return Buffer.concat(parts);
}

function head({ term, kind, bytes }: Piece): Buffer {
  const name = Buffer.from(term);
  const buffer = Buffer.allocUnsafe(headBytes + name.length);
  buffer.writeUInt8(name.length, 0);
  name.copy(buffer, 1);
  buffer.writeUInt8(kind, 1 + name.length);
  buffer.writeUInt32LE(bytes.length, 2 + name.length);
  return buffer;
}

function written(term: string, places: Uint16Array, bits: Bits | null): [Buffer, Buffer] {
  const bytes = distancesOf(places);
  if (bytes) return [head({ term, kind: asDistances, bytes }), bytes];
  const all = bits ?? bitsOf(places);
  const whole = Buffer.allocUnsafe(bitsBytes);
  for (let at = 0; at < all.length; at += 1) whole.writeUInt32LE(all[at] as number, at * 4);
  return [head({ term, kind: asBits, bytes: whole }), whole];
}

function bitsOf(places: Uint16Array): Bits {
  const bits = noBits();
  for (const place of places) setBit(bits, place);
  return bits;
}

/** @returns null when it would be longer than a bit for each */
function distancesOf(places: Uint16Array): Buffer | null {
  if (places.length >= bitsBytes) return null;
  const bytes = Buffer.allocUnsafe(places.length * 3);
  let length = 0;
  let last = -1;
  for (const place of places) {
    let distance = place - last - 1;
    last = place;
    while (distance > 0x7f) {
      bytes[length] = (distance & 0x7f) | 0x80;
      length += 1;
      distance >>>= 7;
    }
    bytes[length] = distance;
    length += 1;
  }
  return length < bitsBytes ? Buffer.from(bytes.subarray(0, length)) : null;
}
