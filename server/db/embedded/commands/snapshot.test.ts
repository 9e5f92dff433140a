import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';

const { Timestamp } = mongoose.mongo;

let serving: Serving;
let running: RunningEngine;
let client: Client;
let documents: mongoose.mongo.Collection<{ _id: number; n: number }>;

beforeAll(async () => {
  serving = await serve();
  ({ running, client } = serving);
  documents = client.db('test').collection('documents');
});

afterAll(() => serving.stop());

beforeEach(async () => {
  await documents.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: i, n: i % 3 })));
});

afterEach(async () => {
  await client.db('test').dropDatabase();
  running.engine.snapshots.closeAll();
});

describe('reads of a snapshot session', () => {
  test('all see the moment of the first, whatever is written meanwhile', async () => {
    const session = client.startSession({ snapshot: true });
    expect(await documents.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, n: 1 });
    await documents.updateOne({ _id: 1 }, { $set: { n: 100 } });
    await documents.deleteMany({ n: 2 });
    await documents.insertOne({ _id: 1000, n: 5 });
    expect(await documents.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, n: 1 });
    expect(await documents.find({}, { session, batchSize: 7 }).toArray()).toHaveLength(300);
    expect(await documents.distinct('n', {}, { session })).toEqual([0, 1, 2]);
    expect(await documents.countDocuments({}, { session })).toBe(300);
    expect(await documents.countDocuments({ n: 2 }, { session })).toBe(100);
    expect(await documents.countDocuments({})).toBe(201);
    await session.endSession();
    const later = client.startSession({ snapshot: true });
    expect(await documents.distinct('n', {}, { session: later })).toEqual([0, 1, 5, 100]);
    expect(await documents.countDocuments({}, { session: later })).toBe(201);
    await later.endSession();
  });

  test('that begin while nothing is written share what they hold', async () => {
    const db = client.db('test');
    const read = () => db.command({ find: 'documents', limit: 1, readConcern: { level: 'snapshot' } });
    const [one, two] = [await read(), await read()];
    expect(one['cursor'].atClusterTime).toBeInstanceOf(Timestamp);
    expect(two['cursor'].atClusterTime.greaterThan(one['cursor'].atClusterTime)).toBe(true);
    expect(running.engine.snapshots.size).toBe(2);
    await documents.deleteMany({});
    for (const { cursor } of [one, two])
      expect(
        await db.command({
          find: 'documents',
          limit: 1,
          readConcern: { level: 'snapshot', atClusterTime: cursor.atClusterTime },
        }),
      ).toMatchObject({ cursor: { firstBatch: [{ _id: 0 }], atClusterTime: cursor.atClusterTime } });
  });

  test('end when the moment is let go, is unknown, or lies ahead', async () => {
    const session = client.startSession({ snapshot: true });
    const cursor = documents.find({}, { session, batchSize: 10 });
    await cursor.next();
    running.engine.snapshots.reap(Date.now() + 301_000);
    expect(running.engine.snapshots.size).toBe(0);
    expect(await failure(cursor.toArray())).toMatchObject({ code: 239, codeName: 'SnapshotTooOld' });
    expect(await failure(documents.findOne({}, { session }))).toMatchObject({ code: 239 });
    await session.endSession();
    const at = (atClusterTime: unknown) =>
      client.db('test').command({ find: 'documents', readConcern: { level: 'snapshot', atClusterTime } });
    const seconds = Math.floor(Date.now() / 1000);
    expect(await failure(at(new Timestamp({ t: 1, i: 1 })))).toMatchObject({ code: 239 });
    expect(await failure(at(new Timestamp({ t: seconds + 100, i: 1 })))).toMatchObject({ code: 72 });
    expect(await failure(at(7))).toMatchObject({ code: 14 });
  });

  test('are refused where the collection is no longer what it was', async () => {
    await client.db('test').collection<{ _id: number }>('other').insertOne({ _id: 1 });
    const session = client.startSession({ snapshot: true });
    await documents.findOne({}, { session });
    await documents.createIndex({ n: 1 });
    await client.db('test').collection('other').drop();
    expect(await failure(documents.findOne({}, { session }))).toMatchObject({ code: 246 });
    const other = client.db('test').collection('other');
    expect(await failure(other.findOne({}, { session }))).toMatchObject({ code: 246 });
    await session.endSession();
  });

  test('are for find, aggregate and distinct alone', async () => {
    const readConcern = { level: 'snapshot' };
    const db = client.db('test');
    for (const command of [
      { count: 'documents' },
      { listCollections: 1 },
      { insert: 'documents', documents: [{ _id: 5000 }] },
    ])
      expect(await failure(db.command({ ...command, readConcern }))).toMatchObject({ code: 72 });
  });
});

describe('concerns', () => {
  test('are held to their rules inside a transaction', async () => {
    const session = client.startSession();
    session.startTransaction();
    await documents.findOne({}, { session });
    const db = client.db('test');
    const wrong: object[] = [
      { find: 'documents', readConcern: { level: 'local' } },
      { insert: 'documents', documents: [{ _id: 5000 }], writeConcern: { w: 1 } },
    ];
    for (const command of wrong)
      expect(await failure(db.command(command, { session }))).toMatchObject({ code: 72 });
    await session.abortTransaction();
    for (const level of ['available', 'linearizable']) {
      session.startTransaction({ readConcern: { level: level as 'local' } });
      expect(await failure(documents.findOne({}, { session }))).toMatchObject({ code: 72 });
      await session.abortTransaction();
    }
    await session.endSession();
  });

  test('that are unknown or cannot be met are refused', async () => {
    const db = client.db('test');
    const asked: [object, number][] = [
      [{ find: 'documents', readConcern: { level: 'newest' } }, 2],
      [{ find: 'documents', readConcern: { level: 'linearizable' } }, 115],
      [
        { find: 'documents', readConcern: { level: 'local', atClusterTime: new Timestamp({ t: 1, i: 1 }) } },
        72,
      ],
      [
        { aggregate: 'documents', pipeline: [{ $out: 'x' }], cursor: {}, readConcern: { level: 'snapshot' } },
        72,
      ],
      [{ insert: 'documents', documents: [{ _id: 5000 }], writeConcern: { w: -1 } }, 9],
    ];
    for (const [command, code] of asked) expect(await failure(db.command(command))).toMatchObject({ code });
    expect(await documents.findOne({ _id: 5000 })).toBeNull();
  });
});
