import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../db/embedded/engine.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yekja-db-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const program = fileURLToPath(new URL('./db.ts', import.meta.url));
function db(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, ...args], {
    encoding: 'utf8',
  });
  return { status, out: stdout, complaint: stderr };
}

const at = (name: string) => path.join(root, name);

/** A folder with these bytes as its store. */
function folder(name: string, bytes: Uint8Array): string {
  mkdirSync(at(name), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(at(name), 'store.mdb'), bytes);
  return at(name);
}

let sound: Buffer;
beforeAll(async () => {
  const engine = await startEngine({
    path: at('data'),
    socket: path.join(at('socket'), 'engine.sock'),
  });
  const client = await mongo.MongoClient.connect(engine.uri);
  const documents = Array.from({ length: 2000 }, (_, n) => ({ n, text: 'x'.repeat(400) }));
  await client.db('t').collection('things').insertMany(documents);
  await client.close();
  await engine.close();
  sound = readFileSync(path.join(at('data'), 'store.mdb'));
});

describe('npm run db', () => {
  it('copies, checks and puts back', () => {
    expect(db('backup', at('backup'), '--path', at('data')).status).toBe(0);
    expect(db('restore', at('backup'), '--path', at('other')).status).toBe(0);
    const { status, out } = db('check', '--path', at('other'));
    expect([status, out]).toEqual([0, expect.stringContaining('is sound: collections 1 documents 2000')]);
  });

  it('says in a sentence what is wrong with a folder that is not there, and makes none', () => {
    const { status, complaint } = db('check', '--path', at('nowhere'));
    expect([status, complaint]).toEqual([1, expect.stringContaining('holds no data')]);
    expect(existsSync(at('nowhere'))).toBe(false);
  });

  it('says so when a store was cut off, however much of it is left', () => {
    const half = folder('half', sound.subarray(0, sound.length / 2));
    for (const words of [
      ['check', '--path', half],
      ['restore', half, '--path', at('from-half')],
    ]) {
      const { status, complaint } = db(...words);
      expect(status).toBe(1);
      expect(complaint).toMatch(/damaged|not sound|not found/);
    }
  });

  it('never takes an empty file for a backup, nor for sound data', () => {
    const empty = folder('empty', new Uint8Array());
    expect(db('check', '--path', empty)).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('is empty'),
    });
    expect(db('restore', empty, '--path', at('data'), '--force')).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('is empty'),
    });
    expect(readFileSync(path.join(at('data'), 'store.mdb')).equals(sound)).toBe(true);
  });

  it('puts a backup in the place of a store that cannot be opened any more', () => {
    const source = folder('source', sound);
    for (const [name, bytes] of [
      ['junk', Buffer.alloc(100_000, 7)],
      ['nothing', Buffer.alloc(0)],
    ] as const) {
      const broken = folder(name, bytes);
      expect(db('restore', source, '--path', broken).complaint).toContain('--force');
      expect(db('restore', source, '--path', broken, '--force').complaint).toBe('');
      expect(db('check', '--path', broken).out).toContain('documents 2000');
    }
  });
});
