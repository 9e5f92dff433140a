import mongoose from 'mongoose';
import { BUILD } from '../embedded/commands/admin.ts';
import { type Address, addressOf } from './address.ts';

const { MongoClient } = mongoose.mongo;
export type Client = InstanceType<typeof MongoClient>;

/** Milliseconds to wait for a server that does not answer. */
const PATIENCE_MS = 10_000;

/** One end of a transfer: a server that speaks MongoDB's protocol. */
export interface Side {
  client: Client;
  address: Address;
  /** How the server is told to others: `me` of its handshake, else the hosts of the address. */
  me: string;
  /** Name of its replica set; `sharded` behind mongos; undefined on a single server. */
  set: string | undefined;
  /** It is an embedded engine of this program. */
  ours: boolean;
}

/** Connects and asks the server who it is. Throws a sentence; the password is in none. */
export async function connect(uri: string): Promise<Side> {
  const address = addressOf(uri);
  let client: Client;
  try {
    client = new MongoClient(uri, {
      appName: 'yekja-transfer',
      maxPoolSize: 6,
      serverSelectionTimeoutMS: PATIENCE_MS,
      readPreference: 'primary',
      retryReads: true,
    });
  } catch (error) {
    throw new Error(
      `the address of ${address.name} cannot be used: ${address.hide((error as Error).message)} (in user and password the signs : / ? # [ ] @ % are written as %3A, %2F…)`,
    );
  }
  try {
    await client.connect();
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    const build = await admin.command({ buildInfo: 1 });
    return {
      client,
      address,
      me: typeof hello['me'] === 'string' ? hello['me'] : address.name,
      set: hello['msg'] === 'isdbgrid' ? 'sharded' : hello['setName'],
      ours: build['gitVersion'] === BUILD,
    };
  } catch (error) {
    await client.close().catch(() => {});
    throw explained(error, { address });
  }
}

/** The product's transactions need a set: a single server is no home for its data. */
export function mustBeSet({ set, address }: Pick<Side, 'set' | 'address'>): void {
  if (set !== undefined) return;
  throw new Error(
    `${address.name} is a single MongoDB server: this program's transactions need a replica set. One server is enough for one: start mongod with --replSet NAME and run rs.initiate() once`,
  );
}

interface Answer {
  code?: number;
  codeName?: string;
  name?: string;
  message?: string;
}

const NO_ROOM = new Set([14031, 15928]);
const PRIMARY_GONE = new Set([91, 189, 10058, 10107, 11600, 11602, 13435, 13436]);

/** An error of a driver as a sentence: what, where, and what would be right. */
export function explained(error: unknown, { address, ns }: { address: Address; ns?: string }): Error {
  if (error instanceof Explained) return error;
  const { code, name = '', message: words = String(error) } = error as Answer;
  const message = address.hide(words);
  const where = ns === undefined ? address.name : `${ns} at ${address.name}`;
  const again = 'Start the same command again: it goes on where it was.';
  if (/MongoParseError|MongoInvalidArgumentError|MongoAPIError|MongoMissing/.test(name))
    return new Explained(`the address of ${address.name} cannot be used: ${message}`);
  if (code === 18 || code === 8000 || /Authentication failed|auth error/i.test(message))
    return new Explained(
      `${address.name} did not accept the user and password: ${message}. Is authSource right?`,
    );
  if (code === 13 || /not authorized|requires authentication/i.test(message))
    return new Explained(
      `${where} refuses this user: ${message}. It needs the role readWrite on every database that is written, and read (with listDatabases) on what is read`,
    );
  if (NO_ROOM.has(code ?? 0) || /no space left|disk (is )?full|out of disk|disk quota/i.test(message))
    return new Explained(`the disk is full: ${where} says ${message}. Make room there. ${again}`);
  if (name === 'MongoServerSelectionError')
    return new Explained(
      `nothing answers at ${address.name} within ${PATIENCE_MS / 1000} s (${message}). Is it running, is the address right, and does a firewall let this machine in?`,
    );
  if (/MongoNetwork|PoolCleared|MongoTopologyClosed/.test(name))
    return new Explained(`the connection to ${where} broke off (${message}). ${again}`);
  if (PRIMARY_GONE.has(code ?? 0))
    return new Explained(`${address.name} is changing its primary (${message}). ${again}`);
  if (name === 'MongoWriteConcernError')
    return new Explained(
      `${where}: the write was not acknowledged by a majority in time (${message}). ${again}`,
    );
  if (code === 11000)
    return new Explained(
      `${where} already has a document with this key, so somebody else writes there: ${message}`,
    );
  return new Explained(`${where}: ${message}${code === undefined ? '' : ` (code ${code})`}`);
}

/** Has been put into words already. */
class Explained extends Error {}

/** Does something at a side; what goes wrong is told in a sentence that names the collection. */
export async function at<T>(side: Side, ns: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, { address: side.address, ...(ns !== undefined && { ns }) });
  }
}
