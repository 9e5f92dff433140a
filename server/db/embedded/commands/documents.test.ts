import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { verify } from '../store/verify.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';

const { Long, Double, Int32, Decimal128, Binary, ObjectId, UUID } = mongoose.mongo;
interface Item {
  _id?: number | string | mongoose.mongo.ObjectId;
  n?: number;
  m?: number;
  touched?: number;
  a?: unknown;
  b?: unknown;
  at?: unknown;
  wide?: string;
  taken?: boolean;
  whole?: unknown;
  more?: number;
}

let serving: Serving;
let running: RunningEngine;
let client: Client;
let documents: mongoose.mongo.Collection<Item>;

beforeAll(async () => {
  serving = await serve();
  ({ running, client } = serving);
  documents = client.db('test').collection('documents');
});

afterAll(() => serving.stop());

afterEach(async () => {
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  await client.db('test').dropDatabase();
});

describe('documents', () => {
  test('come back with the types they were written with', async () => {
    const doc = {
      _id: new ObjectId(),
      long: Long.fromString('9007199254740993'),
      whole: new Double(3),
      int: new Int32(3),
      money: Decimal128.fromString('0.10'),
      bytes: new Binary(Buffer.from([0, 255])),
      uuid: new UUID(),
      nested: { b: 1, a: [null, { 10: 'x', 9: 'y' }] },
    };
    await documents.insertOne(doc as never);
    const read = () =>
      client
        .db('test')
        .collection('documents')
        .findOne({ _id: doc._id }, { promoteValues: false, promoteLongs: false });
    const raw = await read();
    expect(raw!['long']).toEqual(doc.long);
    expect((raw!['whole'] as { _bsontype: string })._bsontype).toBe('Double');
    expect((raw!['money'] as { toString(): string }).toString()).toBe('0.10');
    expect(Object.keys(raw!['nested'] as object)).toEqual(['b', 'a']);
    await documents.updateOne({ _id: doc._id }, { $set: { more: 1 } });
    const after = await read();
    expect((after!['whole'] as { _bsontype: string })._bsontype).toBe('Double');
    expect(after!['long']).toEqual(doc.long);
  });

  test('are written, changed and deleted in bulk, each failure by its place', async () => {
    await documents.createIndex({ n: 1 }, { unique: true });
    const error = (await failure(
      documents.bulkWrite(
        [
          { insertOne: { document: { n: 1 } } },
          { insertOne: { document: { n: 1 } } },
          { updateOne: { filter: { n: 1 }, update: { $inc: { m: 1 } } } },
          { updateOne: { filter: { n: 7 }, update: { $set: { m: 7 } }, upsert: true } },
          { deleteMany: { filter: { m: 1 } } },
        ],
        { ordered: false },
      ),
    )) as mongoose.mongo.MongoBulkWriteError;
    expect(error.result).toMatchObject({
      insertedCount: 1,
      modifiedCount: 1,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect([error.writeErrors].flat()).toMatchObject([{ index: 1, code: 11000 }]);
  });

  test('that break a unique index are refused in the shape that drivers read', async () => {
    await documents.createIndex({ a: 1, b: -1 }, { unique: true });
    await documents.insertOne({ a: 'x', b: 2 });
    const insert = await failure(documents.insertOne({ a: 'x', b: 2 }));
    const text =
      'E11000 duplicate key error collection: test.documents index: a_1_b_-1 dup key: { a: "x", b: 2 }';
    expect(insert).toMatchObject({ code: 11000, keyPattern: { a: 1, b: -1 }, keyValue: { a: 'x', b: 2 } });
    expect(insert.message).toBe(text);
    await documents.insertOne({ _id: 5, a: 'y' });
    const modify = await failure(documents.findOneAndUpdate({ _id: 5 }, { $set: { a: 'x', b: 2 } }));
    expect(modify).toMatchObject({
      code: 11000,
      keyPattern: { a: 1, b: -1 },
      keyValue: { a: 'x', b: 2 },
      message: text,
    });
    expect(await failure(documents.insertOne({ _id: 5 }))).toMatchObject({
      code: 11000,
      keyPattern: { _id: 1 },
    });
  });

  test('arrive whole through cursors of any size, and of more than 16 MB', async () => {
    const wide = 'x'.repeat(40_000);
    await documents.insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i, wide })));
    expect(await documents.find().toArray()).toHaveLength(1000);
    const seen: unknown[] = [];
    for await (const doc of documents.find({}, { batchSize: 7 }).sort({ _id: -1 }).limit(50))
      seen.push(doc._id);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => 999 - i));
    const cursor = documents.find({}, { batchSize: 2 });
    await cursor.next();
    expect(running.engine.cursors.size).toBe(1);
    await cursor.close();
    expect(running.engine.cursors.size).toBe(0);
    await documents.find().limit(3).toArray();
    expect(running.engine.cursors.size).toBe(0);
  });

  test('are found and changed one at a time', async () => {
    await documents.insertMany([
      { _id: 1, n: 3 },
      { _id: 2, n: 1 },
      { _id: 3, n: 2 },
    ]);
    const least = await documents.findOneAndUpdate(
      {},
      { $set: { taken: true } },
      { sort: { n: 1 }, returnDocument: 'after' },
    );
    expect(least).toEqual({ _id: 2, n: 1, taken: true });
    expect(await documents.findOneAndDelete({}, { sort: { n: -1 }, projection: { n: 1, _id: 0 } })).toEqual({
      n: 3,
    });
    const made = await documents.findOneAndUpdate(
      { _id: 9 },
      { $inc: { touched: 1 }, $setOnInsert: { at: 5 } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(made).toEqual({ _id: 9, touched: 1, at: 5 });
    expect(await documents.distinct('n')).toEqual([1, 2]);
    expect(await documents.replaceOne({ _id: 9 }, { whole: 'new' })).toMatchObject({ modifiedCount: 1 });
    expect(await documents.findOne({ _id: 9 })).toEqual({ _id: 9, whole: 'new' });
  });

  test('are counted by the counter and by the filter', async () => {
    await documents.insertMany(Array.from({ length: 30 }, (_, i) => ({ n: i })));
    expect(await documents.estimatedDocumentCount()).toBe(30);
    expect(await documents.countDocuments()).toBe(30);
    expect(await documents.countDocuments({ n: { $lt: 10 } })).toBe(10);
    await documents.deleteMany({ n: { $gte: 25 } });
    expect(await documents.estimatedDocumentCount()).toBe(25);
  });
});
