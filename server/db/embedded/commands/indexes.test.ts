import type mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { expire } from '../session/reaper.ts';
import { verify } from '../store/verify.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';

interface Item {
  _id?: number | string;
  n?: number;
  a?: unknown;
  b?: unknown;
  email?: string | null;
  phone?: number | null;
  at?: unknown;
  long?: string;
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

describe('indexes', () => {
  test('are made once, listed, and refused where they contradict one another', async () => {
    await documents.insertOne({ a: 1 });
    expect(await documents.createIndex({ a: 1 }, { unique: true })).toBe('a_1');
    expect(await documents.createIndex({ a: 1 }, { unique: true })).toBe('a_1');
    expect(await failure(documents.createIndex({ a: 1 }))).toMatchObject({ code: 86 });
    expect(await failure(documents.createIndex({ b: 1 }, { name: 'a_1' }))).toMatchObject({ code: 86 });
    expect(await failure(documents.createIndex({ a: 1 }, { name: 'other', unique: true }))).toMatchObject({
      code: 85,
    });
    expect(await failure(documents.createIndex({ a: 'text' }))).toMatchObject({ code: 67 });
    expect((await documents.indexes()).map((index) => index.name)).toEqual(['_id_', 'a_1']);
    await documents.dropIndex('a_1');
    expect(await failure(documents.dropIndex('a_1'))).toMatchObject({ code: 27 });
    expect(await failure(documents.dropIndex('_id_'))).toMatchObject({ code: 72 });
  });

  test('are refused over documents that break them, and leave nothing behind', async () => {
    await documents.insertMany([{ a: 1 }, { a: 1 }, { a: [1, 2], b: [1, 2] }]);
    expect(await failure(documents.createIndex({ a: 1 }, { unique: true }))).toMatchObject({ code: 11000 });
    expect(await failure(documents.createIndex({ a: 1, b: 1 }))).toMatchObject({ code: 171 });
    expect(await documents.indexes()).toHaveLength(1);
    await documents.insertOne({ a: 1 });
  });

  test('built while others write hold every document', async () => {
    await documents.insertMany(Array.from({ length: 20_000 }, (_, i) => ({ _id: i, n: i % 100 })));
    const build = documents.createIndex({ n: 1 });
    const writes = Array.from({ length: 200 }, (_, i) =>
      documents.updateOne({ _id: i * 7 }, { $set: { n: 1000 + i } }),
    );
    await Promise.all([build, ...writes]);
    const plan = await documents.find({ n: { $gte: 1000 } }).explain();
    expect(JSON.stringify(plan)).toContain('IXSCAN');
    expect(await documents.countDocuments({ n: { $gte: 1000 } })).toBe(200);
  });

  test('of a partial or sparse kind hold a unique value only among their own', async () => {
    await documents.createIndex(
      { email: 1 },
      { unique: true, partialFilterExpression: { email: { $type: 'string' } } },
    );
    await documents.createIndex({ phone: 1 }, { unique: true, sparse: true });
    await documents.insertMany([{ email: null }, { email: null }, {}, { email: 'a', phone: 1 }]);
    expect(await failure(documents.insertOne({ email: 'a' }))).toMatchObject({ code: 11000 });
    expect(await failure(documents.insertOne({ phone: 1 }))).toMatchObject({ code: 11000 });
    expect(await documents.countDocuments({ phone: null })).toBe(3);
  });

  test('that expire remove what is over', async () => {
    await documents.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    const now = Date.now();
    await documents.insertMany([
      { _id: 1, at: new Date(now - 61_000) },
      { _id: 2, at: new Date(now) },
      { _id: 3, at: 'never' },
      { _id: 4 },
    ]);
    expect(await expire(running.engine, new Date(now))).toBe(1);
    expect((await documents.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([2, 3, 4]);
  });

  test('hold values longer than a key, unique ones too', async () => {
    await documents.createIndex({ long: 1 }, { unique: true });
    const long = 'y'.repeat(5000);
    await documents.insertMany([
      { long: `${long}b` },
      { long: `${long}a` },
      { long: 'z' },
      { _id: `${long}1` },
    ]);
    expect(await failure(documents.insertOne({ long: `${long}a` }))).toMatchObject({ code: 11000 });
    expect(await documents.countDocuments({ long: `${long}a` })).toBe(1);
    const sorted = await documents
      .find({ long: { $gte: 'y' } })
      .sort({ long: 1 })
      .toArray();
    expect(sorted.map((doc) => String(doc['long']).slice(-1))).toEqual(['a', 'b', 'z']);
    expect(await documents.findOne({ _id: `${long}1` })).not.toBeNull();
  });
});
