import mongoose from 'mongoose';
import { Recorder } from './events.ts';
import { driverLacks, SpecFailure, unknownTo } from './failure.ts';
import type { MatchWorld } from './match.ts';
import type { Entity as EntityRecord } from './schema.ts';
import { plain, shown } from './values.ts';

const { MongoClient, ReadPreference, GridFSBucket } = mongoose.mongo;
type Client = mongoose.mongo.MongoClient;
type Db = mongoose.mongo.Db;

/** A cursor or change stream that a test iterates by hand; creating it took its first document, which waits here. */
export interface HandCursor {
  next(): Promise<unknown>;
  tryNext(): Promise<unknown>;
  close(): Promise<void>;
}

/** A line of operations beside the test's own; `done` fails if one of them did. */
export interface Thread {
  done: Promise<void>;
}

interface Kinds {
  client: { client: Client; recorder: Recorder };
  database: Db;
  collection: mongoose.mongo.Collection;
  session: mongoose.mongo.ClientSession;
  bucket: mongoose.mongo.GridFSBucket;
  cursor: HandCursor;
  thread: Thread;
  topology: unknown;
  value: unknown;
}
export type EntityKind = keyof Kinds;

export interface WorldOptions {
  /** Where to connect, without a test's own options. */
  uri: string;
  /** For what is no part of the test: data, outcome, fail points off. */
  internal: Client;
}

/** The entities of one test, by name, and what must be undone after it. */
export class World implements MatchWorld {
  readonly internal: Client;
  /** Names of fail points that the test set. */
  readonly failPoints = new Set<string>();
  transactions = false;
  private readonly uri: string;
  private readonly entities = new Map<string, { [K in EntityKind]: { kind: K; it: Kinds[K] } }[EntityKind]>();

  constructor(options: WorldOptions) {
    this.uri = options.uri;
    this.internal = options.internal;
  }

  add<K extends EntityKind>(name: string, kind: K, it: Kinds[K]): void {
    if (this.entities.has(name)) throw new SpecFailure(`there is an entity ${name} already`);
    this.entities.set(name, { kind, it } as { [X in EntityKind]: { kind: X; it: Kinds[X] } }[EntityKind]);
  }

  kindOf(name: string): EntityKind {
    const entity = this.entities.get(name);
    if (!entity) throw new SpecFailure(`there is no entity ${name}`);
    return entity.kind;
  }

  get<K extends EntityKind>(kind: K, name: unknown): Kinds[K] {
    if (typeof name !== 'string') throw new SpecFailure(`an entity's name is a string, not ${shown(name)}`);
    const found = this.kindOf(name);
    if (found !== kind) throw new SpecFailure(`the entity ${name} is a ${found}, not a ${kind}`);
    return this.entities.get(name)?.it as Kinds[K];
  }

  value(name: string): unknown {
    return this.get('value', name);
  }

  lsid(name: string): unknown {
    return this.get('session', name).id;
  }

  all<K extends EntityKind>(kind: K): Kinds[K][] {
    return [...this.entities.values()]
      .filter((entity) => entity.kind === kind)
      .map(({ it }) => it as Kinds[K]);
  }

  /** Makes the entities that a file or an operation lists, in their order. */
  async create(records: readonly EntityRecord[]): Promise<void> {
    for (const record of records) await this.createOne(record);
  }

