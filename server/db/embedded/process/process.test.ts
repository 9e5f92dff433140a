import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../../../test/process.ts';
import { backup, openExisting, restore } from '../store/backup.ts';
import { verify } from '../store/verify.ts';
import { ensureMongo } from './launcher.ts';

const { MongoClient } = mongoose.mongo;
type Client = InstanceType<typeof MongoClient>;
interface Counter {
  _id: string;
  n: number;
  tags?: number[];
}

let root: string;
let entry: string;
let folders = 0;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'process-'));
  entry = await bundle('server/db/embedded/process/main.ts');
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  state: string;
  uri: string;
}

/** Starts the engine's process and waits for its first line. */
async function start(dir: string, socket: string): Promise<Started> {
  const child = spawn(process.execPath, [entry, '--path', dir, '--socket', socket], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  let out = '';
  let complaint = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      out += chunk;
      const line = /^(listening|running) (mongodb:\S+)$/m.exec(out);
      if (line) resolve({ child, state: line[1]!, uri: line[2]! });
    });
    child.once('close', () => reject(new Error(complaint || 'the engine said nothing')));
  });
}

const place = () => {
  const dir = path.join(root, `data${folders++}`);
  return { dir, socket: path.join(root, `${path.basename(dir)}.sock`) };
};

const ended = async (child: ChildProcess) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** What is wrong with a folder that no engine serves. */
async function faultsOf(dir: string): Promise<string[]> {
  const store = openExisting(dir);
  const { faults } = verify(store, () => {});
  await store.close();
  return faults;
}

const connect = (uri: string): Promise<Client> =>
  new MongoClient(uri, { serverSelectionTimeoutMS: 20_000, heartbeatFrequencyMS: 500 }).connect();

describe('engines', () => {
  test('twenty started at once over a dead socket leave exactly one', { timeout: 60_000 }, async () => {
    const { dir, socket } = place();
    const first = await start(dir, socket);
    first.child.kill('SIGKILL');
    await ended(first.child);
    const all = await Promise.all(Array.from({ length: 20 }, () => start(dir, socket)));
    expect(all.filter(({ state }) => state === 'listening')).toHaveLength(1);
    expect(new Set(all.map(({ uri }) => uri)).size).toBe(1);
    const client = await connect(all[0]!.uri);
    await client.db('t').collection('c').insertOne({ n: 1 });
    await client.close();
    const winner = all.find(({ state }) => state === 'listening')!.child;
    await Promise.all(all.filter(({ child }) => child !== winner).map(({ child }) => ended(child)));
    winner.kill('SIGTERM');
    await ended(winner);
    expect(winner.exitCode).toBe(0);
    expect(await faultsOf(dir)).toEqual([]);
  });

  test('killed under load lose nothing that was acknowledged and write nothing twice', {
    timeout: 90_000,
  }, async () => {
    const { dir, socket } = place();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 4; round++) {
      const engine = await start(dir, socket);
      const client = await connect(engine.uri);
      const counters = client.db('t').collection<Counter>('counters');
      if (round === 0) {
        await counters.createIndex({ n: 1 });
        await counters.createIndex({ tags: 1 });
      }
      const enough = deferred();
      let answers = 0;
      const writer = async (name: string) => {
        for (;;) {
          // Not retried: an error means that nobody knows, and the counter is read again after the restart.
          const found = await counters.findOneAndUpdate(
            { _id: name },
            [{ $set: { n: { $add: [{ $ifNull: ['$n', 0] }, 1] }, tags: [round, answers % 7] } }],
            { upsert: true, returnDocument: 'after' },
          );
          acknowledged.set(name, found!.n);
          if (++answers === 300) enough.resolve();
        }
      };
      const writers = Array.from({ length: 12 }, (_, i) => writer(`w${i}`).catch(() => {}));
      await enough.promise;
      engine.child.kill('SIGKILL');
      await ended(engine.child);
      await client.close(true);
      await Promise.all(writers);
      expect(await faultsOf(dir)).toEqual([]);
      const again = await start(dir, socket);
      const reader = await connect(again.uri);
      for (const { _id, n } of await reader.db('t').collection<Counter>('counters').find().toArray()) {
        const known = acknowledged.get(_id) ?? 0;
        // One more may have been written and not been answered.
        expect([known, known + 1]).toContain(n);
        acknowledged.set(_id, n);
      }
      await reader.close();
      again.child.kill('SIGTERM');
      await ended(again.child);
    }
  });

  test('killed between a write and its answer do not repeat it when the driver does', {
    timeout: 60_000,
  }, async () => {
    const { dir, socket } = place();
    let engine = await start(dir, socket);
    const gate = await holdAnswers(socket, path.join(root, 'gate.sock'));
    const client = await connect(
      engine.uri.replace(encodeURIComponent(socket), encodeURIComponent(gate.path)),
    );
    const counters = client.db('t').collection<Counter>('counters');
    await counters.insertOne({ _id: 'a', n: 0 });
    for (const deed of [
      () => counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }),
      () => counters.findOneAndUpdate({ _id: 'a' }, { $inc: { n: 1 } }, { returnDocument: 'after' }),
    ]) {
      gate.swallow();
      const done = deed();
      await gate.swallowed();
      engine.child.kill('SIGKILL');
      await ended(engine.child);
      engine = await start(dir, socket);
      gate.pass();
      await done;
    }
    expect(await counters.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 2 });
    const session = client.startSession();
    session.startTransaction();
    await counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
    gate.swallow();
    const commit = session.commitTransaction();
    await gate.swallowed();
    engine.child.kill('SIGKILL');
    await ended(engine.child);
    engine = await start(dir, socket);
    gate.pass();
    await commit;
    expect(await counters.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 3 });
    await client.close();
    gate.close();
    engine.child.kill('SIGTERM');
    await ended(engine.child);
    expect(await faultsOf(dir)).toEqual([]);
  });

  test('are started when none answers, and attached to when one does', { timeout: 60_000 }, async () => {
    const dataDir = path.join(root, 'launched');
    const said: string[] = [];
    const options = {
      dataDir,
      socket: path.join(root, 'launched.sock'),
      log: (line: string) => void said.push(line),
    };
    const [one, two] = await Promise.all([
      ensureMongo({ ...options, entry }),
      ensureMongo({ ...options, entry }),
    ]);
    expect(one.uri).toBe(two.uri);
    expect([one.stop, two.stop].filter(Boolean)).toHaveLength(1);
    const client = await connect(one.uri);
    expect(await client.db('t').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await (one.stop ?? two.stop)!();
    const strange = path.join(root, 'strange');
    mkdirSync(strange);
    writeFileSync(path.join(strange, 'store.mdb'), Buffer.alloc(20_000, 7));
    await expect(ensureMongo({ ...options, dataDir: strange, entry })).rejects.toThrow(
      /damaged or not a store/,
    );
    // From the source, through tsx, as `npm run dev` does.
    const source = await ensureMongo({ ...options, dataDir: path.join(root, 'source') });
    await source.stop!();
  });
});

