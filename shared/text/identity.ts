import type { StatedKind } from '../customer.ts';
import { readEmail } from './email.ts';
import { readNationalCode } from './national-code.ts';
import { asciiDigits, withoutBidiControls } from './normalise.ts';
import { parsePhone, readPhone } from './phone.ts';
import type { Read } from './read.ts';

/** `kind` is the one by which it is recognised: a mobile number given as a telephone is a mobile number. */
export type ReadIdentity =
  | (Extract<Read, { ok: true }> & { kind: StatedKind })
  | Extract<Read, { ok: false }>;

/** Longer than any number or name of a system that people read out. */
const longest = 100;

/**
 * An identity that an agent, an import or the API states, in the one spelling by which it is recognised: the same that channels give
 * to whoever writes from there.
 */
export function readIdentity(kind: StatedKind, text: string): ReadIdentity {
  const meant = kind === 'phone' && parsePhone(text)?.mobile ? 'mobile' : kind;
  const read = readers[meant](text);
  return read.ok ? { ...read, kind: meant } : read;
}

const readers: Record<StatedKind, (text: string) => Read> = {
  mobile: (text) => readPhone(text, 'mobile'),
  phone: (text) => readPhone(text, 'phone'),
  emailAddress: readEmail,
  nationalCode: readNationalCode,
  customerNumber: (text) => readOwn(text, 'customer number'),
  username: (text) => readOwn(text, 'user name'),
};

/** Of the organisation's own system: its spelling is kept for show; it is found whatever its case, digits and spaces around it. */
function readOwn(text: string, what: string): Read {
  const display = withoutBidiControls(text).normalize('NFC').replace(/\s+/g, ' ').trim();
  const value = asciiDigits(display).toLowerCase();
  const refused = (message: string): Read => ({ ok: false, message, suggestion: null });
  if (!value) return refused(`The ${what} is empty.`);
  if (value.length > longest)
    return refused(`A ${what} has at most ${longest} characters; this has ${value.length}.`);
  if (/\p{Cc}/u.test(value)) return refused(`A ${what} has no control characters.`);
  return { ok: true, value, display };
}
