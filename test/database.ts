import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { connectDatabase } from '../server/db/connect.ts';
import { startEngine } from '../server/db/embedded/engine.ts';
import { STORE_FILE } from '../server/db/embedded/process/folder.ts';
import { ensureMongo } from '../server/db/embedded/process/launcher.ts';
import { migrate } from '../server/db/migrations/index.ts';
import { createLog } from '../server/log.ts';
import { startWireProxy } from './chaos/wire-proxy.ts';
import { record } from './wire/record.ts';

/** A database of one test file's own. */
export interface TestDatabase {
  /** Names the database too. */
  uri: string;
  name: string;
  /** Deletes all that its collections hold, but for what was migrated. */
  empty(): Promise<void>;
  /** Drops what was made here, and nothing else. */
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /**
   * The engine as in production: its own process, fsync before each acknowledgement. A server that is given is as it is.
   */
  durable?: boolean;
  /** What is sent is not written down here: somebody else sits on the wire. */
  unrecorded?: boolean;
  /** In the product's shape from the beginning, where the engine is of its own: a copy is made in a tenth of the time. */
  migrated?: boolean;
}

/**
 * On the server that MONGODB_URI names, beside whatever database it names, which is never touched; without it on an embedded engine
 * of its own, which waits for no disk unless it is to be durable.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const given = process.env.MONGODB_URI;
  const copied = Boolean(options.migrated && !given);
  const name = copied ? migratedName : databaseName();
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const recordFile = options.unrecorded ? undefined : process.env.YEKJA_WIRE_LOG;
    const durable = options.durable ?? false;
    const server = given || (await ownEngine(closing, { durable, copied, recordFile }));
    let uri = databaseUri(server, name);
    const direct = uri;
    if (given) closing.push(() => dropDatabase(direct));
    // An engine in this process keeps the record itself; of any other, what is sent is recorded on its way.
    if (recordFile && (given || durable)) {
      const wire = await startWireProxy(given ? await primaryUri(uri) : uri);
      closing.push(() => wire.close());
      uri = wire.uri;
    }
    // What tests do to begin anew is none of the product's commands: it is not recorded.
    let own: Promise<mongoose.Connection> | null = null;
    const empty = async () => {
      own ??= connectDatabase(direct, { poolSize: 1, appName: 'tests' }).then((connection) => {
        closing.push(() => connection.close());
        return connection;
      });
      await emptied(await own);
    };
    return { uri, name, empty, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In one command where the server has it (MongoDB 8): one by one, the collections would cost more than most tests. */
async function emptied(connection: mongoose.Connection): Promise<void> {
  const names = (await connection.listCollections())
    .map(({ name }) => name)
    .filter((name) => name !== 'migrations');
  if (!names.length) return;
  try {
    await connection.getClient().bulkWrite(
      names.map((name) => ({
        name: 'deleteMany' as const,
        namespace: `${connection.name}.${name}`,
        filter: {},
      })),
    );
  } catch {
    for (const name of names) await connection.collection(name).deleteMany({});
  }
}

/** Of this run, where `npm test` names it, so that it can drop what a killed process left behind. */
function databaseName(): string {
  const run = process.env.YEKJA_TEST_RUN;
  return `test_${run ? `${run}_` : ''}${randomBytes(8).toString('hex')}`;
}

async function ownEngine(
  closing: (() => Promise<unknown>)[],
  { durable, copied, recordFile }: { durable: boolean; copied: boolean; recordFile: string | undefined },
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'yekja-test-'));
  closing.push(() => rm(dir, { recursive: true, force: true }));
  const [path, socket] = [join(dir, 'db'), join(dir, 'engine.sock')];
  if (copied) {
    await mkdir(path, { mode: 0o700 });
    await copyFile(await migratedStore(), join(path, STORE_FILE));
  }
  if (durable) {
    const { uri, stop } = await ensureMongo({ dataDir: path, socket, log: () => undefined });
    closing.push(async () => stop?.());
    return uri;
  }
  const engine = await startEngine({ path, socket, durability: 'none' });
  closing.push(() => engine.close());
  if (recordFile)
    engine.engine.heard = (body, { appName }) => {
      if (appName?.startsWith('yekja')) record(recordFile, body);
    };
  return engine.uri;
}