  private async createOne(record: EntityRecord): Promise<void> {
    const { client, database, collection, session, bucket, thread } = record;
    if (client) {
      if (client.storeEventsAsEntities) throw unknownTo('storeEventsAsEntities');
      if (client.observeLogMessages) throw unknownTo('observeLogMessages');
      if (client.autoEncryptOpts) throw unknownTo('autoEncryptOpts');
      await this.connect(client);
    } else if (database) {
      const options = dataOptions(database.databaseOptions);
      this.add(
        database.id,
        'database',
        this.get('client', database.client).client.db(database.databaseName, options),
      );
    } else if (collection) {
      const db = this.get('database', collection.database);
      const options = dataOptions(collection.collectionOptions);
      this.add(collection.id, 'collection', db.collection(collection.collectionName, options));
    } else if (session) {
      const options = sessionOptions(session.sessionOptions);
      this.add(session.id, 'session', this.get('client', session.client).client.startSession(options));
    } else if (bucket) {
      const options = plain(bucket.bucketOptions ?? {}) as Record<string, unknown>;
      this.add(bucket.id, 'bucket', new GridFSBucket(this.get('database', bucket.database), options));
    } else if (thread) {
      this.add(thread.id, 'thread', { done: Promise.resolve() });
    } else throw unknownTo(`the entity ${Object.keys(record).join(', ')}`);
  }

  private async connect(record: NonNullable<EntityRecord['client']>): Promise<void> {
    const own = (record.uriOptions ?? {}) as Record<string, unknown>;
    const address = new URL(this.uri.replace(/^mongodb:/, 'http:'));
    for (const [key, value] of Object.entries(own)) address.searchParams.set(key, String(value));
    if (!('serverSelectionTimeoutMS' in own)) address.searchParams.set('serverSelectionTimeoutMS', '10000');
    // A server that failed once is asked again at once, unless the test has a say in it.
    if (!('heartbeatFrequencyMS' in own)) {
      address.searchParams.set('heartbeatFrequencyMS', '500');
      address.searchParams.set('minHeartbeatFrequencyMS', '50');
    }
    const options = {
      monitorCommands: true,
      serverApi: record.serverApi as mongoose.mongo.ServerApi | undefined,
      // As when the first operation connects: else connecting checks a connection out once more, which tests would count.
      __skipPingOnConnect: true,
    };
    const client = new MongoClient(address.href.replace(/^http:/, 'mongodb:'), options);
    const recorder = new Recorder(client, {
      observe: record.observeEvents ?? [],
      ignoreCommands: record.ignoreCommandMonitoringEvents ?? [],
      observeSensitive: record.observeSensitiveCommands === true,
    });
    this.add(record.id, 'client', { client, recorder });
    await client.connect();
  }

  /** Ends what the test left open. Errors of the closing itself are not the test's. */
  async close(): Promise<void> {
    for (const cursor of this.all('cursor')) await cursor.close().catch(() => undefined);
    for (const session of this.all('session')) await session.endSession().catch(() => undefined);
    for (const { client } of this.all('client')) await client.close().catch(() => undefined);
  }
}

/** A read preference as the format writes it. */
export function readPreference(value: unknown): mongoose.mongo.ReadPreference {
  const { mode, tagSets, ...rest } = plain(value) as Record<string, unknown>;
  for (const key of Object.keys(rest))
    if (key !== 'maxStalenessSeconds' && key !== 'hedge') throw unknownTo(`the read preference's ${key}`);
  return new ReadPreference(
    mode as mongoose.mongo.ReadPreferenceMode,
    tagSets as mongoose.mongo.TagSet[] | undefined,
    rest as mongoose.mongo.ReadPreferenceOptions,
  );
}

const dataOptions = (options: Record<string, unknown> = {}) => {
  const { readPreference: preference, ...rest } = options;
  return { ...rest, ...(preference === undefined ? {} : { readPreference: readPreference(preference) }) };
};

/** The options of a session or of its transactions, with a read preference that the driver understands. */
function sessionOptions(options: Record<string, unknown> = {}): mongoose.mongo.ClientSessionOptions {
  const known = ['causalConsistency', 'snapshot', 'defaultTransactionOptions', 'defaultTimeoutMS'];
  if (options['snapshotTime'] !== undefined) throw driverLacks('session option snapshotTime');
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw unknownTo(`the session option ${key}`);
  const { defaultTransactionOptions, ...rest } = plain(options) as Record<string, unknown>;
  return defaultTransactionOptions === undefined
    ? rest
    : {
        ...rest,
        defaultTransactionOptions: dataOptions(defaultTransactionOptions as Record<string, unknown>),
      };
}
