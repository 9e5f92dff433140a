import { createHash } from 'node:crypto';

/** Longest key in bytes that is kept whole. */
const limit = 500;

/**
 * The one function that makes keys of several parts: `%` and `:` inside a part are escaped, so that no part can pretend to be
 * two; over 500 bytes a key is its first 400 and the SHA-256 of the whole.
 */
export function key(...parts: (string | number)[]): string {
  const whole = parts
    .map((part) => String(part).replace(/[%:]/g, (c) => (c === '%' ? '%25' : '%3A')))
    .join(':');
  const bytes = Buffer.from(whole);
  if (bytes.length <= limit) return whole;
  const hash = createHash('sha256').update(bytes).digest('hex');
  // A cut through a multi-byte character leaves U+FFFD behind; the hash tells such keys apart.
  return `${bytes.subarray(0, 400).toString('utf8')}#sha256${hash}`;
}

/** The parts that a key was made of; null when it was too long to be kept whole. */
export function keyParts(whole: string): string[] | null {
  if (Buffer.byteLength(whole) > limit || /#sha256[0-9a-f]{64}$/.test(whole)) return null;
  return whole.split(':').map((part) => part.replace(/%3A|%25/g, (code) => (code === '%25' ? '%' : ':')));
}
