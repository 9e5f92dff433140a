import { createHmac, randomBytes } from 'node:crypto';
import { asciiDigits, normalise } from '../../shared/text/normalise.ts';
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

/** What people write around a code that they were asked for, as `normalise` spells it. */
const around = new Set(
  [
    'code verification confirmation otp pin password the my your is its it s this here hi hello ok okay yes sure says said got received came thank thanks you please',
    'کد کدم کدش رمز تایید تاییدیه پیامک من شما را رو است هست هستش اینه این ه می شه شد میشه میباشد باشد سلام بله باشه نوشته آمد اومد ممنون مرسی لطفا خدمت بفرمایید بفرما',
  ]
    .join(' ')
    .split(' '),
);

/**
 * The code with which a customer answers: six digits, and around them at most what people say with a code. A number in a sentence about
 * something else is no answer: it proves nothing, and so is no attempt either.
 */
export function codeIn(text: string): string | null {
  if (text.length > 200) return null;
  const plain = normalise(text);
  const found = plain.match(/(?<![\d+])(?:\d{6}|\d{3}[ -]\d{3})(?!\d)/g) ?? [];
  const [code] = found;
  if (!code || found.length > 1) return null;
  const words = plain.replace(code, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => around.has(word)) ? typedCode(code) : null;
}
