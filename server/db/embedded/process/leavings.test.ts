import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startEngine } from '../engine.ts';
import { backup, openExisting, restore } from '../store/backup.ts';
import { Store } from '../store/store.ts';
import { filled } from '../store/test/filled.ts';
import { verify } from '../store/verify.ts';
import { clearDead, lives } from './leavings.ts';

let root: string;
/** The number of a process that was there. */
let dead: number;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'leavings-'));
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  dead = child.pid!;
  await once(child, 'close');
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function halfCopy(dir: string, name: string): void {
  mkdirSync(path.join(dir, name), { recursive: true });
  writeFileSync(path.join(dir, name, 'store.mdb'), 'half');
}

test('an engine takes away the half copies of killed commands, and leaves those that are being made', async () => {
  const dir = path.join(root, 'left');
  for (const name of ['.compacting', `.restoring-${dead}`, `.export-${dead}`, `.export-${process.ppid}`])
    halfCopy(dir, name);
  const running = await startEngine({ path: dir, port: 0 });
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([`.export-${process.ppid}`]);
  await running.close();
});

test('a copy that has the number of the process itself is of another before it', () => {
  const dir = path.join(root, 'numbers');
  halfCopy(dir, `.export-${process.pid}`);
  clearDead(dir);
  expect(readdirSync(dir)).toEqual([]);
});

test('the record of a killed engine says nothing where another program listens on its port by now', async () => {
  const dir = path.join(root, 'stale');
  const stranger = net.createServer();
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = `127.0.0.1:${(stranger.address() as net.AddressInfo).port}`;
  for (const deed of [undefined, 'is being compacted']) {
    const store = new Store(dir, 'none');
    const record = { pid: dead, nonce: 'earlier', address, file: store.file, deed };
    store.meta.db.putSync(Buffer.from('engine'), Buffer.from(JSON.stringify(record)));
    await store.close();
    const running = await startEngine({ path: dir, port: 0 });
    await running.close();
  }
  await expect(startEngine({ path: dir, port: Number(address.split(':')[1]) })).rejects.toThrow(
    /another program listens on port \d+ of 127\.0\.0\.1: name another port/,
  );
  stranger.close();
});

test('a restore into an empty folder does not take the place of data that comes into being meanwhile', async () => {
  const source = await filled(path.join(root, 'source'), 50);
  await source.close();
  const from = path.join(root, 'backup');
  await backup(path.join(root, 'source'), from);
  const dir = path.join(root, 'fresh');
  let started: Store | undefined;
  const progress = () => {
    started ??= new Store(dir, 'none');
  };
  await expect(restore({ from, dir, force: false, progress })).rejects.toThrow(/store\.mdb meanwhile/);
  // What was written there is what is found there.
  started!.meta.db.putSync(Buffer.from('mine'), Buffer.from('kept'));
  await started!.close();
  const again = openExisting(dir);
  expect(again.meta.db.get(Buffer.from('mine'))?.toString()).toBe('kept');
  await again.close();
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a restore takes away what a killed one left', async () => {
  const dir = path.join(root, 'again');
  halfCopy(dir, `.restoring-${dead}`);
  await restore({ from: path.join(root, 'backup'), dir, force: false, progress: () => {} });
  expect(existsSync(path.join(dir, `.restoring-${dead}`))).toBe(false);
  const store = openExisting(dir);
  expect(verify(store, () => {})).toMatchObject({ documents: 50, faults: [] });
  await store.close();
});

test('a process that has ended and that nobody has asked after yet is not there', async () => {
  const parent = spawn('sh', ['-c', 'true & echo $!; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(String(said));
  await vi.waitFor(() => expect(lives(pid)).toBe(false), { interval: 10, timeout: 15_000 });
  expect(lives(parent.pid!)).toBe(true);
  parent.stdin.end();
  await once(parent, 'close');
});
