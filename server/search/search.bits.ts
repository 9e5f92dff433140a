/** Entries of one era: a bit for each of its 65,536 numbers. */
export type Bits = Uint32Array;

const eraBits = 16;
export const eraSize = 1 << eraBits;
const words = eraSize / 32;

export const noBits = (): Bits => new Uint32Array(words);

export const eraOf = (no: number): number => Math.floor(no / eraSize);
export const placeOf = (no: number): number => no % eraSize;

export function setBit(bits: Bits, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
}

/** Of `into`, what is also in `other`. @returns whether anything is left */
export function keepCommon(into: Bits, other: Bits): boolean {
  let left = 0;
  for (let at = 0; at < words; at += 1) {
    const common = (into[at] as number) & (other[at] as number);
    into[at] = common;
    left |= common;
  }
  return left !== 0;
}

export function addAll(into: Bits, other: Bits): void {
  for (let at = 0; at < words; at += 1) into[at] = (into[at] as number) | (other[at] as number);
}

/** The places that are set, in order. */
export function placesOf(bits: Bits): Uint16Array {
  let count = 0;
  for (let at = 0; at < words; at += 1) count += ones(bits[at] as number);
  const places = new Uint16Array(count);
  let next = 0;
  for (let at = 0; at < words; at += 1) {
    let rest = bits[at] as number;
    while (rest !== 0) {
      const lowest = rest & -rest;
      places[next] = (at << 5) | (31 - Math.clz32(lowest));
      next += 1;
      rest ^= lowest;
    }
  }
  return places;
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return (((sum + (sum >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
