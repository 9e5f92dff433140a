import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../../../../test/random.ts';
import { encode } from '../bson/values.ts';
import { Engine } from '../core.ts';
import { insertDocument } from '../update/writes.ts';
import { backup, restore } from './backup.ts';
import { damageOf } from './pages.ts';
import { Store } from './store.ts';
import { filled, removeBelow } from './test/filled.ts';
import { program } from './test/program.ts';

let root: string;
let sound: string;
let size: number;
let folders = 0;
let reader: Awaited<ReturnType<typeof program>>;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'pages-'));
  sound = path.join(root, 'sound');
  const store = await filled(sound, 3000);
  await removeBelow(store, 600);
  await store.close();
  size = statSync(path.join(sound, 'store.mdb')).size;
  // A process of its own: the system ends one that follows a damaged page out of the file.
  reader = await program(
    'pages',
    `import { openExisting } from './backup.ts';
     import { verify } from './verify.ts';
     import { startEngine } from '../engine.ts';
     const said = async (work) => { try { return await work(); } catch (error) { return String(error.message); } };
     for (const dir of process.argv.slice(2)) {
       const check = await said(async () => {
         const store = openExisting(dir);
         const { faults } = verify(store, () => {});
         await store.close();
         return faults.join();
       });
       const start = await said(async () => (await startEngine({ path: dir, port: 0 })).close());
       console.log(JSON.stringify({ dir, check, start: start ?? '' }));
     }`,
  );
});

afterAll(() => {
  reader.remove();
  rmSync(root, { recursive: true, force: true });
});

function damaged(damage: (file: string) => void): string {
  const dir = path.join(root, `copy${folders++}`);
  cpSync(sound, dir, { recursive: true });
  rmSync(path.join(dir, 'store.mdb-lock'), { force: true });
  damage(path.join(dir, 'store.mdb'));
  return dir;
}

const overwritten = (at: number, bytes: Buffer) => (file: string) => {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, at);
  closeSync(descriptor);
};

/** What a check and a start say of folders; the process must live to the end. */
async function saidOf(dirs: string[]): Promise<{ check: string; start: string }[]> {
  const child = spawn(process.execPath, [reader.file, ...dirs], { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  const [code, signal] = await once(child, 'close');
  const said = out.split('\n').filter((line) => line.startsWith('{'));
  expect({ code, signal, last: dirs[said.length] }).toEqual({ code: 0, signal: null, last: undefined });
  return said.map((line) => JSON.parse(line) as { check: string; start: string });
}

describe('a damaged file', () => {
  test('cut off anywhere is told, and starts no engine', async () => {
    const lengths = [1, 4096, 8191, 8192, 12_288, 40_960, size >> 2, size >> 1, Math.floor(size * 0.9)];
    const dirs = lengths.map((length) => damaged((file) => truncateSync(file, length)));
    for (const { check, start } of await saidOf(dirs)) {
      expect(check).toMatch(/store\.mdb is damaged.*restore/);
      expect(start).toMatch(/store\.mdb is damaged.*restore/);
    }
  });

  test('with a head overwritten anywhere is told, and starts no engine', async () => {
    const random = seeded(7);
    const bytes = (count: number) =>
      Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
    const places = [16, 24, 28, 48, 4096 + 16, 4096 + 24, 4096 + 48];
    const dirs = [
      ...places.map((at) => damaged(overwritten(at, bytes(8)))),
      damaged(overwritten(0, bytes(4096))),
      damaged(overwritten(4096, bytes(4096))),
    ];
    for (const { check, start } of await saidOf(dirs)) {
      expect(check).toMatch(/store\.mdb is damaged.*restore/);
      expect(start).toMatch(/store\.mdb is damaged.*restore/);
    }
  });

  test('with pages overwritten is told by a check, wherever one is in use', {
    timeout: 120_000,
  }, async () => {
    const random = seeded(11);
    const garbage = Buffer.from(Array.from({ length: 4096 }, () => Math.floor(random() * 256)));
    const pages = Array.from({ length: 24 }, (_, i) => 2 + Math.floor((i * (size / 4096 - 2)) / 24));
    const said = await saidOf(pages.map((page) => damaged(overwritten(page * 4096, garbage))));
    // The rest are free pages.
    expect(said.filter(({ check }) => /damaged|cannot be read/.test(check)).length).toBeGreaterThan(8);
    for (const { check } of said) expect(check).toMatch(/^$|damaged|cannot be read/);
  });

  test('gives way to a backup', async () => {
    const copy = path.join(root, 'backup');
    await backup(sound, copy);
    const dir = damaged(overwritten(4096 + 48, Buffer.alloc(100, 0xab)));
    await expect(restore({ from: copy, dir, force: false, progress: () => {} })).rejects.toThrow(/--force/);
    const { documents, faults } = await restore({ from: copy, dir, force: true, progress: () => {} });
    expect({ documents, faults }).toEqual({ documents: 2400, faults: [] });
  });
});

test('the pages of a file that is written meanwhile are never said to be damaged', async () => {
  const dir = path.join(root, 'busy');
  const store = new Store(dir, 'none');
  const { catalog } = new Engine(store, '127.0.0.1:1');
  const collection = await catalog.create('t', 'c');
  const file = path.join(dir, 'store.mdb');
  for (let round = 0; round < 60; round++) {
    const written = store.submit(function* (writer) {
      for (let i = 0; i < 50; i++) {
        const doc = { _id: round * 50 + i, text: 'x'.repeat(i % 10 === 0 ? 20_000 : 300) };
        yield* insertDocument(writer, collection, encode(doc), { due: () => false });
      }
    });
    await store.inBetween(() => {});
    expect(damageOf(file, { leaves: true })).toBeUndefined();
    await written;
    expect(damageOf(file, { leaves: false })).toBeUndefined();
  }
  expect(readFileSync(file).length).toBeGreaterThan(2 ** 20);
  await store.close();
});
