import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended } from '../../test/command.ts';
import { bundle } from '../../test/process.ts';
import { startEngine } from '../db/embedded/engine.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yekja-db-'));
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** The program bundled as for production, beside the packages it leaves out: starting it so often from its sources is slow. */
let program: string;

function started(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

const db = (...args: string[]) => ended(started(...args));

/** Serves until the test ends it. */
async function serving(...args: string[]) {
  const child = started(...args);
  const done = ended(child);
  let out = '';
  const uri = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (text) => {
      out += text;
      const found = /^listening (mongodb:\S+)\n$/.exec(out);
      if (found) resolve(found[1]!);
    });
    void done.then(({ complaint }) => reject(new Error(complaint)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    return done;
  };
  return { uri, stop };
}

const at = (name: string) => path.join(root, name);
const storeOf = (dir: string) => path.join(dir, 'store.mdb');

/** A folder with these bytes as its store. */
function folder(name: string, bytes: Uint8Array): string {
  mkdirSync(at(name), { recursive: true, mode: 0o700 });
  writeFileSync(storeOf(at(name)), bytes);
  return at(name);
}

let sound: Buffer;
beforeAll(async () => {
  program = await bundle('server/cli/db.ts');
  const engine = await startEngine({
    path: at('data'),
    socket: path.join(at('socket'), 'engine.sock'),
  });
  const client = await mongo.MongoClient.connect(engine.uri);
  const documents = Array.from({ length: 2000 }, (_, n) => ({ n, text: 'x'.repeat(400) }));
  await client.db('t').collection('things').insertMany(documents);
  await client.close();
  await engine.close();
  sound = readFileSync(storeOf(at('data')));
});

describe('npm run db', () => {
  it('copies, checks and puts back', async () => {
    expect((await db('backup', at('backup'), '--path', at('data'))).status).toBe(0);
    expect((await db('restore', at('backup'), '--path', at('other'))).status).toBe(0);
    const { status, out } = await db('check', '--path', at('other'));
    expect([status, out]).toEqual([0, expect.stringContaining('is sound: collections 1 documents 2000')]);
  });

  it('gives back the room of what was deleted', async () => {
    const dir = folder('fat', sound);
    const { uri, stop } = await serving('--path', dir, '--port', '0');
    const client = await mongo.MongoClient.connect(uri);
    await client
      .db('t')
      .collection('things')
      .deleteMany({ n: { $gte: 10 } });
    await client.close();
    expect((await db('compact', '--path', dir)).complaint).toContain(dir);
    expect((await stop()).status).toBe(0);
    const before = statSync(storeOf(dir)).size;
    const { status, out } = await db('compact', '--path', dir);
    const after = statSync(storeOf(dir)).size;
    expect([status, out]).toEqual([
      0,
      expect.stringContaining(`compacted: bytes before ${before} after ${after}`),
    ]);
    expect(after).toBeLessThan(before / 4);
    expect((await db('check', '--path', dir)).out).toContain('documents 10 ');
  });

  it('tells its commands, and what is wrong with a command line', async () => {
    const help = await db('--help');
    expect(help.status).toBe(0);
    for (const word of ['check', 'backup DIR', 'restore DIR', 'compact', 'export --to', 'import --from'])
      expect(help.out).toContain(`npm run db -- ${word}`);
    const cases: [string[], string][] = [
      [[], 'npm run db -- check'],
      [['frobnicate'], "db does not know 'frobnicate'"],
      [['constructor'], "db does not know 'constructor'"],
      [['check', '--port', '1'], '--port says nothing to check'],
      [['check', 'more'], 'too many words: more'],
      [['--path'], '--path'],
      [['--nonsense'], '--nonsense'],
      [['backup'], 'backup needs the folder to copy to'],
      [['export', '--path', at('data')], 'export needs the address of a MongoDB'],
      [['export', '--to', 'host:27017', '--path', at('data')], 'begins with mongodb://'],
      [['import', '--path', at('none')], 'import needs the address'],
      [['--path', at('none'), '--port', 'x'], '--port x is no port'],
      [['--path', at('none'), '--port', '1', '--socket', '/x'], 'give --port or --socket'],
    ];
    const all = await Promise.all(cases.map(([args]) => db(...args)));
    all.forEach(({ status, complaint }, n) => {
      expect([status, complaint]).toEqual([1, expect.stringContaining(cases[n]![1])]);
    });
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('a backup', () => {
  it('of one moment is taken while transactions go on', async () => {
    const dir = at('busy');
    const { uri, stop } = await serving('--path', dir, '--port', '0');
    const client = await mongo.MongoClient.connect(uri);
    const bank = client.db('t').collection<{ _id: string; n: number }>('bank');
    await bank.insertMany(Array.from({ length: 40 }, (_, n) => ({ _id: `${n}`, n: 0 })));
    let [going, rounds] = [true, 0];
    const raise = async (left: number) => {
      while (going) {
        await client.withSession((session) =>
          session.withTransaction(async () => {
            for (const n of [left, 39 - left])
              await bank.updateOne({ _id: `${n}` }, { $inc: { n: 1 } }, { session });
          }),
        );
        rounds++;
      }
    };
    const work = Array.from({ length: 8 }, (_, n) => raise(n));
    const copies: string[] = [];
    let last = 0;
    for (let copy = 0; copy < 3; copy++) {
      const { status, complaint } = await db('backup', at(`busy${copy}`), '--path', dir);
      expect([status, complaint]).toEqual([0, '']);
      expect(rounds).toBeGreaterThan(last);
      last = rounds;
      copies.push(at(`busy${copy}`));
    }
    going = false;
    await Promise.all(work);
    await client.close();
    await stop();
    let seen = -1;
    for (const copy of copies) {
      const target = `${copy}-restored`;
      expect((await db('restore', copy, '--path', target)).status).toBe(0);
      const engine = await startEngine({ path: target, port: 0 });
      const reader = await mongo.MongoClient.connect(engine.uri);
      const found = await reader.db('t').collection<{ _id: string; n: number }>('bank').find().toArray();
      const value = new Map(found.map(({ _id, n }) => [Number(_id), n]));
      for (let left = 0; left < 8; left++) expect(value.get(left)).toBe(value.get(39 - left));
      const sum = found.reduce((total, { n }) => total + n, 0);
      expect(sum).toBeGreaterThan(seen);
      seen = sum;
      await reader.close();
      await engine.close();
    }
  });

  it('never stands half in its folder: one that fails leaves nothing, or the backup before it', async () => {
    const old = folder('keep', sound.subarray());
    const small = ['-c', 'ulimit -f 64; exec "$0" "$@"', process.execPath, program];
    const cramped = (...args: string[]) =>
      ended(spawn('bash', [...small, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
    const first = await cramped('backup', at('cramped/deep'), '--path', at('data'));
    expect([first.status, first.complaint]).toEqual([1, expect.stringContaining('the backup to')]);
    expect(existsSync(at('cramped'))).toBe(false);
    const refused = await db('backup', old, '--path', at('data'));
    expect([refused.status, refused.complaint]).toEqual([1, expect.stringContaining('--replace')]);
    const again = await cramped('backup', old, '--replace', '--path', at('data'));
    expect(again.status).toBe(1);
    expect(readFileSync(storeOf(old)).equals(sound)).toBe(true);
    expect(readdirSync(old).filter((name) => name.includes('partial'))).toEqual([]);
    const below = await db('backup', path.join(storeOf(old), 'in'), '--path', at('data'));
    expect([below.status, below.complaint]).toEqual([1, expect.stringContaining('the backup to')]);
    expect((await db('backup', old, '--replace', '--path', at('data'))).status).toBe(0);
    expect((await db('check', '--path', old)).out).toContain('documents 2000');
    const itself = await db('backup', at('data'), '--replace', '--path', at('data'));
    expect(itself.complaint).toContain('is the data folder itself');
  });
});

describe('a folder that cannot be served', () => {
  it('because another process serves it is refused with the address of that one', async () => {
    const { uri, stop } = await serving('--path', at('data'), '--port', '0');
    const address = /\/\/([^/]+)\//.exec(uri)![1]!;
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const second = await db('--path', at('data'), '--port', '0');
    expect(second).toMatchObject({ status: 1, out: '' });
    expect(second.complaint).toMatch(/^another engine .*serves .*data at .*\n$/);
    expect(second.complaint).toContain(address);
    const port = address.split(':')[1]!;
    const taken = await db('--path', at('elsewhere'), '--port', port);
    expect([taken.status, taken.complaint]).toEqual([1, expect.stringContaining(port)]);
    expect(await stop()).toMatchObject({ status: 0, complaint: '' });
  });

  it('because it is none of ours, no folder, or out of reach is refused and left as it is', async () => {
    mkdirSync(at('foreign'));
    writeFileSync(path.join(at('foreign'), 'letter.txt'), 'dear reader');
    const cases: [string, string][] = [
      [at('foreign'), 'holds other files (letter.txt) and no store.mdb'],
      [path.join(at('foreign'), 'letter.txt'), 'is not a folder'],
      [path.join(at('foreign'), 'letter.txt', 'in'), 'cannot be made'],
    ];
    for (const [dir, why] of cases)
      for (const command of [[], ['import', '--from', 'mongodb://127.0.0.1:1']]) {
        const { status, complaint } = await db(...command, '--path', dir);
        expect([status, complaint]).toEqual([1, expect.stringContaining(why)]);
      }
    expect(readdirSync(at('foreign'))).toEqual(['letter.txt']);
  });

  it('because it is not there is told, and not made', async () => {
    for (const command of [
      ['check'],
      ['compact'],
      ['backup', at('x')],
      ['export', '--to', 'mongodb://127.0.0.1:1'],
    ]) {
      const { status, complaint } = await db(...command, '--path', at('nowhere'));
      expect([status, complaint]).toEqual([1, expect.stringContaining('holds no data')]);
    }
    expect(existsSync(at('nowhere'))).toBe(false);
  });

  it('because its store was cut off is told by every command, however much of it is left', async () => {
    const half = folder('half', sound.subarray(0, sound.length / 2));
    for (const command of [
      ['--port', '0', '--path', half],
      ['check', '--path', half],
      ['export', '--to', 'mongodb://127.0.0.1:1', '--path', half],
      ['compact', '--path', half],
      ['backup', at('from-half-too'), '--path', half],
      ['restore', half, '--path', at('from-half')],
    ]) {
      const { status, complaint } = await db(...command);
      expect([command[0], status]).toEqual([command[0], 1]);
      expect(complaint).toMatch(/damaged|not sound|not found/);
    }
    expect(existsSync(storeOf(at('from-half')))).toBe(false);
  });
});

describe('a damaged store', () => {
  it('that is empty is never taken for a backup, nor for sound data', async () => {
    const empty = folder('empty', new Uint8Array());
    expect(await db('check', '--path', empty)).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('is empty'),
    });
    expect(await db('restore', empty, '--path', at('data'), '--force')).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('is empty'),
    });
    expect((await db('check', '--path', at('data'))).out).toContain('documents 2000');
  });

  it('that cannot be opened any more gives way to a backup', async () => {
    const source = folder('source', sound);
    for (const [name, bytes] of [
      ['junk', Buffer.alloc(100_000, 7)],
      ['nothing', Buffer.alloc(0)],
    ] as const) {
      const broken = folder(name, bytes);
      expect((await db('restore', source, '--path', broken)).complaint).toContain('--force');
      expect((await db('restore', source, '--path', broken, '--force')).complaint).toBe('');
      expect((await db('check', '--path', broken)).out).toContain('documents 2000');
    }
  });
});

describe('serving', () => {
  it('without a port goes by the unix socket of the folder, in a folder of this user alone', async () => {
    const { uri, stop } = await serving('--path', at('own'));
    const socket = decodeURIComponent(/\/\/([^/]+)\//.exec(uri)![1]!);
    expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const client = await mongo.MongoClient.connect(uri);
    await client.db('t').collection('c').insertOne({ n: 1 });
    const point = { configureFailPoint: 'failCommand', mode: 'off' };
    await expect(client.db('admin').command(point)).rejects.toThrow('no such command');
    await client.close();
    expect((await stop()).status).toBe(0);
    const wide = at('wide');
    mkdirSync(wide, { mode: 0o755 });
    const open = await db('--path', at('own'), '--socket', path.join(wide, 'e.sock'));
    expect([open.status, open.complaint]).toEqual([1, expect.stringContaining('give it mode 0700')]);
  });

  it('takes fail points when it is told to', async () => {
    const { uri, stop } = await serving('--path', at('points'), '--port', '0', '--test-commands');
    const client = await mongo.MongoClient.connect(uri);
    await client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['ping'], errorCode: 42 },
    });
    await expect(client.db('t').command({ ping: 1 })).rejects.toMatchObject({ code: 42 });
    await client.db('t').command({ ping: 1 });
    await client.close();
    await stop();
  });

  it('on a full disk refuses writes in a sentence, reads on, and has lost nothing', async () => {
    const dir = at('full');
    const child = spawn(
      'bash',
      ['-c', 'ulimit -f 2000; exec "$0" "$@"', process.execPath, program, '--path', dir, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    children.add(child);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const client = await mongo.MongoClient.connect(String(line).split(' ')[1]!.trim());
    const things = client.db('t').collection('things');
    let kept = 0;
    const batch = () => Array.from({ length: 50 }, () => ({ text: 'x'.repeat(1000) }));
    const error = await (async () => {
      for (;;) {
        await things.insertMany(batch());
        kept += 50;
      }
    })().catch((reason: Error) => reason);
    expect(error.message).toMatch(/no space left|the store could not do this/);
    expect(await things.countDocuments({ text: /^x/ })).toBe(kept);
    await client.close();
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
    expect((await db('check', '--path', dir)).out).toContain(`documents ${kept} `);
  });
});
