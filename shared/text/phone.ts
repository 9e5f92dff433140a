import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { asciiDigits, withoutInvisible } from './normalise.ts';
import type { Read } from './read.ts';

/**
 * Iranian numbers in every spelling, and any other country's with its +code, as E.164; null when it is no valid number.
 * Needs the `max` metadata: with the default set 09421234567 would pass.
 */
export function parsePhone(text: string): { e164: string; mobile: boolean } | null {
  const digits = asciiDigits(withoutInvisible(text));
  const number = parsePhoneNumberFromString(digits, 'IR');
  if (!number?.isValid()) return null;
  const type = number.getType();
  return { e164: number.number, mobile: type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' };
}

/**
 * Service lines (10004346, 3000…, five-digit codes) parse as invalid numbers of Iran: they are known by their prefix, before
 * parsing, and never as a ten-digit 9xxxxxxxxx. Alphanumeric senders are lines too.
 */
export function serviceLine(text: string): string | null {
  const value = asciiDigits(text).trim();
  if (/[A-Za-z]/.test(value)) return value.slice(0, 20);
  const digits = value
    .replace(/[^\d+]/g, '')
    .replace(/^(\+|00)?98/, '')
    .replace(/^\+/, '');
  if (/^0?9\d{9}$/.test(digits)) return null;
  if (/^(1000|2000|3000|5000|9000|021|50004)\d+$/.test(digits)) return digits;
  return /^\d{3,8}$/.test(digits) ? digits : null;
}

/**
 * A mobile number (or, told so, any telephone number) as somebody wrote it, in E.164. Iran's in every spelling; any other country's
 * with its code.
 */
export function readPhone(text: string, kind: 'mobile' | 'phone'): Read {
  const number = parsePhone(text);
  if (number && (number.mobile || kind === 'phone'))
    return { ok: true, value: number.e164, display: number.e164 };
  const refused = (message: string, suggestion: string | null = null): Read => ({
    ok: false,
    message,
    suggestion,
  });
  const example = kind === 'mobile' ? '09121234567' : '02188776655';
  if (number)
    return refused(
      `${number.e164} is a fixed line, and a mobile number is asked for. Enter it as a telephone, or give a mobile number like ${example}.`,
    );
  const digits = asciiDigits(text).replace(/\D/g, '');
  if (!digits) return refused(`There is no number in this. Give one like ${example}, or +44 7400 123456.`);
  const guess = parsePhone(`+${digits}`) ?? (digits.startsWith('0') ? null : parsePhone(`0${digits}`));
  const suggestion = guess && (guess.mobile || kind === 'phone') ? guess.e164 : null;
  if (/^(0|98|0098)?9\d*$/.test(digits)) {
    const national = digits.replace(/^(0098|98|0)/, '');
    if (national.length !== 10)
      return refused(
        `A mobile number of Iran has ten digits after the first zero and this has ${national.length}. It should look like ${example}.`,
        suggestion,
      );
    return refused(
      `No operator of Iran has numbers that begin with 0${national.slice(0, 3)}. Look at it again.`,
    );
  }
  return refused(
    `This is no valid ${kind === 'mobile' ? 'mobile number' : 'telephone number'}. One of Iran looks like ${example}; of another country it begins with + and that country's code.`,
    suggestion,
  );
}
