import { asciiDigits, withoutInvisible } from './normalise.ts';
import type { Read } from './read.ts';

const whole = 10;
/** A spreadsheet takes leading zeros for nothing: this many are often lost, more are no accident. */
const mostLost = 2;

/**
 * The check digit of the first nine: their sum, weighted from 10 down to 2, modulo 11; the digit is that remainder below 2, else 11
 * less it.
 */
export function nationalCheckDigit(nine: string): number {
  let sum = 0;
  for (let i = 0; i < nine.length; i += 1) sum += Number(nine[i]) * (whole - i);
  const rest = sum % 11;
  return rest < 2 ? rest : 11 - rest;
}

/** Ten ASCII digits whose last checks the others; ten times the same digit passes the sum and is nobody's. */
export function isNationalCode(digits: string): boolean {
  return (
    /^\d{10}$/.test(digits) &&
    !/^(\d)\1{9}$/.test(digits) &&
    nationalCheckDigit(digits.slice(0, -1)) === Number(digits.slice(-1))
  );
}

/** A national code as somebody wrote it: Persian, Arabic or full-width digits, with spaces, dots or dashes of any sort between them. */
export function readNationalCode(text: string): Read {
  const digits = asciiDigits(withoutInvisible(text).normalize('NFKC')).replace(
    /[\s./_\p{Pd}\u2212\u0640]/gu,
    '',
  );
  if (!/^\d+$/.test(digits))
    return refused('A national code has digits alone, ten of them, for example 0123456789.');
  if (digits.length < whole && digits.length >= whole - mostLost) {
    const full = digits.padStart(whole, '0');
    return isNationalCode(full)
      ? refused(
          `This has ${digits.length} digits: zeros at its beginning were lost. With them it is ${full}.`,
          full,
        )
      : refused(
          `This has ${digits.length} digits and a national code has ten; zeros added at its beginning do not make it right.`,
        );
  }
  if (digits.length !== whole)
    return refused(`This has ${digits.length} digits; a national code has ten, for example 0123456789.`);
  if (/^(\d)\1{9}$/.test(digits))
    return refused('Ten times the same digit is nobody’s national code. Ask for the real one.');
  if (!isNationalCode(digits))
    return refused(
      'The check digit is wrong: one of the digits is, or two are swapped. Compare it with the card.',
    );
  return { ok: true, value: digits, display: digits };
}

function refused(message: string, suggestion: string | null = null): Read {
  return { ok: false, message, suggestion };
}

/** All but the last three digits covered. */
export function maskedNationalCode(code: string): string {
  return `${'•'.repeat(Math.max(0, code.length - 3))}${code.slice(-3)}`;
}
