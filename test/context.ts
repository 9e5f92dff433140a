import { randomBytes, randomUUID } from 'node:crypto';
import type { Connector, Dns } from '../connectors/connector.ts';
import { connectors } from '../connectors/index.ts';
import { createBus } from '../server/bus.ts';
import type { ChannelDoc } from '../server/channels/channel.model.ts';
import { createSecretBox } from '../server/channels/secrets.ts';
import type { Context } from '../server/context.ts';
import { connectDatabase } from '../server/db/connect.ts';
import { migrate } from '../server/db/migrations/index.ts';
import { createModels } from '../server/db/models.ts';
import { createFiles } from '../server/files/files.ts';
import { Background } from '../server/jobs/background.ts';
import { LocalQueue } from '../server/jobs/local.ts';
import { createLog } from '../server/log.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface TestContextOptions {
  /** Further connectors, or others in their places. */
  connectors?: Readonly<Record<string, Connector>>;
  endpoints?: Readonly<Record<string, string>>;
  leaseMs?: number;
  now?: () => Date;
  random?: () => number;
  fetch?: typeof fetch;
  /** A zone; absent: a system in which there is no name. */
  dns?: Dns;
  /** The engine as in production: its own process, fsync before each acknowledgement. */
  durable?: boolean;
  /** 'silent' unless told. */
  logLevel?: string;
}

export interface TestContext extends Context {
  /** Another server on the same database: its own connection, bus, queue and node. Close it first. */
  sibling(options?: TestContextOptions): Promise<TestContext>;
  /** A connected channel of a connector, without asking its provider anything. */
  addChannel(
    channel: Partial<ChannelDoc> & Pick<ChannelDoc, 'connector' | 'accountRef'>,
  ): Promise<ChannelDoc>;
  /** Empties every collection, for the next test of the file; nothing must be running. */
  empty(): Promise<void>;
  /** Ends what runs here; the one that made the database drops it. */
  close(): Promise<void>;
}

/** A real context on a real engine: everything but HTTP and sockets, with a database of its own. */
export async function createTestContext(options: TestContextOptions = {}): Promise<TestContext> {
  const database = await createTestDatabase({ durable: options.durable ?? false, migrated: true });
  try {
    return await contextOn(database, options, () => database.close());
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function contextOn(
  database: TestDatabase,
  options: TestContextOptions,
  drop: () => Promise<void>,
): Promise<TestContext> {
  const log = createLog({ level: options.logLevel ?? 'silent' });
  const db = await connectDatabase(database.uri, { database: database.name });
  const nodeId = randomUUID();
  const leaseMs = options.leaseMs ?? 15_000;
  await migrate({ db, log, nodeId, leaseMs });
  const models = createModels(db);
  const now = options.now ?? (() => new Date());
  const queue = new LocalQueue({ log });
  const context: Context = {
    db,
    models,
    bus: createBus((event, error) => log.error({ err: error, event }, 'a listener failed')),
    log,
    connectors: { ...connectors, ...options.connectors },
    endpoints: options.endpoints ?? {},
    queue,
    background: new Background(),
    files: createFiles({ db, models, now, uuid: randomUUID }),
    secrets: createSecretBox('a key for tests, of no other use'),
    nodeId,
    leaseMs,
    now,
    random: options.random ?? (() => randomBytes(6).readUIntBE(0, 6) / 2 ** 48),
    uuid: () => randomUUID(),
    fetch: options.fetch ?? fetch,
    dns: options.dns ?? { resolve: noSuchName },
  };
  return {
    ...context,
    sibling: (other = {}) => contextOn(database, { ...options, ...other }, async () => undefined),
    async addChannel(channel) {
      const doc: ChannelDoc = {
        _id: randomUUID(),
        name: channel.connector,
        state: 'connected',
        pausedReason: null,
        settings: {},
        secrets: {},
        hookId: randomBytes(16).toString('hex'),
        createdAt: now(),
        ...channel,
      };
      await models.channels.insertMany([doc]);
      return doc;
    },
    empty: () => database.empty(),
    async close() {
      await queue.close();
      await db.close();
      await drop();
    },
  };
}

function noSuchName(name: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(`There is no ${name}.`), { code: 'ENOTFOUND' }));
}
