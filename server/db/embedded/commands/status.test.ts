import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { expire } from '../session/reaper.ts';
import { verify } from '../store/verify.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';

type Item = { _id: number; n?: number; at?: Date };

let serving: Serving;
let running: RunningEngine;
let client: Client;
const db = () => client.db('test');
const admin = () => client.db('admin');
const items = (name = 'items') => db().collection<Item>(name);

beforeAll(async () => {
  serving = await serve({ testCommands: true, client: { appName: 'looks' } });
  ({ running, client } = serving);
});

afterAll(() => serving.stop());

afterEach(async () => {
  await db().dropDatabase();
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
});

describe('what the engine says of itself', () => {
  test('counts operations, connections, cursors and transactions', async () => {
    const before = await admin().command({ serverStatus: 1 });
    await items().insertMany(Array.from({ length: 30 }, (_, i) => ({ _id: i })));
    await items().updateOne({ _id: 1 }, { $set: { n: 1 } });
    await items().deleteMany({ n: 1 });
    const cursor = items().find({}, { batchSize: 10 });
    await cursor.next();
    const session = client.startSession();
    await session.withTransaction(() => items().insertOne({ _id: 100 }, { session }));
    session.startTransaction();
    await items().insertOne({ _id: 101 }, { session });
    const now = await admin().command({ serverStatus: 1 });
    await session.abortTransaction();
    await session.endSession();
    await cursor.close();
    const more = (kind: string) => now['opcounters'][kind] - before['opcounters'][kind];
    expect([more('insert'), more('update'), more('delete'), more('query')]).toEqual([32, 1, 1, 1]);
    expect(now['connections'].current).toBeGreaterThan(0);
    expect(now['metrics'].cursor.open.total).toBe(1);
    expect(now['transactions']).toMatchObject({ currentOpen: 1, totalStarted: 2, totalCommitted: 1 });
    const after = await admin().command({ serverStatus: 1 });
    expect(after['transactions']).toMatchObject({ currentOpen: 0, totalAborted: 1 });
    expect(after['mem'].resident).toBeGreaterThan(0);
    expect(after['uptime']).toBeGreaterThan(0);
  });

  test('tells what collections and databases hold', async () => {
    await items().createIndex({ n: 1 });
    await items().insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i, n: i })));
    await items('other').insertOne({ _id: 1 });
    const one = await db().command({ collStats: 'items' });
    expect(one).toMatchObject({ ns: 'test.items', count: 1000, nindexes: 2 });
    expect(one['storageSize']).toBeGreaterThanOrEqual(1000 * 20);
    expect(one['totalSize']).toBe(one['storageSize'] + one['indexSizes'].n_1);
    const all = await db().command({ dbStats: 1, scale: 1024 });
    expect(all).toMatchObject({ db: 'test', collections: 2, objects: 1001, indexes: 3, scaleFactor: 1024 });
    expect(await failure(db().command({ dbStats: 1, scale: 0 }))).toMatchObject({ code: 2 });
    expect(await db().command({ collStats: 'none' })).toMatchObject({ count: 0, storageSize: 0 });
  });

  test('lists what is being run, and ends it when it is told to', async () => {
    await admin().command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['distinct'], blockConnection: true, blockTimeMS: 60_000 },
    });
    const slow = failure(items().distinct('n', { n: { $gte: 0 } }));
    const find = async () => {
      const { inprog } = await admin().command({ currentOp: 1, ns: 'test.items' });
      return inprog[0];
    };
    let found = await find();
    while (!found) found = await find();
    expect(found).toMatchObject({ active: true, appName: 'looks', command: { distinct: 'items' } });
    await admin().command({ killOp: 1, op: found.opid });
    expect(await slow).toMatchObject({ code: 11601 });
    expect(await failure(db().command({ killOp: 1, op: 1 }))).toMatchObject({ code: 13 });
  });
});

describe('a collection', () => {
  test('takes another name in one step, with all it has', async () => {
    await items().createIndex({ n: 1 }, { unique: true });
    await items().insertOne({ _id: 1, n: 1 });
    await items('other').insertOne({ _id: 2 });
    const rename = (to: string, more = {}) =>
      admin().command({ renameCollection: 'test.items', to, ...more });
    expect(await failure(rename('test.other'))).toMatchObject({ code: 48 });
    expect(await failure(rename('test.items'))).toMatchObject({ code: 20 });
    expect(await failure(rename('test'))).toMatchObject({ code: 73 });
    expect(await failure(admin().command({ renameCollection: 'test.no', to: 'test.yes' }))).toMatchObject({
      code: 26,
    });
    await rename('test.other', { dropTarget: true });
    expect(await items('other').find().toArray()).toEqual([{ _id: 1, n: 1 }]);
    expect(await items().find().toArray()).toEqual([]);
    expect(await failure(items('other').insertOne({ _id: 3, n: 1 }))).toMatchObject({ code: 11000 });
    await items('other').rename('items');
    expect((await db().listCollections().toArray()).map(({ name }) => name)).toEqual(['items']);
  });

  test('can have the time after which its documents go changed, and nothing else', async () => {
    const now = Date.now();
    await items().createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
    await items().insertOne({ _id: 1, at: new Date(now - 120_000) });
    expect(await expire(running.engine, new Date(now))).toBe(0);
    const mod = (index: object) => db().command({ collMod: 'items', index });
    expect(await mod({ name: 'at_1', expireAfterSeconds: 60 })).toMatchObject({
      expireAfterSeconds_old: 3600,
      expireAfterSeconds_new: 60,
    });
    expect(await items().indexes()).toMatchObject([
      { name: '_id_' },
      { name: 'at_1', expireAfterSeconds: 60 },
    ]);
    expect(await expire(running.engine, new Date(now))).toBe(1);
    expect(await mod({ keyPattern: { at: 1 }, expireAfterSeconds: 90 })).toMatchObject({
      expireAfterSeconds_old: 60,
    });
    expect(await failure(mod({ name: 'no', expireAfterSeconds: 60 }))).toMatchObject({ code: 27 });
    expect(await failure(mod({ name: 'at_1', hidden: true }))).toMatchObject({ code: 115 });
    expect(await failure(mod({ name: 'at_1' }))).toMatchObject({ code: 72 });
    expect(await failure(db().command({ collMod: 'items', validator: { n: 1 } }))).toMatchObject({
      code: 115,
    });
    expect(await failure(db().command({ collMod: 'no' }))).toMatchObject({ code: 26 });
  });

  test('that is not there still has wrong writes refused', async () => {
    expect(
      await failure(
        db()
          .collection('no')
          .deleteOne({ n: { $near: 1 } as object }),
      ),
    ).toMatchObject({ code: 115 });
    const update = items('no').updateOne({}, { $set: { 'a..b': 1 } });
    expect(await failure(update)).toMatchObject({ code: 56 });
    const modify = { findAndModify: 'no', query: { $and: 1 }, update: { $set: { n: 1 } }, upsert: true };
    expect(await failure(db().command(modify))).toMatchObject({ code: 2 });
    expect((await db().listCollections().toArray()).map(({ name }) => name)).not.toContain('no');
  });
});
