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
  return text.replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');
}
