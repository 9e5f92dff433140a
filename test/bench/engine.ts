import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { STORE_FILE } from '../../server/db/embedded/process/folder.ts';
import { compact } from '../../server/db/embedded/store/compact.ts';
import { EngineProcess } from '../chaos/engine-process.ts';
import { bundle } from '../process.ts';
import {
  CONVERSATIONS,
  channelOf,
  conversationOf,
  DOCUMENTS,
  type Document,
  documentBytes,
  documentOf,
  externalIdOf,
  idOf,
  load,
  type Messages,
} from './engine-data.ts';
import { beside, type Course, course, inTurns, type Measured, type Once, ratio } from './engine-turns.ts';
import type { Row } from './main.ts';
import { percentile } from './webhook.ts';

const turns = { rounds: 7, ms: 700, warm: 700 };
/** Reads beside each long piece of work, at the least. */
const reads = 1_000;
const pool = 10;

/** The engine as production runs it, in a folder of its own, and the drivers that talk to it. */
class Bench {
  readonly dir: string;
  readonly engine: EngineProcess;
  private readonly programs: string[];
  private clients: mongoose.mongo.MongoClient[] = [];
  private floor: ChildProcess | undefined;
  /** Numbers of documents that were put in since. */
  private next = DOCUMENTS;

  private constructor(dir: string, programs: string[]) {
    this.dir = dir;
    this.programs = programs;
    this.engine = new EngineProcess(programs[0] ?? '', {
      dir: this.data,
      socket: path.join(dir, 'socket', 'engine.sock'),
    });
  }

  static async open(): Promise<Bench> {
    const dir = await mkdtemp(path.join(tmpdir(), 'yekja-bench-'));
    const programs = [
      await bundle('server/db/embedded/process/main.ts'),
      await bundle('test/bench/engine-floor.ts'),
    ];
    return new Bench(dir, programs);
  }

  get data(): string {
    return path.join(this.dir, 'data');
  }

  /** The collection through a driver of its own with so many connections. */
  async messages(connections: number): Promise<Messages> {
    const client = await mongoose.mongo.MongoClient.connect(this.engine.uri, {
      maxPoolSize: connections,
      minPoolSize: connections,
      writeConcern: { w: 'majority' },
    });
    this.clients.push(client);
    return client.db('bench').collection<Document>('messages');
  }

  fresh(): Document {
    this.next += 1;
    return documentOf(this.next);
  }

