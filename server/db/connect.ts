import mongoose, { type Connection } from 'mongoose';
import './driver.guard.ts';
import { type Address, addressOf } from './transfer/address.ts';

// A query made inside a transaction's callback belongs to it, also where its session was not handed down.
mongoose.set('transactionAsyncLocalStorage', true);

/** Milliseconds to wait for a database that does not answer before saying so. */
const patienceMs = 10_000;

/**
 * One connection for everything: primary reads at `majority`, writes acknowledged by a majority, a bounded pool. Collections and
 * indexes are made by migrations alone.
 *
 * @param uri of a MongoDB replica set, or of the embedded engine
 * @param options.database the database, when it is not the one in the URI
 * @throws when nothing answers within ten seconds; the message names the host and never the password
 */
export async function connectDatabase(
  uri: string,
  options: { database?: string; poolSize?: number; appName?: string } = {},
): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    ...(options.database ? { dbName: options.database } : {}),
    appName: options.appName ?? 'yekja',
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
    maxPoolSize: options.poolSize ?? 20,
    readPreference: 'primary',
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority' },
    retryWrites: true,
    serverSelectionTimeoutMS: patienceMs,
  });
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close(true).catch(() => undefined);
    throw new Error(explained(error as Error, addressOf(uri)), { cause: error });
  }
  return connection;
}

function explained({ name, message }: Error, address: Address): string {
  const said = address.hide(message);
  if (/^Mongo(Parse|API|InvalidArgument|Missing)/.test(name))
    return `The address of ${address.name} cannot be used (${said}). In user and password the signs : / ? # [ ] @ % are written as %3A, %2F…`;
  return `No database answers at ${address.name} (${said}). Is it running, is it a replica set, and is the address right?`;
}