describe('a backup', () => {
  test('taken while clients write is one consistent state, and can be put back', {
    timeout: 60_000,
  }, async () => {
    const { dir, socket } = place();
    const engine = await start(dir, socket);
    const client = await connect(engine.uri);
    const counters = client.db('t').collection<Counter>('counters');
    await counters.createIndex({ n: 1 });
    await counters.insertMany([
      { _id: 'a', n: 0 },
      { _id: 'b', n: 0 },
    ]);
    let writing = true;
    const transfer = async () => {
      while (writing)
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await counters.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
            await counters.updateOne({ _id: 'b' }, { $inc: { n: -1 } }, { session });
          }),
        );
    };
    const work = transfer();
    const target = path.join(root, 'backup');
    await backup(dir, target);
    await expect(backup(dir, target)).rejects.toThrow(/holds a store already/);
    await expect(restore({ from: target, dir, force: false, progress: () => {} })).rejects.toThrow(/--force/);
    await expect(restore({ from: target, dir, force: true, progress: () => {} })).rejects.toThrow(
      /another engine \(process \d+\) serves/,
    );
    writing = false;
    await work;
    await client.close();
    engine.child.kill('SIGTERM');
    await ended(engine.child);
    await restore({ from: target, dir, force: true, progress: () => {} });
    const again = await start(dir, socket);
    const reader = await connect(again.uri);
    const found = await reader.db('t').collection<Counter>('counters').find().sort({ _id: 1 }).toArray();
    expect(found).toHaveLength(2);
    expect(found[0]!.n + found[1]!.n).toBe(0);
    await reader.close();
    again.child.kill('SIGTERM');
    await ended(again.child);
    expect(await faultsOf(dir)).toEqual([]);
  });
});

function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A socket before the engine's that can keep answers back, so that a write is done and its answer lost. */
async function holdAnswers(target: string, at: string) {
  let swallowing = false;
  let seen = deferred();
  const pairs = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const engine = net.connect(target);
    for (const socket of [client, engine]) {
      pairs.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => engine.write(chunk));
    engine.on('data', (chunk: Buffer) => {
      // Heartbeats (hello) are answered as ever: their answers name the set.
      if (swallowing && !chunk.includes('setName')) seen.resolve();
      else client.write(chunk);
    });
    client.on('close', () => engine.destroy());
    engine.on('close', () => client.destroy());
  });
  server.listen(at);
  await once(server, 'listening');
  return {
    path: at,
    swallow() {
      seen = deferred();
      swallowing = true;
    },
    swallowed: () => seen.promise,
    pass() {
      swallowing = false;
    },
    close() {
      for (const socket of pairs) socket.destroy();
      server.close();
    },
  };
}
