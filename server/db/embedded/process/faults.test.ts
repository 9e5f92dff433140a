import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../engine.ts';
import { EngineRunning } from '../process/claim.ts';
import { ensureMongo } from '../process/launcher.ts';
import { openExisting } from '../store/backup.ts';
import { Store } from '../store/store.ts';
import { program } from '../store/test/program.ts';
import { verify } from '../store/verify.ts';

let root: string;
let code: Awaited<ReturnType<typeof program>>;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'faults-'));
  chmodSync(root, 0o755);
  code = await program(
    'faults',
    `import { Int32 } from 'bson';
     import { startEngine } from '../engine.ts';
     import { encode } from '../bson/values.ts';
     import { insertDocument } from '../update/writes.ts';
     const [dir, deed] = process.argv.slice(2);
     const fill = async ({ engine, close }) => {
       const collection = await engine.catalog.getOrCreate('t', 'c');
       const put = (id, count) => engine.store.submit(function* (writer) {
         for (let i = 0; i < count; i++)
           yield* insertDocument(writer, collection, encode({ _id: id + i, text: 'x'.repeat(9000) }), { due: () => false });
       });
       let n = 0;
       let failure;
       while (!failure) await put(n, 1).then(() => { n++; }, (error) => { failure = error; });
       const many = await put(100_000, 300).then(() => 'written', (error) => error.code);
       const read = engine.store.live.range(collection.docs, { limit: 100_000 }).length;
       console.log(JSON.stringify({ n, code: failure.code, message: failure.message, many, read, count: collection.count }));
       process.stdin.once('data', async () => {
         await put(200_000, 300);
         console.log(JSON.stringify({ after: collection.count }));
         await close();
         process.exit(0);
       });
     };
     startEngine({ path: dir, port: 0 })
       .then((running) => (deed === 'fill' ? fill(running) : running.close().then(() => process.exit(0))))
       .catch((error) => { console.error(error.message); process.exit(1); });`,
  );
});

afterAll(() => {
  code.remove();
  rmSync(root, { recursive: true, force: true });
});

/** Starts an engine on a folder in a process that may do no more than the options say. */
async function start(dir: string, options: { limits?: string; uid?: number } = {}) {
  const words = [process.execPath, code.file, dir];
  const [command, ...rest] =
    options.limits === undefined ? words : ['sh', '-c', `${options.limits}; exec "$0" "$@"`, ...words];
  const child = spawn(command!, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [exit, signal] = await once(child, 'close');
  return { exit, signal, said: said.trim() };
}

describe('an engine says what is wrong and ends with 1', () => {
  test('where the path is a file', async () => {
    const file = path.join(root, 'file');
    writeFileSync(file, 'text');
    expect(await start(file)).toEqual({
      exit: 1,
      signal: null,
      said: `${file} is not a folder: name a folder for the data`,
    });
    await expect(ensureMongo({ dataDir: file, log: () => {} })).rejects.toThrow(`${file} is not a folder`);
    const below = await start(path.join(file, 'below'));
    expect(below.exit).toBe(1);
    expect(below.said).toMatch(/data folder .*file\/below cannot be made: ENOTDIR/);
  });

  test('where the folder is of others', async () => {
    const dir = path.join(root, 'letters');
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'letter.txt'), 'text');
    expect(await start(dir)).toMatchObject({
      exit: 1,
      said: expect.stringMatching(
        /holds other files \(letter\.txt\) and no store\.mdb: name an empty folder/,
      ),
    });
  });

  test('where the folder cannot be written', async () => {
    const dir = path.join(root, 'locked');
    mkdirSync(dir, { mode: 0o555 });
    // The superuser may write everywhere: then another user starts it.
    const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { exit, said } = await start(dir, uid);
    expect(exit).toBe(1);
    expect(said).toMatch(/the data folder .*locked cannot be written: EACCES/);
  });

  test('where address space is limited', async () => {
    const dir = path.join(root, 'narrow');
    const { exit, said } = await start(dir, { limits: 'ulimit -v 100000000' });
    expect(exit).toBe(1);
    expect(said).toMatch(/mapped into 256 GiB of address space, .*ulimit -v.*lift the limit/);
  });

  test('where another serves the folder', async () => {
    const dir = path.join(root, 'served');
    const first = await startEngine({ path: dir, port: 0 });
    const { address } = first.engine;
    await expect(startEngine({ path: dir, port: 0 })).rejects.toThrow(EngineRunning);
    expect(await start(dir)).toMatchObject({
      exit: 1,
      said: `another engine (process ${process.pid}) serves ${dir} at ${address}`,
    });
    await first.close();
  });

  test('where the file is of a newer program', async () => {
    const dir = path.join(root, 'newer');
    const store = new Store(dir, 'none');
    store.meta.db.putSync(Buffer.from('format'), Buffer.from('99'));
    await store.close();
    expect(await start(dir)).toMatchObject({ exit: 1, said: expect.stringMatching(/has the format 99/) });
  });
});

test('a disk that takes no more refuses whole writes, lets reads go on, and writes when there is room again', async () => {
  const dir = path.join(root, 'full');
  // Files may not grow beyond 8,000 blocks of 512 bytes: what a full disk does, for this process alone.
  const child = spawn(
    'sh',
    ['-c', 'ulimit -S -f 8000; exec "$0" "$@"', process.execPath, code.file, dir, 'fill'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const said = JSON.parse(line.toString()) as Record<string, number | string>;
  expect(said['n']).toBeGreaterThan(50);
  expect(said['message']).toMatch(/no space left for the store, nothing of this was written/);
  expect(said).toMatchObject({ code: 14031, many: 14031, read: said['n'], count: said['n'] });
  const lift = spawn('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
  expect((await once(lift, 'close'))[0]).toBe(0);
  child.stdin.write('go on\n');
  const [after] = (await once(child.stdout, 'data')) as [Buffer];
  expect(JSON.parse(after.toString())).toEqual({ after: Number(said['n']) + 300 });
  await once(child, 'close');
  const store = openExisting(dir);
  expect(verify(store, () => {})).toMatchObject({ documents: Number(said['n']) + 300, faults: [] });
  await store.close();
});
