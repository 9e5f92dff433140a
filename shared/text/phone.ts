import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { asciiDigits } from './normalise.ts';

/**
 * Iranian numbers in every spelling, and any other country's with its +code, as E.164; null when it is no valid number.
 * Needs the `max` metadata: with the default set 09421234567 would pass.
 */
export function parsePhone(text: string): { e164: string; mobile: boolean } | null {
  const digits = asciiDigits(text).replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');
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
