import { deserialize } from 'bson';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decode, encode } from '../bson/values.ts';
import type { RunningEngine } from '../engine.ts';
import { verify } from '../store/verify.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';
import { encodeReply } from '../wire/raw.ts';
import { runCommand } from './index.ts';

const { Long, Int32 } = mongoose.mongo;
type Item = { _id: number; n?: number; at?: unknown; list?: number[] };
type Items = { 'one.a': Item; 'two.b': Item };

let serving: Serving;
let running: RunningEngine;
let client: Client;
const a = () => client.db('one').collection<Item>('a');
const b = () => client.db('two').collection<Item>('b');

beforeAll(async () => {
  serving = await serve({ testCommands: true });
  ({ running, client } = serving);
});

afterAll(() => serving.stop());

afterEach(async () => {
  expect(running.engine.cursors.size).toBe(0);
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  await client.db('one').dropDatabase();
  await client.db('two').dropDatabase();
});

const run = (command: object) => client.db('admin').command({ bulkWrite: 1, ...command });

describe('a bulk write over several collections', () => {
  test('inserts, changes and deletes, and says of each what it did', async () => {
    const result = await client.bulkWrite<Items>(
      [
        { name: 'insertOne', namespace: 'one.a', document: { _id: 1, n: 1 } },
        { name: 'insertOne', namespace: 'two.b', document: { _id: 1, n: 5 } },
        { name: 'updateOne', namespace: 'one.a', filter: { _id: 1 }, update: { $inc: { n: 1 } } },
        { name: 'updateMany', namespace: 'two.b', filter: {}, update: [{ $set: { at: '$$who' } }] },
        { name: 'replaceOne', namespace: 'one.a', filter: { _id: 2 }, replacement: { n: 9 }, upsert: true },
        { name: 'deleteOne', namespace: 'two.b', filter: { _id: 7 } },
        { name: 'deleteMany', namespace: 'one.a', filter: { n: 2 } },
      ],
      { verboseResults: true, let: { who: 'me' } },
    );
    expect(result).toMatchObject({
      insertedCount: 2,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(result.updateResults?.get(4)).toMatchObject({ upsertedId: 2, matchedCount: 1, modifiedCount: 0 });
    expect(result.deleteResults?.get(5)).toEqual({ deletedCount: 0 });
    expect(await a().find().toArray()).toEqual([{ _id: 2, n: 9 }]);
    expect(await b().find().toArray()).toEqual([{ _id: 1, n: 5, at: 'me' }]);
  });

  test('takes the first in the order that an update asks for, and array filters', async () => {
    await a().insertMany([
      { _id: 1, n: 1, list: [1, 5] },
      { _id: 2, n: 2, list: [2, 6] },
    ]);
    await client.bulkWrite<Items>([
      {
        name: 'updateOne',
        namespace: 'one.a',
        filter: {},
        update: { $set: { at: 'last' } },
        sort: { n: -1 },
      },
      {
        name: 'updateMany',
        namespace: 'one.a',
        filter: {},
        update: { $set: { 'list.$[big]': 0 } },
        arrayFilters: [{ big: { $gt: 4 } }],
      },
    ]);
    expect(await a().find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 1, list: [1, 0] },
      { _id: 2, n: 2, list: [2, 0], at: 'last' },
    ]);
  });

  test('stops at the first error if it is ordered, and goes on if not', async () => {
    const ops = [
      { insert: 0, document: { _id: 1 } },
      { insert: 0, document: { _id: 1 } },
      { insert: 0, document: { _id: 2 } },
      { update: 0, filter: {}, updateMods: { $bad: 1 } },
      { delete: 0, filter: { _id: 2 }, multi: false },
    ];
    const nsInfo = [{ ns: 'one.a' }];
    const ordered = await run({ ops, nsInfo });
    expect(ordered).toMatchObject({ ok: 1, nErrors: 1, nInserted: 1, nDeleted: 0 });
    const [one, two, ...rest] = ordered['cursor'].firstBatch;
    expect(one).toEqual({ ok: 1, idx: 0, n: 1 });
    expect(two).toMatchObject({
      ok: 0,
      idx: 1,
      code: 11000,
      n: 0,
      keyPattern: { _id: 1 },
      keyValue: { _id: 1 },
    });
    expect(rest).toEqual([]);
    await a().deleteMany({});
    const unordered = await run({ ops, nsInfo, ordered: false, errorsOnly: true });
    expect(unordered).toMatchObject({ nErrors: 2, nInserted: 2, nDeleted: 1 });
    expect(unordered['cursor'].firstBatch).toMatchObject([
      { ok: 0, idx: 1, code: 11000 },
      { ok: 0, idx: 3, code: 9, nModified: 0 },
    ]);
    const error = (await failure(
      client.bulkWrite<Items>([{ name: 'insertOne', namespace: 'one.a', document: { _id: 1 } }], {
        ordered: false,
      }),
    )) as unknown as mongoose.mongo.MongoClientBulkWriteError;
    expect(error.writeErrors.get(0)).toMatchObject({ code: 11000 });
  });

  test('hands its results out in batches', async () => {
    const ops = Array.from({ length: 25 }, (_, i) => ({ insert: 0, document: { _id: i } }));
    const reply = await run({ ops, nsInfo: [{ ns: 'one.a' }], cursor: { batchSize: 10 } });
    const { id, ns, firstBatch } = reply['cursor'];
    expect({ ns, size: firstBatch.length }).toEqual({ ns: 'admin.$cmd.bulkWrite', size: 10 });
    const getMore = Long.fromValue(id);
    const next = await client.db('admin').command({ getMore, collection: '$cmd.bulkWrite', batchSize: 10 });
    expect(next['cursor'].nextBatch).toHaveLength(10);
    const last = await client.db('admin').command({ getMore, collection: '$cmd.bulkWrite' });
    expect(last['cursor'].nextBatch).toHaveLength(5);
    expect(Long.fromValue(last['cursor'].id).isZero()).toBe(true);
  });

  test('keeps the types and the order of what the client wrote', async () => {
    await client.bulkWrite<Items>([
      {
        name: 'insertOne',
        namespace: 'one.a',
        document: { _id: 1, at: { b: Long.fromNumber(3), a: [null] } },
      },
    ]);
    const found = await a().findOne({ _id: 1 }, { promoteValues: false, promoteLongs: false });
    expect(found).toEqual({ _id: new Int32(1), at: { b: Long.fromNumber(3), a: [null] } });
  });

  test('repeated by a driver answers as it did the first time', async () => {
    await b().insertOne({ _id: 1, n: 0 });
    const command = {
      ops: [
        { insert: 0, document: { _id: 1 } },
        { update: 1, filter: { _id: 1 }, updateMods: { $inc: { n: 1 } } },
        { update: 1, filter: { _id: 4 }, updateMods: { $inc: { n: 1 } }, upsert: true },
      ],
      nsInfo: [{ ns: 'one.a' }, { ns: 'two.b' }],
      txnNumber: Long.fromNumber(1),
      lsid: { id: new mongoose.mongo.UUID().toBinary() },
    };
    const direct = async () => {
      const body = decode(encode({ bulkWrite: 1, ...command, $db: 'admin' }));
      const request = { requestId: 1, body, sequences: new Map(), moreToCome: false, legacy: false };
      const peer = { id: 1, closed: false, close: () => {} };
      return deserialize(encodeReply(await runCommand(running.engine, request, peer)));
    };
    const first = await direct();
    const again = await direct();
    for (const reply of [first, again])
      expect(reply).toMatchObject({ nInserted: 1, nMatched: 1, nModified: 1, nUpserted: 1, nErrors: 0 });
    expect(again['cursor'].firstBatch).toEqual(first['cursor'].firstBatch);
    expect(again['retriedStmtIds']).toEqual([0, 1, 2]);
    expect(await b().find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 4, n: 1 },
    ]);
    await client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['bulkWrite'], closeConnection: true },
    });
    const update = { $inc: { n: 1 } };
    await client.bulkWrite<Items>([{ name: 'updateOne', namespace: 'two.b', filter: { _id: 1 }, update }]);
    expect(await b().findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
  });

  test('in a transaction holds with it, or not at all', async () => {
    await client.db('one').createCollection('a');
    await client.db('two').createCollection('b');
    const both = (_id: number): mongoose.mongo.ClientBulkWriteModel<Items>[] => [
      { name: 'insertOne', namespace: 'one.a', document: { _id } },
      { name: 'insertOne', namespace: 'two.b', document: { _id } },
    ];
    const session = client.startSession();
    await session.withTransaction(() => client.bulkWrite<Items>(both(1), { session }));
    session.startTransaction();
    await client.bulkWrite<Items>(both(2), { session });
    await session.abortTransaction();
    session.startTransaction();
    await failure(client.bulkWrite<Items>([...both(3), ...both(3)], { session }));
    expect((await failure(client.bulkWrite<Items>(both(4), { session }))).cause).toMatchObject({ code: 251 });
    await session.abortTransaction();
    await session.endSession();
    expect(await a().find().toArray()).toEqual([{ _id: 1 }]);
    expect(await b().find().toArray()).toEqual([{ _id: 1 }]);
  });

  test('is refused where it is not understood, before anything is written', async () => {
    const nsInfo = [{ ns: 'one.a' }];
    const good = { insert: 0, document: { _id: 1 } };
    const wrong: [object, number][] = [
      [{ ops: [], nsInfo }, 16],
      [{ ops: [good, { insert: 1, document: {} }], nsInfo }, 2],
      [{ ops: [good, { replace: 0, document: {} }], nsInfo }, 9],
      [{ ops: [good, { insert: 0, document: {}, more: 1 }], nsInfo }, 40415],
      [{ ops: [good, { insert: 0 }], nsInfo }, 40414],
      [{ ops: [good, { update: 0, filter: {} }], nsInfo }, 40414],
      [{ ops: [good, { delete: 0, filter: {}, collation: { locale: 'fa' } }], nsInfo }, 115],
      [{ ops: [good], nsInfo: [{ ns: 'one' }] }, 73],
      [{ ops: [good], nsInfo: [...nsInfo, ...nsInfo] }, 2],
      [{ ops: [good], nsInfo, stmtIds: [1, 2] }, 16],
      [{ ops: [good], nsInfo, wings: 2 }, 40415],
    ];
    for (const [command, code] of wrong) expect(await failure(run(command))).toMatchObject({ code });
    const elsewhere = client.db('one').command({ bulkWrite: 1, ops: [good], nsInfo });
    expect(await failure(elsewhere)).toMatchObject({ code: 13 });
    expect(await a().countDocuments()).toBe(0);
  });
});
