import { splitText } from './split.ts';

/**
 * How X counts a post (docs.x.com, "Counting characters", configuration version 3): after NFC most letters weigh one and all others
 * two, an emoji two however it is composed, an address 23 whatever its length. Persian and Arabic weigh one, with the half-space.
 */
export const mostWeighted = 280;

const addressWeight = 23;

/** Code points that weigh one, from and to. */
const light: readonly (readonly [number, number])[] = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
];

/** With its scheme an address is one in any case. */
const withScheme = /https?:\/\/[^\s<>"'«»()؛،]+[^\s<>"'«»()؛،.,!?:;…]/giu;

/**
 * Without a scheme X looks the ending up in a list of all there are. Here are the endings of countries and those in common use; what is
 * not sure to be an address counts as whichever is more, so that nothing is ever too long.
 */
const withoutScheme =
  /(?<![\p{L}\p{N}@_.#$-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|edu|gov|mil|int|info|biz|name|pro|mobi|app|dev|shop|store|online|site|blog|cloud|tech|news|live|life|world|agency|studio|design|media|group|company|team|tours|travel|coffee|xyz|[a-z]{2})(?![a-z0-9-])(?:\/[^\s<>"'«»()]*)?/giu;

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
const emoji = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3|^\p{RI}{2}$/u;

/** Of at most `mostWeighted` in one post. */
export function weightedLength(text: string): number {
  let length = 0;
  // Each address leaves a mark behind that weighs one.
  const rest = text
    .normalize('NFC')
    .replace(withScheme, () => {
      length += addressWeight - 1;
      return '\n';
    })
    .replace(withoutScheme, (address) => {
      length += Math.max(addressWeight, plainLength(address)) - 1;
      return '\n';
    });
  return length + plainLength(rest);
}

/** Only a text with one of these can hold an emoji; without, its characters need not be put together first. */
const mayHoldEmoji = /\p{Emoji_Presentation}|\uFE0F|\u20E3|\p{RI}/u;

function plainLength(text: string): number {
  if (!mayHoldEmoji.test(text)) return sumOf(text);
  let length = 0;
  for (const { segment } of segments.segment(text)) length += emoji.test(segment) ? 2 : sumOf(segment);
  return length;
}

function sumOf(text: string): number {
  let length = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    length += light.some(([from, to]) => point >= from && point <= to) ? 1 : 2;
  }
  return length;
}

/** No piece is longer, in UTF-16 units: room for the longest addresses, and a bound on what is measured. */
const mostUnits = 16 * mostWeighted;

/** As `splitText` cuts, into pieces of which none weighs more than `limit`. */
export function splitWeighted(text: string, limit = mostWeighted): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > mostUnits || weightedLength(rest) > limit) {
    let room = longestWithin(rest, limit);
    let [piece = ''] = splitText(rest, room);
    // Cut shorter, the end of an address may look like another one.
    while (weightedLength(piece) > limit && room > 2) {
      room -= 1;
      [piece = ''] = splitText(rest, room);
    }
    pieces.push(piece);
    rest = rest.slice(piece.length).trim();
  }
  if (rest) pieces.push(rest);
  return pieces;
}

/** In UTF-16 units, at least two: some place up to which the beginning of the text is within the limit. */
function longestWithin(text: string, limit: number): number {
  let low = 2;
  let high = Math.min(text.length, mostUnits);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (weightedLength(text.slice(0, middle)) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
