import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import '../../server/db/driver.guard.ts';
import { STORE_FILE } from '../../server/db/embedded/process/folder.ts';
import { bundle } from '../process.ts';
import { type Random, seeded } from '../random.ts';
import { ACCOUNTS, accountOf, checkBalances, OPENING } from './engine-books.ts';
import { type Finding, Inserted, nothingFound, type Stored } from './engine-ledger.ts';
import {
  Builder,
  collection,
  type Load,
  PlainWriter,
  RetryingWriter,
  sourceOf,
  Teller,
  type Writer,
} from './engine-load.ts';
import { EndedEarly, EngineProcess } from './engine-process.ts';

export interface EngineChaos {
  rounds: number;
  seed: number;
  /** Shorter loads. */
  short: boolean;
  say(line: string): void;
  /** Damages the folder of the killed engine; only for a test that this is told. */
  tamper?(dir: string): Promise<void>;
}

/** What else goes on when the engine is killed. */
const kinds = ['the load alone', 'a backup', 'starts', 'a compaction'] as const;
/** Parts of a compaction's time at which one is killed. */
const moments = [0, 1 / 3, 2 / 3];
type Kind = (typeof kinds)[number];

interface Tally extends Record<keyof Finding, number> {
  acknowledged: number;
}

/**
 * Kills -9 the engine's process under load again and again, on one folder, and holds what is there to what was acknowledged.
 * @returns 1 when anything was lost, doubled or wrong
 */
export async function engine(options: EngineChaos): Promise<number> {
  const { rounds, seed, say } = options;
  say(`seed ${seed}`);
  const tally: Tally = { acknowledged: 0, lost: 0, duplicated: 0, faults: 0 };
  const stage = await Stage.open(options);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const kind = kinds[(round - 1) % kinds.length] ?? 'the load alone';
      const { finding, line, acknowledged } = await stage.round(kind);
      tally.acknowledged += acknowledged;
      for (const what of ['lost', 'duplicated', 'faults'] as const) {
        tally[what] += finding[what].length;
        for (const one of finding[what].slice(0, 10)) say(`  ${what}: ${one}`);
      }
      say(`round ${round}: ${line}`);
    }
    const last = await stage.end();
    tally.faults += last.length;
    for (const one of last) say(`  faults: ${one}`);
  } finally {
    await stage.close();
  }
  const { acknowledged, lost, duplicated, faults } = tally;
  say(`rounds ${rounds} acknowledged ${acknowledged} lost ${lost} duplicated ${duplicated} faults ${faults}`);
  return acknowledged > 0 && lost + duplicated + faults === 0 ? 0 : 1;
}

const { MongoClient } = mongoose.mongo;
type Client = mongoose.mongo.MongoClient;

/** The folder, its engine, the drivers and the writers: they live through every kill. */
class Stage {
  private readonly options: EngineChaos;
  private readonly dir: string;
  private readonly programs: string[];
  private readonly engine: EngineProcess;
  private readonly random: Random;
  private clients: Client[] = [];
  private plain: PlainWriter[] = [];
  private retrying: RetryingWriter[] = [];
  private tellers: Teller[] = [];
  private builders: Builder[] = [];
  private readonly log = new Inserted();
  private readonly transfers = new Inserted();
  private backups = 0;

  private constructor(options: EngineChaos, { dir, programs }: { dir: string; programs: string[] }) {
    this.options = options;
    this.dir = dir;
    this.programs = programs;
    this.random = seeded(options.seed);
    this.engine = new EngineProcess(programs[0] ?? '', {
      dir: this.data,
      socket: path.join(dir, 'socket', 'engine.sock'),
    });
  }

