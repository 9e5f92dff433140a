import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backup, openExisting } from './backup.ts';
import { filled } from './test/filled.ts';
import { program } from './test/program.ts';
import { verify } from './verify.ts';

let root: string;
let code: Awaited<ReturnType<typeof program>>;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'restore-'));
  chmodSync(root, 0o755);
  code = await program(
    'restore',
    `import { restore } from './backup.ts';
     const [from, dir] = process.argv.slice(2);
     restore({ from, dir, force: false, progress: () => {} })
       .catch((error) => { console.error(error.message); process.exitCode = 1; });`,
  );
});

afterAll(() => {
  code.remove();
  rmSync(root, { recursive: true, force: true });
});

test('a backup that cannot be written, as on a read-only medium, can be put back', async () => {
  const source = path.join(root, 'source');
  await (await filled(source, 80)).close();
  const from = path.join(root, 'backup');
  await backup(source, from);
  rmSync(path.join(from, 'store.mdb-lock'), { force: true });
  chmodSync(path.join(from, 'store.mdb'), 0o444);
  chmodSync(from, 0o555);
  const home = path.join(root, 'home');
  mkdirSync(home);
  chmodSync(home, 0o777);
  const dir = path.join(home, 'data');
  // The superuser may write everywhere: then another user restores.
  const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, [code.file, from, dir], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...other,
  });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [exit] = await once(child, 'close');
  expect({ exit, said }).toEqual({ exit: 0, said: '' });
  expect(statSync(path.join(dir, 'store.mdb')).mode & 0o777).toBe(0o600);
  const store = openExisting(dir);
  expect(verify(store, () => {})).toMatchObject({ documents: 80, faults: [] });
  await store.close();
});
