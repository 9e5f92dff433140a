/** Persian text made comparable, for search and matching only: what a person wrote is kept for display. */

const letters: Record<string, string> = {
  ي: 'ی',
  ى: 'ی',
  ئ: 'ی',
  ك: 'ک',
  ة: 'ه',
  ۀ: 'ه',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ؤ: 'و',
};

/** Arabic and Persian digits as ASCII. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (d) => String(d.charCodeAt(0) & 0xf));
}

/**
 * NFC (NFKC would break words apart: ﻻ), Arabic letter forms to Persian, ASCII digits, no diacritics or tatweel, lower case;
 * the half-space and other white space become one space.
 */
export function normalise(text: string): string {
  return asciiDigits(text.normalize('NFC'))
    .replace(/[\u0610-\u061A\u064B-\u065F\u0670\u0640\u0654\u0655]/g, '')
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
    .replace(/[يىئكةۀأإآٱؤ]/g, (c) => letters[c] ?? c)
    .toLowerCase()
    .replace(/[\s\u200B-\u200D\u00A0]+/g, ' ')
    .trim();
}

/** The words of a name or text, normalised, each once. */
export function searchTokens(text: string): string[] {
  return [
    ...new Set(
      normalise(text)
        .split(/[^\p{L}\p{N}@._+-]+/u)
        .filter(Boolean),
    ),
  ];
}

/** Control characters that reorder text (spoofed names and file names) removed; the half-space stays. */
export function withoutBidiControls(text: string): string {
  return text.replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');
}

/** Marks of direction, joiners (the half-space is one), soft hyphens, byte order marks: nobody sees them, so they tell nothing apart. */
export function withoutInvisible(text: string): string {
  return text.replace(/[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g, '');
}

/** Of which nothing is seen, though it counts as a letter or a sign: fillers of other scripts, the empty pattern of Braille. */
const blanks = /[\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/g;

/**
 * A text of one line or several as it is kept: nothing that reorders it and no control characters but line breaks and tabs; '' where
 * nobody would see anything.
 */
export function cleanText(text: string): string {
  const clean = withoutBidiControls(text)
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(clean.replace(blanks, '')) ? clean : '';
}
