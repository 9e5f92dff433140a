import mongoose, { type Connection } from 'mongoose';

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
    throw new Error(
      `No database answers at ${withoutPassword(uri)} (${(error as Error).message}). Is it running, is it a replica set, and is the address right?`,
      { cause: error },
    );
  }
  return connection;
}

function withoutPassword(uri: string): string {
  return uri.replace(/\/\/([^@/]*)@/, '//…@');
}
