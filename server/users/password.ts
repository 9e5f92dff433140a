import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

// OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane. https://cheatsheetseries.owasp.org (Password Storage)
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), cost);
}

/** With a hash nobody has the password of, unknown users cost as much as known ones. */
let nobody: Promise<string> | undefined;

/** @param stored null when there is no such user: the same work is done and the answer is no */
export async function passwordIs(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hash(randomBytes(16), cost);
  const right = await verify(stored ?? (await nobody), password.normalize('NFC'));
  return stored !== null && right;
}

/** Sixteen letters and digits that are not mistaken for one another, in fours: about 80 bits. */
export function mintPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const drawn = [...randomBytes(16)].map((byte) => letters[byte % letters.length]);
  return (drawn.join('').match(/.{4}/g) ?? []).join('-');
}
