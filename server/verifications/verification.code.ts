import { createHmac, randomBytes } from 'node:crypto';
import { asciiDigits } from '../../shared/text/normalise.ts';
import { sameSecret } from '../channels/secrets.ts';
import type { Context } from '../context.ts';
import type { VerificationDoc } from './verification.model.ts';

const digits = 6;

/** Six digits, each as likely as another. */
export function mintCode(random: Context['random']): string {
  return String(Math.floor(random() * 10 ** digits)).padStart(digits, '0');
}

const hashOf = (code: string, salt: string) => createHmac('sha256', salt).update(code).digest('hex');
const place = (id: string) => `verification ${id}`;

/**
 * How a code is kept: hashed under a salt of its own, and the hash sealed. There are only a million codes: whoever had the database
 * alone could try them all against a bare hash.
 */
export function keptCode(
  ctx: Pick<Context, 'secrets'>,
  of: { id: string; code: string },
): Pick<VerificationDoc, 'salt' | 'hash'> {
  const salt = randomBytes(16).toString('hex');
  return { salt, hash: ctx.secrets.seal(hashOf(of.code, salt), place(of.id)) };
}

/** In constant time. */
export function isCode(
  ctx: Pick<Context, 'secrets'>,
  verification: Pick<VerificationDoc, '_id' | 'salt' | 'hash'>,
  code: string,
): boolean {
  const expected = ctx.secrets.open(verification.hash, place(verification._id));
  return sameSecret(hashOf(code, verification.salt), expected);
}

/** What somebody typed as a code: six digits in any script, with spaces or dashes between them; else null. */
export function typedCode(text: string): string | null {
  const plain = asciiDigits(text).replace(/[\s\u200B-\u200F\u202A-\u202E\u2066-\u2069-]/g, '');
  return /^\d{6}$/.test(plain) ? plain : null;
}

/** The one number of six digits in what a customer wrote; null when there is none, or several. */
export function codeIn(text: string): string | null {
  // No code stands further down than a person would write one.
  const plain = asciiDigits(text.slice(0, 1_000));
  const found = plain.match(/(?<![\d+])(?:\d{6}|\d{3}[ -]\d{3})(?!\d)/g) ?? [];
  return found.length === 1 ? typedCode(found[0] ?? '') : null;
}
