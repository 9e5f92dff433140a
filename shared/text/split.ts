/**
 * Cuts a text into pieces of at most `limit` UTF-16 units: after a paragraph, else a line, else a sentence, else a word, and only
 * as a last resort inside a word; never inside a surrogate pair, nor before a mark that belongs to the letter in front of it.
 * White space at a cut is dropped; nothing else is.
 */
export function splitText(text: string, limit: number): string[] {
  if (limit < 2) throw new RangeError(`A piece needs room for two units at least, not ${limit}.`);
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const cut = cutAt(rest, limit);
    const piece = rest.slice(0, cut).trimEnd();
    if (piece) pieces.push(piece);
    rest = rest.slice(cut).trimStart();
  }
  if (rest) pieces.push(rest);
  return pieces;
}

/** Better boundaries are taken only when they do not leave a piece less than half full. */
const boundaries = [/\n\s*\n/g, /\n/g, /[.!?؟…۔:؛;]["'»)\]]*\s/g, /\s/g];

function cutAt(text: string, limit: number): number {
  const window = text.slice(0, limit + 1);
  for (const boundary of boundaries) {
    let best = 0;
    for (const match of window.matchAll(boundary)) {
      const end = match.index + match[0].trimEnd().length;
      if (end <= limit) best = end;
    }
    if (best >= limit / 2) return best;
  }
  let cut = limit;
  while (cut > limit / 2 && belongsToPrevious(text, cut)) cut -= 1;
  if (!belongsToPrevious(text, cut)) return cut;
  return splitsPair(text, limit) ? limit - 1 : limit;
}

function splitsPair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));
}

/** A combining mark, a variation selector, a skin tone, or either side of a joiner. */
function belongsToPrevious(text: string, at: number): boolean {
  if (splitsPair(text, at) || text[at - 1] === '\u200D') return true;
  const next = text.codePointAt(at);
  return next !== undefined && /^(\p{M}|\p{Emoji_Modifier}|\u200C|\u200D)$/u.test(String.fromCodePoint(next));
}
