import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '../bson/values.ts';
import { claim } from '../process/claim.ts';
import { openExisting } from './backup.ts';
import { compact } from './compact.ts';
import { liveBytes } from './copy.ts';
import { buried } from './graveyard.ts';
import { packedBytes } from './packed.ts';
import { filled, removeBelow, removeEveryOther } from './test/filled.ts';
import { program } from './test/program.ts';
import { verify } from './verify.ts';
import { readRange } from './view.ts';

let root: string;
let code: Awaited<ReturnType<typeof program>>;
let folders = 0;
const children = new Set<ChildProcess>();
const fresh = () => path.join(root, `data${folders++}`);

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'compact-'));
  code = await program(
    'compact',
    `import { backup, openExisting } from './backup.ts';
        import { compact } from './compact.ts';
        import { rewriteStore } from './rewrite.ts';
        const [dir, deed, target] = process.argv.slice(2);
        const say = (line) => console.log(line);
        const rewrite = async () => {
          const store = openExisting(dir);
          await rewriteStore(store, target, say).finally(() => store.close());
        };
        const deeds = { copy: () => backup(dir, target), rewrite };
        (deeds[deed] ?? (() => compact(dir, say)))().then(
          () => console.log('done'),
          (error) => { console.error(error.message); process.exit(1); },
        );`,
  );
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  code.remove();
  rmSync(root, { recursive: true, force: true });
});

/** A folder of documents most of which are gone again. */
async function loose(documents: number): Promise<string> {
  const dir = fresh();
  const store = await filled(dir, documents);
  await removeBelow(store, documents * 0.9);
  await store.close();
  return dir;
}

function soundness(dir: string) {
  const store = openExisting(dir);
  const { documents, faults } = verify(store, () => {});
  const bytes = { live: liveBytes(store), file: statSync(path.join(dir, 'store.mdb')).size };
  return store.close().then(() => ({ documents, faults, ...bytes }));
}

/** Every entry of every table, as bytes; the record of the engine that served the store is none of the data. */
async function contents(dir: string): Promise<Map<string, string[]>> {
  const store = openExisting(dir);
  const line = (bytes: Buffer) => bytes.toString('latin1');
  const tables = store.tableNames().map((name): [string, string[]] => [
    name,
    readRange(store.table(name), { limit: Number.MAX_SAFE_INTEGER })
      .filter(({ key }) => line(key) !== 'engine')
      .map(({ key, value }) => `${line(key)} ${line(value)}`),
  ]);
  await store.close();
  return new Map(tables);
}

interface Run {
  killAt?: RegExp;
  copyTo?: string;
  rewriteTo?: string;
  blocks?: number;
}

/** Runs the program, killing it as soon as it has said a line that matches. */
async function run(dir: string, options: Run = {}) {
  const { copyTo, rewriteTo } = options;
  const deed = copyTo ? ['copy', copyTo] : rewriteTo ? ['rewrite', rewriteTo] : [];
  const words = [process.execPath, code.file, dir, ...deed];
  // Files may not grow beyond this many blocks of 512 bytes: what a full disk does, for this process alone.
  const limited = ['sh', '-c', `ulimit -f ${options.blocks}; exec "$0" "$@"`, ...words];
  const [command, ...rest] = options.blocks === undefined ? words : limited;
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let out = '';
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
    if (options.killAt?.test(out)) child.kill('SIGKILL');
  });
  const [exit, signal] = (await once(child, 'close')) as [number | null, string | null];
  children.delete(child);
  return { code: exit, signal, out, complaint };
}

