import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine } from '../engine.ts';
import { failure } from '../test/serve.ts';
import { verify } from './verify.ts';

const { MongoClient } = mongoose.mongo;
type Client = InstanceType<typeof MongoClient>;
type Item = { _id: number; n?: number };

let dir: string;
let running: RunningEngine;
let client: Client;
const db = () => client.db('test');
const items = (name = 'fresh') => db().collection<Item>(name);

const start = async () => {
  running = await startEngine({ path: path.join(dir, 'db'), port: 0, durability: 'none' });
  client = await new MongoClient(running.uri, { retryWrites: false }).connect();
};
const stop = async () => {
  await client.close();
  await running.close();
};

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  await start();
});

afterAll(async () => {
  await stop();
  rmSync(dir, { recursive: true, force: true });
});

afterEach(async () => {
  expect(running.engine.transactions.open.size).toBe(0);
  await db().dropDatabase();
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
});

const begin = () => {
  const session = client.startSession();
  session.startTransaction();
  return session;
};

const names = async () => (await db().listCollections().toArray()).map(({ name }) => name).sort();

describe('a collection made inside a transaction', () => {
  test('is seen by the transaction alone, and by all once it is committed', async () => {
    const session = begin();
    await db().createCollection('made', { session });
    await items('made').createIndex({ n: 1 }, { unique: true, session });
    await items('made').insertMany(
      [
        { _id: 1, n: 1 },
        { _id: 2, n: 2 },
      ],
      { session },
    );
    await items().updateOne({ _id: 7 }, { $set: { n: 7 } }, { upsert: true, session });
    await items('third').findOneAndUpdate({ _id: 1 }, { $set: { n: 3 } }, { upsert: true, session });
    expect(
      await items('made')
        .find({ n: { $gt: 1 } }, { session })
        .toArray(),
    ).toEqual([{ _id: 2, n: 2 }]);
    expect(await items('made').countDocuments({}, { session })).toBe(2);
    expect(await names()).toEqual([]);
    expect(await items('made').findOne({})).toBeNull();
    await session.commitTransaction();
    await session.endSession();
    expect(await names()).toEqual(['fresh', 'made', 'third']);
    expect(await items('made').estimatedDocumentCount()).toBe(2);
    expect((await items('made').indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1']);
    expect(await failure(items('made').insertOne({ _id: 3, n: 2 }))).toMatchObject({ code: 11000 });
    expect(await items().findOne({})).toEqual({ _id: 7, n: 7 });
    await stop();
    await start();
    expect(await items('made').find({ n: 2 }).toArray()).toEqual([{ _id: 2, n: 2 }]);
    expect(await items('made').estimatedDocumentCount()).toBe(2);
  });

  test('has never been if the transaction is aborted', async () => {
    const session = begin();
    await db().createCollection('made', { session });
    await items('made').createIndex({ n: 1 }, { session });
    await items('made').insertOne({ _id: 1 }, { session });
    await session.abortTransaction();
    expect(await names()).toEqual([]);
    await items('made').insertOne({ _id: 2 });
    expect(await items('made').find().toArray()).toEqual([{ _id: 2 }]);
    expect((await items('made').indexes()).map(({ name }) => name)).toEqual(['_id_']);
    await session.endSession();
  });

  test('conflicts with another transaction that makes it', async () => {
    const [one, two] = [begin(), begin()];
    await items().insertOne({ _id: 1 }, { session: one });
    const error = await failure(items().insertOne({ _id: 2 }, { session: two }));
    expect(error).toMatchObject({ code: 112 });
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await two.abortTransaction();
    await one.commitTransaction();
    expect(await items().find().toArray()).toEqual([{ _id: 1 }]);
    await Promise.all([one.endSession(), two.endSession()]);
  });

  test('makes a write outside wait for its name', async () => {
    const session = begin();
    await items().insertOne({ _id: 1 }, { session });
    const outside = items().insertOne({ _id: 2 });
    await db().command({ ping: 1 });
    await session.commitTransaction();
    await outside;
    expect(await items().countDocuments()).toBe(2);
    session.startTransaction();
    await items('other').insertOne({ _id: 1 }, { session });
    const second = items('other').insertOne({ _id: 2 });
    await db().command({ ping: 1 });
    await session.abortTransaction();
    await second;
    expect(await items('other').find().toArray()).toEqual([{ _id: 2 }]);
    await session.endSession();
  });

  test('conflicts where another was made or dropped since the transaction began', async () => {
    await items('gone').insertOne({ _id: 1 });
    const session = begin();
    await items('anchor').insertOne({ _id: 1 }, { session });
    await items('late').insertOne({ _id: 1 });
    await items('gone').drop();
    for (const work of [
      () => db().createCollection('late', { session }),
      () => items('late').insertOne({ _id: 2 }, { session }),
      () => items('gone').findOne({}, { session }),
      () => items('gone').insertOne({ _id: 2 }, { session }),
    ]) {
      const error = await failure(work());
      expect([112, 246, 251]).toContain(error.code);
      expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    }
    await session.abortTransaction();
    await session.withTransaction(() => items('gone').insertOne({ _id: 3 }, { session }));
    expect(await items('gone').find().toArray()).toEqual([{ _id: 3 }]);
    await session.endSession();
  });

  test('takes indexes only while it is empty and new', async () => {
    await items('old').insertOne({ _id: 1 });
    const session = begin();
    expect(await failure(items('old').createIndex({ n: 1 }, { session }))).toMatchObject({ code: 263 });
    await session.abortTransaction();
    session.startTransaction();
    await items().insertOne({ _id: 1 }, { session });
    expect(await failure(items().createIndex({ n: 1 }, { session }))).toMatchObject({ code: 263 });
    await session.abortTransaction();
    session.startTransaction();
    await items('empty').createIndex({ n: 1 }, { session });
    expect(await failure(db().createCollection('empty', { session }))).toMatchObject({ code: 48 });
    await session.abortTransaction();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    expect(await failure(db().createCollection('empty', { session }))).toMatchObject({ code: 72 });
    await session.abortTransaction();
    await session.endSession();
  });
});
