import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSecretBox, loadSecretKey, sameSecret } from './secrets.ts';

const dir = mkdtempSync(join(tmpdir(), 'yekja-secrets-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('sealed secrets', () => {
  const box = createSecretBox('a key of at least thirty-two characters');

  it('open under the key and place they were sealed for, and never look alike', () => {
    const sealed = box.seal('توکن-1', 'channel:token');
    expect(box.open(sealed, 'channel:token')).toBe('توکن-1');
    expect(box.seal('توکن-1', 'channel:token')).not.toBe(sealed);
    expect(sealed).not.toContain('1-');
  });

  it('do not open elsewhere, when changed, or under another key', () => {
    const sealed = box.seal('x', 'a:token');
    expect(() => box.open(sealed, 'b:token')).toThrow(/does not open/);
    const bytes = Buffer.from(sealed, 'base64');
    bytes[bytes.length - 1]! ^= 1;
    expect(() => box.open(bytes.toString('base64'), 'a:token')).toThrow(/does not open/);
    expect(() => createSecretBox('another key of at least 32 characters.').open(sealed, 'a:token')).toThrow(
      /SECRET_KEY/,
    );
    expect(() => box.open('AgAA', 'a:token')).toThrow(/unknown format/);
  });
});

describe("the installation's key", () => {
  it('is made once, for its owner alone, and found again', () => {
    const first = loadSecretKey({ secretKey: undefined, dataDir: join(dir, 'main') });
    expect(loadSecretKey({ secretKey: undefined, dataDir: join(dir, 'main') })).toBe(first);
    expect(statSync(join(dir, 'main', 'secret.key')).mode & 0o777).toBe(0o600);
  });

  it('is never half there: on a full disk it is not made, and is made when there is room', () => {
    const dataDir = join(dir, 'full');
    // Files of this process may grow to 10 bytes: what a full disk does.
    const limit = (bytes: string) =>
      execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
    limit('10');
    try {
      expect(() => loadSecretKey({ secretKey: undefined, dataDir })).toThrow(
        /cannot be written to .*Make room/,
      );
    } finally {
      limit('unlimited');
    }
    expect(readdirSync(dataDir)).toEqual([]);
    expect(loadSecretKey({ secretKey: undefined, dataDir })).toMatch(/^.{44}$/);
    expect(readdirSync(dataDir)).toEqual(['secret.key']);
  });

  it('is the environment’s when that is set, and an emptied file is no key', () => {
    expect(loadSecretKey({ secretKey: 'from the environment', dataDir: dir })).toBe('from the environment');
    writeFileSync(join(dir, 'secret.key'), '\n');
    expect(() => loadSecretKey({ secretKey: undefined, dataDir: dir })).toThrow(/holds no key/);
  });
});

it('compares secrets of any length', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  expect(sameSecret('abc', 'abcd')).toBe(false);
});
