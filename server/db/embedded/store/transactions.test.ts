import { once } from 'node:events';
import { Long } from 'bson';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decode, encode } from '../bson/values.ts';
import { runCommand } from '../commands/index.ts';
import type { RunningEngine } from '../engine.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';
import { verify } from './verify.ts';

const { MongoClient } = mongoose.mongo;
interface Item {
  _id?: number | string | mongoose.mongo.ObjectId;
  n?: number;
  k?: string | number;
  fresh?: number;
}
type Documents = mongoose.mongo.Collection<Item>;

let serving: Serving;
let running: RunningEngine;
let client: Client;
let documents: Documents;

beforeAll(async () => {
  serving = await serve();
  ({ running, client } = serving);
});

afterAll(() => serving.stop());

beforeEach(async () => {
  documents = client.db('test').collection('documents');
  await client.db('test').createCollection('documents');
  await documents.createIndex({ k: 1 }, { unique: true, sparse: true });
  await documents.createIndex({ n: 1 });
});

afterEach(async () => {
  expect(running.engine.transactions.open.size).toBe(0);
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  await client.db('test').dropDatabase();
});

const begin = () => {
  const session = client.startSession();
  session.startTransaction();
  return session;
};

describe('transactions', () => {
  test('twenty that read and write one document end in exactly twenty', async () => {
    await documents.insertOne({ _id: 'n', n: 0 });
    const once = () =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          const found = await documents.findOne({ _id: 'n' }, { session });
          await documents.updateOne({ _id: 'n' }, { $set: { n: Number(found!['n']) + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 20 }, once));
    expect(await documents.findOne({ _id: 'n' })).toMatchObject({ n: 20 });
  });

  test('read the snapshot they began with, and what they wrote themselves', async () => {
    await documents.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const session = begin();
    expect(await documents.countDocuments({}, { session })).toBe(2);
    await documents.insertOne({ _id: 3, n: 3 });
    await documents.updateOne({ _id: 1 }, { $set: { n: 10 } });
    await documents.insertOne({ _id: 4, n: 0 }, { session });
    await documents.deleteOne({ _id: 2 }, { session });
    const inside = await documents
      .find({ n: { $gte: 0 } }, { session })
      .sort({ n: 1 })
      .toArray();
    expect(inside).toEqual([
      { _id: 4, n: 0 },
      { _id: 1, n: 1 },
    ]);
    const outside = await documents
      .find({ n: { $gte: 0 } })
      .sort({ n: -1 })
      .toArray();
    expect(outside.map(({ _id }) => _id)).toEqual([1, 3, 2]);
    await session.commitTransaction();
    expect((await documents.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 3, 4]);
    await session.endSession();
  });

  test('that write what another has written are refused with a label to try again', async () => {
    await documents.insertOne({ _id: 1, n: 0 });
    const [one, two] = [begin(), begin()];
    await documents.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: one });
    const early = await failure(documents.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: two }));
    expect(early).toMatchObject({ code: 112, codeName: 'WriteConflict' });
    expect(early.hasErrorLabel('TransientTransactionError')).toBe(true);
    await two.abortTransaction();
    await one.commitTransaction();

    const late = begin();
    await documents.findOne({ _id: 1 }, { session: late });
    await documents.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(await failure(documents.deleteOne({ _id: 1 }, { session: late }))).toMatchObject({ code: 112 });
    await late.abortTransaction();
    expect(await documents.findOne({ _id: 1 })).toMatchObject({ n: 2 });
  });

  test('that want the same unique value conflict; one that is taken is a duplicate without that label', async () => {
    const [one, two] = [begin(), begin()];
    await documents.insertOne({ _id: 1, k: 'x' }, { session: one });
    expect(await failure(documents.insertOne({ _id: 2, k: 'x' }, { session: two }))).toMatchObject({
      code: 112,
    });
    await two.abortTransaction();
    await one.commitTransaction();
    const three = begin();
    const taken = await failure(documents.insertOne({ _id: 3, k: 'x' }, { session: three }));
    expect(taken).toMatchObject({ code: 11000, keyValue: { k: 'x' } });
    expect(taken.hasErrorLabel('TransientTransactionError')).toBe(false);
    const after = await failure(documents.insertOne({ _id: 4 }, { session: three }));
    expect(after).toMatchObject({ code: 251 });
    expect(after.hasErrorLabel('TransientTransactionError')).toBe(true);
    await three.abortTransaction();
    expect(await documents.countDocuments()).toBe(1);
  });

  test('make a write outside wait until they end', async () => {
    await documents.insertOne({ _id: 1, n: 1 });
    const session = begin();
    await documents.updateOne({ _id: 1 }, { $set: { n: 5 } }, { session });
    await documents.insertOne({ _id: 2, k: 'x' }, { session });
    const order: string[] = [];
    const update = documents.updateOne({ _id: 1 }, { $inc: { n: 1 } }).then(() => order.push('update'));
    const insert = failure(documents.insertOne({ _id: 3, k: 'x' })).then((error) => {
      order.push('insert');
      return error;
    });
    expect(await documents.findOne({ _id: 1 })).toMatchObject({ n: 1 });
    expect(
      await failure(documents.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { maxTimeMS: 50 })),
    ).toMatchObject({ code: 50 });
    expect(order).toEqual([]);
    await session.commitTransaction();
    await update;
    expect((await insert).code).toBe(11000);
    expect(await documents.findOne({ _id: 1 })).toMatchObject({ n: 6 });
    await session.endSession();
  });

  test('an update that changes nothing conflicts with nothing', async () => {
    await documents.insertOne({ _id: 1, n: 1 });
    const [one, two] = [begin(), begin()];
    await documents.updateOne({ _id: 1 }, { $set: { n: 1 } }, { session: one });
    await documents.updateOne({ _id: 1 }, { $set: { n: 2 } }, { session: two });
    expect(await documents.updateOne({ _id: 1 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    await two.commitTransaction();
    await one.commitTransaction();
    expect(await documents.findOne({ _id: 1 })).toMatchObject({ n: 2 });
  });

  test('are aborted when the client that began them is gone', async () => {
    const other = await new MongoClient(running.uri, { appName: 'goes' }).connect();
    const session = other.startSession();
    session.startTransaction();
    await other.db('test').collection('documents').insertOne({ k: 'gone' }, { session });
    const waiting = documents.insertOne({ _id: 7, k: 'gone' });
    await other.close(true);
    await waiting;
    expect(await documents.countDocuments({ k: 'gone' })).toBe(1);
  });

  test('outlive a lost connection of a client that is still there, for a while', async () => {
    const other = await new MongoClient(running.uri, { appName: 'stays', maxPoolSize: 1 }).connect();
    const lose = async () => {
      const { open } = running.engine.peers;
      const carriers = new Set([...running.engine.transactions.open].flatMap((txn) => [...txn.connections]));
      const noticed = once(other, 'connectionClosed');
      for (const peer of open) if (carriers.has(peer)) peer.close();
      await noticed;
    };
    const theirs = other.db('test').collection<Item>('documents');
    const session = other.startSession();
    session.startTransaction();
    await theirs.insertOne({ _id: 1 }, { session });
    await lose();
    await session.commitTransaction();
    expect(await documents.countDocuments()).toBe(1);
    session.startTransaction();
    await theirs.insertOne({ _id: 2, k: 'left' }, { session });
    await lose();
    // Waits for the key, so it is answered when the transaction has been ended.
    await documents.insertOne({ _id: 3, k: 'left' });
    expect(await failure(session.commitTransaction())).toMatchObject({ code: 251 });
    await session.endSession();
    await other.close();
  }, 20_000);

  test('are aborted when they are older than the limit', async () => {
    const admin = client.db('admin');
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 1 });
    const session = begin();
    await documents.insertOne({ _id: 1, k: 'old' }, { session });
    // Waits for the key, so it is answered when the transaction has been ended.
    await documents.insertOne({ _id: 2, k: 'old' });
    const error = await failure(session.commitTransaction());
    expect(error).toMatchObject({ code: 251 });
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 60 });
  });

  test('refuse what cannot be undone', async () => {
    const session = begin();
    await documents.insertOne({ _id: 1 }, { session });
    expect(await failure(documents.createIndex({ fresh: 1 }, { session }))).toMatchObject({ code: 263 });
    await session.abortTransaction();
    const second = begin();
    expect(
      await failure(client.db('test').command({ count: 'documents' }, { session: second })),
    ).toMatchObject({ code: 263 });
    await second.abortTransaction();
    expect(await documents.countDocuments()).toBe(0);
  });

  test('do their commands one after the other: a commit holds a statement whole', async () => {
    await documents.insertMany(Array.from({ length: 3000 }, (_, i) => ({ _id: i, n: 0 })));
    const session = begin();
    await documents.findOne({}, { session });
    const update = documents.updateMany({}, { $inc: { n: 1 } }, { session });
    const [txn] = running.engine.transactions.open;
    while (txn!.overlays.size === 0) await documents.findOne({ _id: 1 });
    // Straight at the engine: the driver would wait for the update.
    const { id, serverSession } = session;
    const txnNumber = serverSession.txnNumber;
    const body = decode(
      encode({
        commitTransaction: 1,
        lsid: id!,
        txnNumber: Long.fromNumber(txnNumber),
        autocommit: false,
        $db: 'admin',
      }),
    );
    const request = { requestId: 1, body, sequences: new Map(), moreToCome: false, legacy: false };
    const peer = { id: 1, closed: false, close: () => {} };
    expect((await runCommand(running.engine, request, peer)).doc).toMatchObject({ ok: 1 });
    expect(await update).toMatchObject({ modifiedCount: 3000 });
    expect(await documents.countDocuments({ n: 1 })).toBe(3000);
    await session.commitTransaction();
    await session.endSession();
  });

  test('commit once, however often they are told to', async () => {
    const session = begin();
    await documents.insertOne({ _id: 1 }, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    await session.endSession();
    expect(await documents.countDocuments()).toBe(1);
  });

  test('end with an error if the collection or its indexes changed under them', async () => {
    const session = begin();
    await documents.insertOne({ _id: 1, n: 1 }, { session });
    await documents.createIndex({ fresh: 1 });
    const error = await failure(session.commitTransaction());
    expect(error).toMatchObject({ code: 112 });
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
  });
});
