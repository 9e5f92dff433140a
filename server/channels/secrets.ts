import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Seals what must not be read from the database alone. */
export interface SecretBox {
  /** @param aad what it belongs to (channel and setting): a sealed value moved elsewhere does not open. */
  seal(text: string, aad: string): string;
  /** @throws Error with a sentence when the key is another, or the value was moved or changed. */
  open(sealed: string, aad: string): string;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. Sealed: base64 of version (1 byte), nonce (12), tag (16), cipher text. */
export function createSecretBox(secretKey: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'yekja channel secrets', 32));
  return {
    seal(text, aad) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed, aad) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes[0] !== version || bytes.length < 1 + nonceBytes + tagBytes)
        throw new Error(`A sealed secret of ${aad} has an unknown format (version ${bytes[0] ?? 'none'}).`);
      const nonce = bytes.subarray(1, 1 + nonceBytes);
      const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad)).setAuthTag(tag);
        return Buffer.concat([
          decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)),
          decipher.final(),
        ]).toString('utf8');
      } catch {
        throw new Error(
          `The secret of ${aad} does not open: SECRET_KEY (or secret.key) is not the one it was sealed with. Put the old key back, or enter the secret again.`,
        );
      }
    },
  };
}

/** Compares without telling by its time how much was right. */
export function sameSecret(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** The installation's key: what the environment says, else `secret.key` in the data folder, made on first use for its owner alone. */
export function loadSecretKey(options: { secretKey: string | undefined; dataDir: string }): string {
  if (options.secretKey) return options.secretKey;
  const path = join(options.dataDir, 'secret.key');
  if (!existsSync(path)) makeKey(options.dataDir, path);
  const key = readFileSync(path, 'utf8').trim();
  if (key.length < 32)
    throw new Error(
      `${path} holds no key (found ${key.length} characters). Restore it from where you keep it safe.`,
    );
  return key;
}

/** The key is on disk, whole, before it has its name: a full disk or a kill leaves no half key that nothing could be opened with. */
function makeKey(dataDir: string, path: string): void {
  const made = join(dataDir, `.secret.key-${process.pid}`);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(made, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
    linkSync(made, path);
  } catch (error) {
    // Another process made it between the two calls: its key holds.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(path)) return;
    throw new Error(
      `The key that seals secrets cannot be written to ${path} (${(error as Error).message}). Make room or let this user write there, or give the key in SECRET_KEY.`,
    );
  } finally {
    rmSync(made, { force: true });
  }
}