/** Of each engine's own: many may have it. */
const migratedName = 'test_migrated';
let migrated: Promise<string> | null = null;

/** The file of a store that holds the product's empty collections with their indexes: made once a process. */
function migratedStore(): Promise<string> {
  migrated ??= makeMigratedStore();
  return migrated;
}

async function makeMigratedStore(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'yekja-migrated-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'db');
  const engine = await startEngine({ path, socket: join(dir, 'engine.sock'), durability: 'none' });
  const db = await connectDatabase(databaseUri(engine.uri, migratedName), { poolSize: 1 });
  try {
    await migrate({ db, log: createLog({ level: 'silent' }), nodeId: 'tests', leaseMs: 15_000 });
  } finally {
    await db.close();
    await engine.close();
  }
  return join(path, STORE_FILE);
}

const parts = /^(mongodb(?:\+srv)?:\/\/)(?:([^@/?]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;

/**
 * The same server with another database. Whoever signs in does so where he did: a URI that names no place to sign in at means the
 * database that it names.
 * @throws when it is no URI of a MongoDB server
 */
export function databaseUri(uri: string, name: string): string {
  const [, scheme, login, hosts, database, query = ''] = parts.exec(uri) ?? [];
  if (!scheme || !hosts) throw new Error('MONGODB_URI is no URI of a MongoDB server: mongodb://host:port/');
  const options = new URLSearchParams(query);
  if (login && scheme === 'mongodb://' && !options.has('authSource'))
    options.set('authSource', decodeURIComponent(database || 'admin'));
  const rest = options.toString();
  return `${scheme}${login ? `${login}@` : ''}${hosts}/${encodeURIComponent(name)}${rest ? `?${rest}` : ''}`;
}

/** Drops the database that a URI names. */
export async function dropDatabase(uri: string): Promise<void> {
  const connection = await connectDatabase(uri, { poolSize: 1 });
  try {
    await connection.dropDatabase();
  } finally {
    await connection.close();
  }
}

const primaries = new Map<string, Promise<string>>();

/**
 * The same, straight to the server that takes the writes: a proxy stands before one server.
 * @throws when the connection is encrypted: a proxy cannot read it
 */
export async function primaryUri(uri: string): Promise<string> {
  const [, scheme, login, hosts = '', database = '', query = ''] = parts.exec(uri) ?? [];
  const options = new URLSearchParams(query);
  const encrypted = ['tls', 'ssl'].some((name) => options.get(name) === 'true');
  if (encrypted || (scheme !== 'mongodb://' && options.get('tls') !== 'false'))
    throw new Error(
      'The connection to the server that MONGODB_URI names is encrypted, and a proxy of the tests cannot read it. Name one without TLS, on a network of your own.',
    );
  const server = `${login}@${hosts}`;
  // A single server may know itself by a name that means nothing here.
  const address = hosts.includes(',')
    ? (primaries.get(server) ?? askForPrimary(uri))
    : Promise.resolve(hosts);
  primaries.set(server, address);
  for (const name of ['replicaSet', 'loadBalanced']) options.delete(name);
  options.set('directConnection', 'true');
  return `mongodb://${login ? `${login}@` : ''}${await address}/${database}?${options}`;
}

async function askForPrimary(uri: string): Promise<string> {
  const connection = await connectDatabase(uri, { poolSize: 1 });
  try {
    const hello = await connection.db?.admin().command({ hello: 1 });
    return String(hello?.primary);
  } finally {
    await connection.close();
  }
}

/** Drops what a run has left on a server. @returns how many databases that were */
export async function dropLeftovers(uri: string, run: string): Promise<number> {
  const client = await mongoose.mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const left = databases.filter(({ name }) => name.startsWith(`test_${run}_`));
    for (const { name } of left) await client.db(name).dropDatabase();
    return left.length;
  } finally {
    await client.close();
  }
}
