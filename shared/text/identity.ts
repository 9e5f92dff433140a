import type { StatedKind } from '../customer.ts';
import { readEmail } from './email.ts';
import { readNationalCode } from './national-code.ts';
import { asciiDigits, withoutBidiControls, withoutInvisible } from './normalise.ts';
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

/**
 * A customer number or user name in the one spelling by which it is recognised: what two keyboards, or a half-space, write otherwise and
 * people read alike is one. Letters that are read otherwise (آ and ا, ة and ه) stay apart: they may be two people.
 */
export function foldOwn(text: string): string {
  return asciiDigits(
    withoutInvisible(text)
      .replace(marks, '')
      .replace(/[\u3000\uFB50-\uFDFF\uFE80-\uFEFC\uFF01-\uFF5E]/g, (sign) => sign.normalize('NFKC'))
      .normalize('NFC')
      .replace(/[يى]/g, 'ی')
      .replace(/ك/g, 'ک'),
  )
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Tatweel and the vowel signs of Arabic, also those that stand alone. What is part of a letter (آ, أ) is none. */
const marks = /[\u0610-\u061A\u0640\u064B-\u0652\u0656-\u065F\u0670\uFE70-\uFE7F]/g;

/** Of the organisation's own system: its spelling is kept for show. */
function readOwn(text: string, what: string): Read {
  const display = withoutBidiControls(text).normalize('NFC').replace(/\s+/g, ' ').trim();
  const value = foldOwn(display);
  const refused = (message: string): Read => ({ ok: false, message, suggestion: null });
  if (!value) return refused(`The ${what} is empty.`);
  if (value.length > longest)
    return refused(`A ${what} has at most ${longest} characters; this has ${value.length}.`);
  if (/\p{Cc}/u.test(value)) return refused(`A ${what} has no control characters.`);
  return { ok: true, value, display };
}
