import type { VisitorContact } from '../../shared/visitor.ts';

/** What somebody wrote into the one field for an e-mail address or a mobile number; null when it is neither. */
export function readAddress(written: string): Pick<VisitorContact, 'email' | 'mobile'> | null {
  const latin = written
    .replace(/[\u06f0-\u06f9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x06c0))
    .replace(/[\u0660-\u0669]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x0630))
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  if (/^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/.test(latin) && latin.length <= 320)
    return { email: latin, mobile: '' };
  const number = latin.replace(/[\s()\-.]/g, '');
  return /^\+?\d{8,15}$/.test(number) ? { email: '', mobile: number } : null;
}
