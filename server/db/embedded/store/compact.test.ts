import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claim } from '../process/claim.ts';
import { openExisting } from './backup.ts';
import { compact } from './compact.ts';
import { liveBytes } from './copy.ts';
import { filled, removeBelow } from './test/filled.ts';
import { program } from './test/program.ts';
import { verify } from './verify.ts';

let root: string;
let code: Awaited<ReturnType<typeof program>>;
let folders = 0;
const children = new Set<ChildProcess>();
const fresh = () => path.join(root, `data${folders++}`);

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'compact-'));
  code = await program(
    'compact',
    `import { backup } from './backup.ts';
        import { compact } from './compact.ts';
        const [dir, target] = process.argv.slice(2);
        const deed = target ? backup(dir, target) : compact(dir, (line) => console.log(line));
        deed.then(
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

/** Runs the program, killing it as soon as it has said a line that matches. */
async function run(dir: string, options: { killAt?: RegExp; copyTo?: string; blocks?: number } = {}) {
  const words = [process.execPath, code.file, dir, ...(options.copyTo ? [options.copyTo] : [])];
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