  static async open(options: EngineChaos): Promise<Stage> {
    const dir = await mkdtemp(path.join(tmpdir(), 'yekja-chaos-'));
    const programs = [
      await bundle('server/db/embedded/process/main.ts'),
      await bundle('test/chaos/engine-deed.ts'),
    ];
    const stage = new Stage(options, { dir, programs });
    try {
      await stage.begin();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  private get data(): string {
    return path.join(this.dir, 'data');
  }

  private async begin(): Promise<void> {
    await this.engine.start();
    const connect = async (retryWrites: boolean) => {
      const client = await MongoClient.connect(this.engine.uri, {
        retryWrites,
        writeConcern: { w: 'majority' },
        maxPoolSize: 20,
      });
      this.clients.push(client);
      return client;
    };
    const [once, again] = [await connect(false), await connect(true)];
    const plain = collection(again, 'plain');
    await plain.createIndexes([
      { key: { writer: 1, rev: -1 } },
      { key: { key: 1 }, unique: true },
      { key: { tags: 1, n: 1 } },
    ]);
    await collection(again, 'ageing').createIndex({ at: 1 }, { expireAfterSeconds: 0 });
    await collection(again, 'accounts').insertMany(
      Array.from({ length: ACCOUNTS }, (_, n) => ({ _id: accountOf(n), balance: OPENING })),
    );
    for (const name of ['transfers', 'counters', 'log'] as const)
      await again.db('chaos').createCollection(name);
    const made = <T>(count: number, make: (n: number) => T) =>
      Array.from({ length: count }, (_, n) => make(n));
    this.plain = made(6, (n) => new PlainWriter(once, `plain${n}`));
    this.retrying = made(4, (n) => new RetryingWriter(again, { name: `counter${n}`, log: this.log }));
    this.tellers = made(4, (n) => new Teller(again, { name: `teller${n}`, transfers: this.transfers }));
    this.builders = [new Builder(once)];
  }

  private get writers(): Writer[] {
    return [...this.plain, ...this.retrying, ...this.tellers, ...this.builders];
  }

  /** Load, kill, what comes between, restart, look. */
  async round(kind: Kind): Promise<{ finding: Finding; line: string; acknowledged: number }> {
    const { random, engine } = this;
    const finding = nothingFound();
    const load: Load = { ending: false, acknowledged: 0, across: 0, wrong: [] };
    const running = this.writers.map((writer) => writer.run(load, sourceOf(random)));
    const most = this.options.short ? 900 : 2_500;
    const ms = 150 + random() * most;
    const copy = kind === 'a backup' ? this.beginBackup(ms * random()) : undefined;
    await after(ms);
    load.ending = true;
    await engine.kill();
    const said = [`killed after ${ms.toFixed(0)} ms beside ${kind}`];
    if (copy) said.push(await this.endBackup(await copy, finding));
    await this.options.tamper?.(this.data);
    finding.faults.push(...(await this.check()));
    if (kind === 'starts') said.push(await this.killStarts());
    if (kind === 'a compaction') said.push(await this.compact(finding));
    const from = performance.now();
    await engine.start();
    said.push(`back in ${(performance.now() - from).toFixed(0)} ms`);
    await Promise.all(running);
    finding.faults.push(...load.wrong);
    await this.look(finding);
    const doubt = this.plain.reduce((sum, { ledger }) => sum + ledger.doubtful, 0);
    const kept = this.plain.reduce((sum, { ledger }) => sum + ledger.kept, 0);
    said.push(
      `acknowledged ${load.acknowledged}`,
      `without an answer so far ${doubt}, done all the same ${kept}`,
      `answered after the restart ${load.across}`,
    );
    for (const what of ['lost', 'duplicated', 'faults'] as const)
      said.push(`${what} ${finding[what].length}`);
    return { finding, line: said.join(', '), acknowledged: load.acknowledged };
  }

  /** Holds all there is to what was acknowledged. */
  private async look(finding: Finding): Promise<void> {
    const client = this.clients[1] as Client;
    const all = (name: Parameters<typeof collection>[1]) => collection(client, name).find().toArray();
    const docs = await all('plain');
    const names = new Set(this.plain.map(({ name }) => name));
    for (const { ledger, name } of this.plain)
      ledger.check(
        docs.filter((doc) => doc.writer === name),
        finding,
      );
    for (const doc of docs) if (!names.has(String(doc.writer))) finding.faults.push(`${doc._id} is nobody's`);
    const counted = await collection(client, 'plain').estimatedDocumentCount();
    if (counted !== docs.length)
      finding.faults.push(`the counter says ${counted} documents, a scan finds ${docs.length}`);
    const counters = new Map((await all('counters')).map((doc) => [doc._id, Number(doc.n)]));
    for (const { counter } of this.retrying) counter.check(counters.get(counter.id) ?? 0, finding);
    this.log.check(idsOf(await all('log')), finding);
    const transfers = await all('transfers');
    this.transfers.check(idsOf(transfers), finding);
    checkBalances(await all('accounts'), transfers, finding);
    const young = (ids: string[]) => ids.filter((id) => id.startsWith('young'));
    const found = idsOf(await all('ageing'));
    for (const builder of this.builders) {
      const there = new Set(found);
      for (const id of young(builder.ageing.acknowledged))
        if (!there.has(id)) finding.lost.push(`${id} was acknowledged and is not there`);
      finding.faults.push(...(await builder.wrong()));
    }
  }

  private deed(args: string[]): ChildProcess {
    return spawn(process.execPath, [this.programs[1] ?? '', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** `npm run db -- check`, and the balances, on the folder that nobody serves. */
  private async check(dir = this.data, moved = 0): Promise<string[]> {
    const { code, out } = await ended(this.deed(['check', dir, String(moved)]));
    if (code !== 0) return [`the check of ${dir} ended with ${code}: ${out}`];
    return JSON.parse(out) as string[];
  }

  private async beginBackup(ms: number): Promise<Backup> {
    await after(ms);
    const target = path.join(this.dir, `backup-${this.backups++}`);
    const moved = this.transfers.acknowledged.length;
    const child = this.deed(['backup', this.data, target]);
    // Listened to from its first moment: it may be done before the engine is killed.
    return { target, moved, child, end: ended(child) };
  }

  /** Every other backup is killed as well: then there is none, or a whole one. */
  private async endBackup({ target, child, moved, end }: Backup, finding: Finding): Promise<string> {
    const kill = this.backups % 2 === 0;
    if (kill) {
      await after(this.random() * 150);
      child.kill('SIGKILL');
    }
    const { code, out } = await end;
    if (!kill && code !== 0) finding.faults.push(`the backup ended with ${code}: ${out}`);
    const there = existsSync(path.join(target, STORE_FILE));
    if (there)
      finding.faults.push(...(await this.check(target, moved)).map((fault) => `in the backup, ${fault}`));
    await rm(target, { recursive: true, force: true });
    return there ? 'the backup is whole' : 'the backup was killed';
  }

  /** Starts the engine and kills it before or just after it serves. */
  private async killStarts(): Promise<string> {
    let served = 0;
    const times = 3;
    for (let n = 0; n < times; n += 1) {
      const start = this.engine.start().then(
        () => {
          served += 1;
        },
        (error) => {
          if (!(error instanceof EndedEarly)) throw error;
        },
      );
      await after(this.random() * 700);
      await this.engine.kill();
      await start;
    }
    return `${times} starts killed, ${served} of them serving`;
  }

  /** Compacts the file, killed several times on the way and then left to it: it is one whole file at every moment. */
  private async compact(finding: Finding): Promise<string> {
    const file = path.join(this.data, STORE_FILE);
    const before = (await stat(file)).size;
    let killed = 0;
    const { length } = moments;
    for (const moment of moments) {
      const child = this.deed(['compact', this.data]);
      const end = ended(child);
      await after((moment + this.random() / length) * 900);
      child.kill('SIGKILL');
      if ((await end).code === 'SIGKILL') killed += 1;
      finding.faults.push(...(await this.check()).map((fault) => `after a killed compaction, ${fault}`));
    }
    const { code, out } = await ended(this.deed(['compact', this.data]));
    if (code !== 0) finding.faults.push(`the compaction ended with ${code}: ${out}`);
    finding.faults.push(...(await this.check()).map((fault) => `after a compaction, ${fault}`));
    const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`;
    return `${killed} of ${length} compactions killed, from ${kilobytes(before)} to ${kilobytes((await stat(file)).size)}`;
  }

  /** A last check of what was closed in order. */
  async end(): Promise<string[]> {
    await Promise.all(this.clients.map((client) => client.close()));
    this.clients = [];
    await this.engine.stop();
    return this.check();
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.engine.kill();
    await rm(this.dir, { recursive: true, force: true });
  }
}

interface Backup {
  target: string;
  child: ChildProcess;
  end: ReturnType<typeof ended>;
  /** Transfers acknowledged before it began. */
  moved: number;
}

const idsOf = (docs: Stored[]) => docs.map(({ _id }) => _id);

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function ended(child: ChildProcess): Promise<{ code: number | string; out: string }> {
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += String(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      out += String(chunk);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'nothing', out }));
  });
}
