import { asciiDigits, withoutInvisible } from './normalise.ts';

/** The customer id: nine random digits and a check digit (Damm: catches every single slip and every swap of neighbours). */

const table = [
  [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
  [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
  [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
  [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
  [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
  [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
  [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
  [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
  [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
  [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

function damm(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = table[interim]?.[Number(digit)] ?? 0;
  return interim;
}

/** @param random uniform in [0, 1), nine draws. The first digit is never 0, so that no tool drops it. */
export function mintCid(random: () => number): string {
  let digits = String(1 + Math.floor(random() * 9));
  while (digits.length < 9) digits += Math.floor(random() * 10);
  return digits + damm(digits);
}

export function isCid(text: string): boolean {
  return /^[1-9]\d{9}$/.test(text) && damm(text) === 0;
}

/** A CID as somebody wrote it: Persian or Arabic digits, with spaces or dashes between them. Null when it is none. */
export function readCid(text: string): string | null {
  const cid = asciiDigits(withoutInvisible(text)).replace(/[\s\p{Pd}]/gu, '');
  return isCid(cid) ? cid : null;
}