  /** Raw LMDB's four-put transactions, in a process of the same kind. */
  async raw(): Promise<Course> {
    const child = spawn(process.execPath, [this.programs[1] ?? '', this.dir], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.floor = child;
    const answer = () =>
      new Promise<unknown>((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', (code) => reject(new Error(`The floor's process ended with ${code}.`)));
      });
    child.setMaxListeners(0);
    await answer();
    return async (ms) => {
      child.send(ms);
      return { rate: Number(await answer()), spread: [] };
    };
  }

  async fileBytes(): Promise<number> {
    const { blocks } = await stat(path.join(this.data, STORE_FILE));
    return blocks * 512;
  }

  async leave(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    this.clients = [];
  }

  async endFloor(): Promise<void> {
    const { floor } = this;
    this.floor = undefined;
    if (!floor || floor.exitCode !== null) return;
    const gone = new Promise((resolve) => floor.once('exit', resolve));
    floor.disconnect();
    await gone;
  }

  async close(): Promise<void> {
    await this.leave();
    await this.endFloor();
    await this.engine.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

type Say = (line: string) => void;

/** The embedded engine against floors of the same run, each pair in turns: ratios say more than figures do. */
export async function engine(say: Say): Promise<Row[]> {
  const bench = await Bench.open();
  try {
    await bench.engine.start();
    const one = await bench.messages(1);
    const rate = await load(one);
    say(`${DOCUMENTS} documents of ${documentBytes()} bytes, ${rate.toFixed(0)}/s`);
    const rows: Row[] = [{ case: 'load by insertMany of 1,000, documents', value: rate, unit: '/s' }];
    rows.push(...memory(bench, 'after the load'), size(await bench.fileBytes(), 'after the load'));
    for (const part of [readRows, writeRows, besideRows])
      for (const row of await part(bench, one)) {
        say(told(row));
        rows.push(row);
      }
    rows.push(...memory(bench, 'after the bench'));
    for (const row of await spaceRows(bench, one)) {
      say(told(row));
      rows.push(row);
    }
    return rows;
  } finally {
    await bench.close();
  }
}

const told = (row: Row) =>
  `${row.case}: ${row.value.toFixed(2)} ${row.unit}${row.ratio === undefined ? '' : `, ratio ${row.ratio.toFixed(2)}`}`;

function against(name: string, of: Measured, floor: Measured, least?: number): Row {
  return {
    case: name,
    value: of.rate,
    unit: '/s',
    floor: floor.rate,
    ratio: ratio(of, floor),
    ...(least !== undefined && { aim: { least } }),
    p50: of.p50,
    p99: of.p99,
  };
}

const drawn = (n: number) => (n * 7_919) % DOCUMENTS;

/** A page of a conversation as a client asks for it. */
const newest = (messages: Messages, n: number) =>
  messages
    .find({ conversationId: conversationOf(drawn(n) % CONVERSATIONS) })
    .sort({ createdAt: -1 })
    .limit(50)
    .toArray();

async function pointRead(messages: Messages, n: number): Promise<void> {
  const wanted = idOf(drawn(n));
  const found = await messages.findOne({ _id: wanted });
  if (found?._id !== wanted) throw new Error(`A point read of ${wanted} found ${found?._id ?? 'nothing'}.`);
}

async function readRows(bench: Bench, one: Messages): Promise<Row[]> {
  const database = one.db;
  const ping: Once = () => database.command({ ping: 1 });
  const single = await inTurns(
    {
      ping: course(ping),
      read: course((n) => pointRead(one, n)),
      page: course(async (n) => {
        const page = await newest(one, n);
        if (page.length !== 50) throw new Error(`A page of 50 has ${page.length}.`);
      }),
      missing: course(() => one.findOne({ _id: 'nobody' })),
    },
    turns,
  );
  const ten = await bench.messages(pool);
  const many = await inTurns(
    {
      ping: course(() => ten.db.command({ ping: 1 }), pool),
      read: course((n) => pointRead(ten, n), pool),
      page: course((n) => newest(ten, n), pool),
    },
    { ...turns, rounds: 3 },
  );
  return [
    against('findOne by _id, beside ping', single.read, single.ping, 0.3),
    against('50 newest of a conversation, beside ping', single.page, single.ping, 0.09),
    against('findOne of what is not there, beside ping', single.missing, single.ping),
    against(`findOne by _id, pool ${pool}, beside ping`, many.read, many.ping),
    against(`50 newest, pool ${pool}, beside ping`, many.page, many.ping),
  ];
}

async function writeRows(bench: Bench, one: Messages): Promise<Row[]> {
  const raw = await bench.raw();
  const ten = await bench.messages(pool);
  const measured = await inTurns(
    {
      raw,
      single: course(() => one.insertOne(bench.fresh())),
      pooled: course(() => ten.insertOne(bench.fresh()), pool),
    },
    turns,
  );
  const others = await inTurns(
    {
      raw,
      claim: course((n) =>
        one.findOneAndUpdate(
          { channelId: channelOf(drawn(n)), externalId: externalIdOf(drawn(n)) },
          { $inc: { version: 1 } },
          { returnDocument: 'after' },
        ),
      ),
      batch: course(() => one.insertMany(Array.from({ length: 100 }, () => bench.fresh()))),
      count: course(() => one.estimatedDocumentCount()),
    },
    { ...turns, rounds: 3 },
  );
  await bench.endFloor();
  const { batch } = others;
  return [
    against('insertOne, beside synced four-put transactions', measured.single, measured.raw, 0.25),
    against(`insertOne, pool ${pool}, beside the same`, measured.pooled, measured.raw, 0.75),
    against(`insertOne, pool ${pool}, beside one connection`, measured.pooled, measured.single),
    against('findOneAndUpdate by a unique key, beside the same', others.claim, others.raw),
    {
      case: 'insertMany of 100, documents',
      value: batch.rate * 100,
      unit: '/s',
      p50: batch.p50,
      p99: batch.p99,
    },
    {
      case: 'count of the whole collection',
      value: others.count.p50,
      unit: 'ms',
      p50: others.count.p50,
      p99: others.count.p99,
    },
  ];
}

/** What a point read waits beside long work. */
async function besideRows(bench: Bench, one: Messages): Promise<Row[]> {
  const many = await bench.messages(20);
  const read: Once = (n) => pointRead(many, n);
  const rows: Row[] = [];
  const measure = async (name: string, work: () => Promise<unknown>, most?: number) => {
    const spread = await beside(read, work, { reads });
    rows.push(...waits(name, spread, most));
  };
  await measure('nothing', () => new Promise((resolve) => setTimeout(resolve, 3_000)));
  const group = { _id: '$channelId', n: { $sum: 1 }, last: { $max: '$createdAt' }, most: { $max: '$seq' } };
  await measure(`a $group of ${DOCUMENTS}`, () => one.aggregate([{ $group: group }]).toArray(), 20);
  await measure('a count with a filter', () => one.countDocuments({ text: /nobody says this/ }));
  await measure('a createIndex', async () => {
    await one.createIndex({ kind: 1, seq: 1 });
    await one.dropIndex('kind_1_seq_1');
  });
  return rows;
}

function waits(name: string, spread: readonly number[], most?: number): Row[] {
  const [p50, p99, longest] = [percentile(spread, 0.5), percentile(spread, 0.99), spread.at(-1) ?? 0];
  return [
    {
      case: `point read beside ${name}, p99`,
      value: p99,
      unit: 'ms',
      p50,
      p99,
      ...(most !== undefined && { aim: { most } }),
    },
    { case: `point read beside ${name}, longest of ${spread.length}`, value: longest, unit: 'ms' },
  ];
}

function memory(bench: Bench, when: string): Row[] {
  const { own, mapped } = bench.engine.memory();
  return [
    { case: `memory ${when}, the engine's own`, value: own, unit: 'MB' },
    { case: `memory ${when}, pages of the file`, value: mapped, unit: 'MB' },
  ];
}

const size = (bytes: number, when: string): Row => ({
  case: `the file ${when}`,
  value: bytes / 2 ** 20,
  unit: 'MB',
});

/** Half is deleted, the rest dropped, each beside point reads; the file compacted in between, with the engine at rest. */
async function spaceRows(bench: Bench, one: Messages): Promise<Row[]> {
  const rows = [size(await bench.fileBytes(), 'before half is deleted')];
  let many = await bench.messages(20);
  // Point reads stay among what is not deleted.
  const kept = (n: number) => 100_000 + (drawn(n) % (DOCUMENTS - 100_000));
  let deleted = 0;
  const spread = await beside(
    (n) => many.findOne({ _id: idOf(kept(n)) }),
    async () => {
      deleted = (await one.deleteMany({ n: { $lt: 100_000 } })).deletedCount;
    },
    { reads: 0 },
  );
  rows.push(
    ...waits(`a deleteMany of ${deleted}`, spread),
    size(await bench.fileBytes(), 'after half is deleted'),
  );
  await bench.leave();
  await bench.engine.stop();
  const from = performance.now();
  await compact(bench.data, () => {});
  rows.push(
    { case: 'compacting', value: performance.now() - from, unit: 'ms' },
    size(await bench.fileBytes(), 'after compacting'),
  );
  await bench.engine.start();
  many = await bench.messages(20);
  const rest = await bench.messages(1);
  const other = many.db.collection<Document>('others');
  await other.insertMany(Array.from({ length: 1_000 }, (_, n) => documentOf(n)));
  const left = await rest.estimatedDocumentCount();
  const dropped = await beside(
    (n) => other.findOne({ _id: idOf(n % 1_000) }),
    () => rest.drop(),
    { reads: 0 },
  );
  rows.push(...waits(`a drop of ${left}`, dropped));
  return rows;
}
