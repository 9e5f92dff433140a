/** SMS parts as networks count them: GSM 03.38 (160 alone, 153 a part) or UCS-2 (70 alone, 67 a part). */

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Cost two septets: an escape comes first. */
const extended = new Set('^{}\\[~]|€\f');

export interface SmsCount {
  encoding: 'gsm7' | 'ucs2';
  parts: number;
  /** Units used: septets, or UTF-16 units. */
  units: number;
  /** Units left in the last part. */
  left: number;
}

export function countSms(text: string): SmsCount {
  let septets = 0;
  for (const char of text) {
    if (basic.has(char)) septets += 1;
    else if (extended.has(char)) septets += 2;
    else return pack(ucs2Widths(text), 70, 67, 'ucs2');
  }
  if (septets <= 160)
    return { encoding: 'gsm7', parts: septets ? 1 : 0, units: septets, left: 160 - septets };
  return pack(
    [...text].map((char) => (extended.has(char) ? 2 : 1)),
    160,
    153,
    'gsm7',
  );
}

function ucs2Widths(text: string): number[] {
  return [...text].map((char) => char.length);
}

/** Characters are never split between parts: not an escape pair, not a surrogate pair. */
function pack(widths: number[], alone: number, part: number, encoding: SmsCount['encoding']): SmsCount {
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= alone) return { encoding, parts: units ? 1 : 0, units, left: alone - units };
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, parts, units, left: part - used };
}