describe('compacting', () => {
  test('gives back what deletes left, and loses nothing', async () => {
    const dir = await loose(4000);
    const result = await compact(dir, () => {});
    expect(result.documents).toBe(400);
    expect(result.after).toBeLessThan(result.before / 4);
    const { documents, faults, live, file } = await soundness(dir);
    expect({ documents, faults }).toEqual({ documents: 400, faults: [] });
    // A few pages are free again: those that striking the engine's record from the copy has changed.
    expect(file - live).toBeLessThan(16 * 4096);
    expect(statSync(path.join(dir, 'store.mdb')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('killed after any of its steps leaves the old file or the new one, whole', {
    timeout: 60_000,
  }, async () => {
    const original = await loose(1500);
    for (const killAt of [/copying/, /checking t\.even/, /checking t\.odd/, /putting/, /done/]) {
      const dir = fresh();
      cpSync(original, dir, { recursive: true });
      await run(dir, { killAt });
      expect(await soundness(dir)).toMatchObject({ documents: 150, faults: [] });
      // Whatever it left, the next one goes through.
      expect((await run(dir)).out).toMatch(/done/);
      expect(await soundness(dir)).toMatchObject({ documents: 150, faults: [] });
      expect(existsSync(path.join(dir, '.compacting'))).toBe(false);
    }
  });

  test('makes full pages of half-empty ones', async () => {
    const dir = fresh();
    const store = await filled(dir, 8000);
    await removeEveryOther(store);
    await store.close();
    const { before, after, documents } = await compact(dir, () => {});
    expect(documents).toBe(4000);
    expect(after).toBeLessThan(0.6 * before);
    // There is nothing left to be had.
    expect((await compact(dir, () => {})).after).toBeLessThanOrEqual(after + 8 * 4096);
  });

  test('keeps every entry, byte for byte', async () => {
    const dir = await loose(500);
    const store = openExisting(dir);
    await store.once(() => {
      store.retries.db.putSync(Buffer.alloc(28, 1), encode({ at: 1 }));
      // The longest key; values up to what a leaf takes, beyond it, and beyond what is written in one go.
      store.meta.db.putSync(Buffer.alloc(1978, 0xff), Buffer.alloc(1));
      for (const [at, length] of [0, 1, 2017, 2018, 2019, 5000, 9 * 2 ** 20].entries())
        store.meta.db.putSync(Buffer.from(`size${at}`), Buffer.alloc(length, at));
    });
    await store.close();
    const before = await contents(dir);
    expect(before.get('meta')).toHaveLength(11);
    await compact(dir, () => {});
    expect(await contents(dir)).toEqual(before);
  });

  test('leaves out tables that belong to no collection any more, and their marks', async () => {
    const dir = await loose(300);
    const store = openExisting(dir);
    await store.inBetween(() =>
      store.env.transactionSync(() => {
        const dead = store.table('c99');
        for (let n = 0; n < 5000; n++) dead.db.putSync(Buffer.from(`key${n}`), Buffer.alloc(300));
        store.meta.db.putSync(Buffer.from('dead:c99'), Buffer.from([1]));
        store.meta.db.putSync(Buffer.from('dead:i77'), Buffer.from([1]));
      }),
    );
    expect(buried(store)).toEqual(['c99', 'i77']);
    await store.close();
    const { before, after, documents } = await compact(dir, () => {});
    expect(documents).toBe(30);
    expect(before - after).toBeGreaterThan(5000 * 300);
    const compacted = openExisting(dir);
    expect(compacted.tableNames()).not.toContain('c99');
    expect(buried(compacted)).toEqual([]);
    await compacted.close();
  });

  test('knows beforehand how many bytes the new file will have', async () => {
    for (const documents of [0, 10, 12_000]) {
      const dir = fresh();
      const store = await filled(dir, documents);
      await removeEveryOther(store);
      await store.close();
      const opened = openExisting(dir);
      const tables = opened.tableNames().map((name) => opened.table(name));
      const snapshot = opened.env.useReadTransaction();
      const expected = packedBytes(tables, snapshot);
      snapshot.done();
      await opened.close();
      const { after } = await compact(dir, () => {});
      expect(after).toBeLessThanOrEqual(expected);
      expect(expected - after).toBeLessThan(0.05 * after + 50 * 4096);
    }
  });

  test('refuses a store whose keys are out of order, and leaves it as it is', async () => {
    const dir = await loose(300);
    const store = openExisting(dir);
    await store.once(() => {
      for (const name of ['order-a', 'order-b']) store.meta.db.putSync(Buffer.from(name), Buffer.from([1]));
    });
    await store.close();
    const file = path.join(dir, 'store.mdb');
    const bytes = readFileSync(file);
    for (let at = bytes.indexOf('order-a'); at >= 0; at = bytes.indexOf('order-a', at + 1))
      bytes.write('order-z', at);
    writeFileSync(file, bytes);
    await expect(compact(dir, () => {})).rejects.toThrow(/keys of the table meta are out of order/);
    expect(await soundness(dir)).toMatchObject({ documents: 30 });
    expect(existsSync(path.join(dir, '.compacting'))).toBe(false);
  });

  test('onto a disk that takes too little, it says how much is missing', async () => {
    const dir = fresh();
    await (await filled(dir, 2000)).close();
    const before = await contents(dir);
    const target = fresh();
    mkdirSync(target);
    const { code: exit, complaint } = await run(dir, { rewriteTo: target, blocks: 1000 });
    expect(exit).toBe(1);
    const said =
      /store\.mdb cannot be written whole: it needs (\d+) bytes, the disk took (\d+), (\d+) are missing/;
    expect(complaint).toMatch(said);
    const [needed, took, missing] = said.exec(complaint)?.slice(1).map(Number) ?? [];
    expect(missing).toBe(needed! - took!);
    expect(took).toBeLessThanOrEqual(1000 * 512);
    expect(await contents(dir)).toEqual(before);
  });

  test('copies onto a disk that takes too little say how much is missing and leave nothing of themselves', async () => {
    const dir = fresh();
    const store = await filled(dir, 2000);
    const needed = liveBytes(store);
    await store.close();
    const target = fresh();
    const { code: exit, complaint } = await run(dir, { copyTo: target, blocks: 400 });
    expect(exit).toBe(1);
    expect(complaint).toMatch(new RegExp(`needs ${needed} bytes, the disk took \\d+, \\d+ are missing`));
    expect(existsSync(target)).toBe(false);
    expect(await soundness(dir)).toMatchObject({ documents: 2000, faults: [] });
  });

  test('is refused while an engine serves the folder, and keeps engines away while it works', async () => {
    const dir = await loose(300);
    const store = openExisting(dir);
    const listener = net.createServer();
    const address = await claim(store, listener, { port: 0 });
    await expect(compact(dir, () => {})).rejects.toThrow(
      new RegExp(`another engine \\(process ${process.pid}\\) serves .* at ${address}: stop the program`),
    );
    listener.close();
    await once(listener, 'close');
    let refused: Promise<void> | undefined;
    await compact(dir, (line) => {
      if (!line.startsWith('copying')) return;
      const late = openExisting(dir);
      refused = expect(claim(late, net.createServer(), { port: 0 }))
        .rejects.toThrow(/is being compacted/)
        .finally(() => late.close());
    });
    await refused;
    // Whoever had the old file open does not become its engine.
    await expect(claim(store, net.createServer(), { port: 0 })).rejects.toThrow(/replaced/);
    await store.close();
  });
});
