import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brittle } from '../../../test/brittle.ts';
import { type Ended, ended } from '../../../test/command.ts';
import { bundle } from '../../../test/process.ts';
import { connect, type Side } from './side.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yekja-export-'));
const at = (name: string) => path.join(root, name);
let program: string;
const children = new Set<ChildProcess>();

interface Running {
  /** Ends it and all that it has started, at once. */
  kill(): void;
  stop(): void;
  line(pattern: RegExp): Promise<string>;
  ended: Promise<Ended>;
}

/** The command line as a process group of its own. */
function db(args: string[], input = ''): Running {
  const child = spawn(process.execPath, [program, ...args], { detached: true });
  children.add(child);
  child.stdin.end(input);
  child.once('close', () => children.delete(child));
  const end = ended(child);
  let out = '';
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (text) => {
    out += text;
    for (const look of waiting) look();
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(out);
        if (found) resolve(found[1]!);
      };
      waiting.push(look);
      look();
      void end.then(({ complaint }) => reject(new Error(complaint)));
    });
  return {
    kill: () => process.kill(-child.pid!, 'SIGKILL'),
    stop: () => child.kill('SIGTERM'),
    line,
    ended: end,
  };
}

const SERVING = /^listening (mongodb:\S+)$/m;
const serve = async (dir: string, ...more: string[]) => {
  const engine = db(['--path', dir, '--port', '0', ...more]);
  return { ...engine, uri: await engine.line(SERVING) };
};

let source: Awaited<ReturnType<typeof serve>>;
let from: Side;

beforeAll(async () => {
  program = await bundle('server/cli/db.ts');
  source = await serve(at('source'));
  from = await connect(source.uri);
  const items = from.client.db('shop').collection<{ _id: number; n: number; text: string }>('items');
  const text = 'x'.repeat(300);
  for (let start = 0; start < 8000; start += 1000)
    await items.insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: start + n, n: start + n, text })));
  await items.createIndex({ n: 1 }, { unique: true });
  await from.client.db('shop').collection('more').insertOne({ a: 1 });
});

afterAll(async () => {
  await from.client.close();
  for (const child of children) process.kill(-child.pid!, 'SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

async function bytesOf(side: Side, name: string): Promise<string> {
  const found = side.client
    .db('shop')
    .collection(name)
    .find({}, { raw: true, sort: { _id: 1 } });
  const all: Uint8Array[] = [];
  for await (const raw of found) all.push(raw as unknown as Uint8Array);
  return Buffer.concat(all).toString('latin1');
}

const copies = () => readdirSync(at('source')).filter((name) => name.startsWith('.'));

describe('npm run db -- export', () => {
  it('killed in the middle while the program writes goes on, and ends as if it had not been', async () => {
    const target = await serve(at('target'));
    const to = await connect(target.uri);
    const words = ['export', '--to', target.uri, '--path', at('source')];
    for (const bytes of [800_000, 1_900_000]) {
      let running: Running | undefined;
      const way = await brittle(target.uri, bytes, () => running?.kill());
      running = db(['export', '--to', way.uri, '--path', at('source')]);
      expect((await running.ended).status).toBeNull();
      await way.close();
      // What the program writes in between: into what was copied, and into what was not.
      const items = from.client.db('shop').collection<{ _id: number; n: number }>('items');
      await items.updateMany({ _id: { $in: [10, 7000] } }, { $inc: { n: 100_000 } });
      await items.deleteMany({ _id: { $in: [11, 7001, bytes % 1000] } });
    }
    expect(copies()).toHaveLength(1);
    const there = await to.client.db('shop').collection('items').countDocuments();
    expect(there).toBeGreaterThan(1000);
    expect(there).toBeLessThan(7000);
    const last = await db(words).ended;
    expect(last.complaint).toBe('');
    expect(last).toMatchObject({
      status: 0,
      out: expect.stringMatching(/going on.*exported and compared: databases 1 /s),
    });
    expect(copies()).toEqual([]);
    for (const name of ['items', 'more']) expect(await bytesOf(to, name)).toBe(await bytesOf(from, name));
    const indexes = await to.client.db('shop').collection('items').indexes();
    expect(indexes.map(({ name, unique }) => [name, unique])).toEqual([
      ['_id_', undefined],
      ['n_1', true],
    ]);
    await to.client.close();
    target.stop();
    await target.ended;
  });

  it('tells when it is stopped, and what the target complains of, and goes on after each', async () => {
    const target = await serve(at('faulty'), '--test-commands');
    const to = await connect(target.uri);
    const faults: [object, RegExp][] = [
      [{ failCommands: ['update'], errorCode: 13 }, /refuses this user.*readWrite/],
      [
        { failCommands: ['insert'], writeConcernError: { code: 64, errmsg: 'waiting timed out' } },
        /not acknowledged by a majority in time \(waiting timed out\).*goes on/,
      ],
      [
        { failCommands: ['insert'], errorCode: 14031 },
        /the disk is full: shop\.items at 127\.0\.0\.1.*goes on/,
      ],
      [{ failCommands: ['insert'], closeConnection: true }, /the connection to shop\.items at .* broke off/],
      [{ failCommands: ['createIndexes'], errorCode: 11600 }, /changing its primary.*goes on/],
    ];
    // The address comes by the standard input, with a password that nobody may read.
    const address = target.uri.replace('//', '//ali:s3cr3t@');
    const words = ['export', '--to', '-', '--path', at('source')];
    const open = await db(words, `${address}\n`).ended;
    expect([open.status, open.complaint]).toEqual([1, expect.stringMatching(/^127\.0\.0\.1/)]);
    expect(open.complaint + open.out).not.toContain('s3cr3t');
    const admin = to.client.db('admin');
    const data = { failCommands: ['insert'], blockConnection: true, blockTimeMS: 600_000 };
    await admin.command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
    const stopped = db(words, target.uri);
    await stopped.line(/(taking a copy)/);
    stopped.stop();
    expect(await stopped.ended).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('export was stopped before it was done'),
    });
    expect(copies()).toEqual([]);
    await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
    for (const [data, wanted] of faults) {
      await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
      const { status, complaint } = await db(words, `${target.uri}\n`).ended;
      expect(complaint).toMatch(wanted);
      expect(status).toBe(1);
    }
    expect((await db(words, target.uri).ended).complaint).toBe('');
    expect(await bytesOf(to, 'items')).toBe(await bytesOf(from, 'items'));
    await to.client.close();
    target.stop();
    await target.ended;
  });

  it('refuses the engine that serves the folder itself', async () => {
    const { status, complaint } = await db(['export', '--to', source.uri, '--path', at('source')]).ended;
    expect([status, complaint]).toEqual([1, expect.stringContaining('is the engine that serves')]);
  });
});

describe('npm run db -- import', () => {
  it('fills an empty folder, and no other', async () => {
    const done = await db(['import', '--from', source.uri, '--path', at('back')]).ended;
    expect(done.complaint).toBe('');
    expect(done.out).toContain('imported and compared: databases 1 collections 2 ');
    expect((await db(['check', '--path', at('back')]).ended).out).toContain('is sound: collections 2');
    const again = await db(['import', '--from', source.uri, '--path', at('back')]).ended;
    expect([again.status, again.complaint]).toEqual([1, expect.stringContaining('holds data already')]);
    const busy = await db(['import', '--from', source.uri, '--path', at('source')]).ended;
    expect([busy.status, busy.complaint]).toEqual([1, expect.stringContaining('stop the program first')]);
  });
});
