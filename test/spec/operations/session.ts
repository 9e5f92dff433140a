import type mongoose from 'mongoose';
import type { HandCursor } from '../world.ts';
import type { ArgumentKind, Deed } from './arguments.ts';

type Session = mongoose.mongo.ClientSession;

export const transactionOptions: Record<string, ArgumentKind> = {
  maxCommitTimeMS: 'number',
  readConcern: 'plain',
  readPreference: 'readPreference',
  writeConcern: 'plain',
  timeoutMS: 'number',
};

/** `withTransaction` stands with the runner of operations, which it calls. */
export const sessionDeeds: Record<string, Deed<Session>> = {
  startTransaction: {
    takes: transactionOptions,
    run: async (session, args, world) => {
      world.transactions = true;
      session.startTransaction(args as mongoose.mongo.TransactionOptions);
    },
  },
  commitTransaction: {
    takes: { timeoutMS: 'number' },
    run: (session, args) => session.commitTransaction(args),
  },
  abortTransaction: {
    takes: { timeoutMS: 'number' },
    run: (session, args) => session.abortTransaction(args),
  },
  getSnapshotTime: {
    takes: {},
    run: async (session) => (session as unknown as { snapshotTime?: mongoose.mongo.Timestamp }).snapshotTime,
  },
  endSession: { takes: {}, run: (session) => session.endSession() },
};

export const cursorDeeds: Record<string, Deed<HandCursor>> = {
  iterateUntilDocumentOrError: { takes: {}, run: (cursor) => cursor.next() },
  iterateOnce: { takes: {}, run: (cursor) => cursor.tryNext() },
  // A cursor's end is not always told to the driver; the format has its errors ignored.
  close: { takes: {}, run: (cursor) => cursor.close().catch(() => undefined) },
};
