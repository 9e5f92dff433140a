import { asciiDigits, withoutBidiControls } from '../../shared/text/normalise.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { Sender } from '../connector.ts';

/** Extensions are short; no number of the public network is. */
export function isExtension(number: string): boolean {
  return /^\d{2,5}$/.test(asciiDigits(number).trim());
}

/** What systems write where the caller let nobody know. */
export function isWithheld(number: string): boolean {
  return /^(anonymous|unknown|unavailable|restricted|private|withheld|asterisk|\s*|0+)$/i.test(number.trim());
}

/** The customer's side; null when it is no telephone number. */
export function callerOf(number: string, options: { areaCode: string; name: string | null }): Sender | null {
  const digits = asciiDigits(withoutBidiControls(number)).replace(/[^\d+]/g, '');
  const local = /^[1-9]\d{5,7}$/.test(digits) ? options.areaCode + digits : digits;
  const phone = parsePhone(local) ?? (digits.startsWith('+') ? null : parsePhone(`+${digits}`));
  if (!phone) return null;
  const name = withoutBidiControls(options.name ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 120);
  return {
    kind: phone.mobile ? 'mobile' : 'phone',
    value: phone.e164,
    display: phone.e164,
    ...(name ? { name } : {}),
  };
}
