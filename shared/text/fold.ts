/**
 * One character of any script as search compares it. Several code points that people read, or type, as one letter are one here: ي ى ئ ے
 * and ی, ك and ک, ة ۀ ە ہ and ه, أ إ آ ٱ and ا, ؤ ۆ and و; digits of every script; Latin without its accents and small; presentation
 * forms (ﻻ) as their letters. Marks above and below, tatweel, the lone hamza and what only directs the writing are nothing.
 */

/** The half-space, and what keyboards and old programs write for it. */
export const halfSpace = '\u200C';

const sameLetter: Readonly<Record<string, string>> = {
  ي: 'ی',
  ى: 'ی',
  ې: 'ی',
  ے: 'ی',
  ۍ: 'ی',
  ێ: 'ی',
  ك: 'ک',
  ڪ: 'ک',
  ػ: 'ک',
  ة: 'ه',
  ە: 'ه',
  ہ: 'ه',
  ھ: 'ه',
  ۃ: 'ه',
  ٱ: 'ا',
  ٲ: 'ا',
  ٳ: 'ا',
  ۆ: 'و',
  ۇ: 'و',
  ۈ: 'و',
  ۋ: 'و',
  ڨ: 'ق',
  ڵ: 'ل',
  ڕ: 'ر',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Lone hamza (شیء, سوء), tatweel, joiners, soft hyphen, marks of direction, variation selectors. */
const nothing =
  /\u200D|[\u0621\u0640\u00AD\u200E\u200F\u061C\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]|\p{Mn}|\p{Me}/u;
const forHalfSpace = /[\u200B\u200C\u00AC]/u;

/** What a character is to a reader of words. */
export interface Sign {
  /** Folded: '' of what is nothing; a letter, a digit, a space or any other sign otherwise. A ligature is several letters. */
  text: string;
  kind: 'nothing' | 'letter' | 'digit' | 'other';
}

const known: (Sign | undefined)[] = new Array(0x10000);

export function signOf(point: number): Sign {
  const found = known[point];
  if (found) return found;
  const text = foldAnew(String.fromCodePoint(point));
  const sign: Sign = { text, kind: kindOf(text) };
  if (point < 0x10000) known[point] = sign;
  return sign;
}

export const foldPoint = (point: number): string => signOf(point).text;

function kindOf(text: string): Sign['kind'] {
  if (text === '') return 'nothing';
  if (/^[0-9]$/.test(text)) return 'digit';
  return /^[\p{L}\p{N}]/u.test(text) ? 'letter' : 'other';
}

function foldAnew(char: string): string {
  if (forHalfSpace.test(char)) return halfSpace;
  if (nothing.test(char)) return '';
  if (/\s/u.test(char)) return ' ';
  const digit = digitOf(char);
  if (digit !== null) return digit;
  let folded = '';
  for (const part of char.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (nothing.test(part)) continue;
    folded += sameLetter[part] ?? digitOf(part) ?? part;
  }
  // A sign for a whole phrase (ﷺ) is one word.
  return folded.replaceAll(' ', '');
}

function digitOf(char: string): string | null {
  if (!/\p{Nd}/u.test(char)) return null;
  // Digits of a script stand in rows of ten that begin with zero.
  let before = 0;
  const point = char.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(point - before - 1))) before += 1;
  return String(before % 10);
}
