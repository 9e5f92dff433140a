import { splitText } from './split.ts';

const encoder = new TextEncoder();

/** How long a text is on its way, in UTF-8. */
export const utf8Bytes = (text: string): number => encoder.encode(text).length;

/** As `splitText`, for platforms that count bytes: a Persian letter is two of them. */
export function splitBytes(text: string, limit: number): string[] {
  if (limit < 8) throw new RangeError(`A piece needs room for eight bytes at least, not ${limit}.`);
  const pieces: string[] = [];
  let rest = text.trim();
  while (utf8Bytes(rest) > limit) {
    const units = unitsWithin(rest, limit);
    // Two units more than fit: what stands behind the cut decides where it may be.
    const [first = ''] = splitText(rest.slice(0, units + 2), units);
    pieces.push(first);
    rest = rest.slice(first.length).trimStart();
  }
  if (rest) pieces.push(rest);
  return pieces;
}

/** UTF-16 units from the beginning that are within so many bytes; never half a character. */
function unitsWithin(text: string, limit: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > limit) break;
    units += character.length;
  }
  return units;
}
