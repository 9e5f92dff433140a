import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose, { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine } from './engine.ts';
import { verify } from './store/verify.ts';

let dir: string;
let running: RunningEngine;
let db: mongoose.Connection;

interface Person {
  _id: string;
  name: string;
  email?: string;
  tags: string[];
  visits: number;
}
interface Letter {
  to: string;
  text: string;
  lines: { no: number; done: boolean }[];
}

const personSchema = new Schema<Person>(
  {
    _id: String,
    name: { type: String, required: true },
    email: { type: String, unique: true, sparse: true },
    tags: [String],
    visits: { type: Number, default: 0 },
  },
  { timestamps: true, optimisticConcurrency: true, autoIndex: false, autoCreate: false },
);
personSchema.index({ tags: 1, name: -1 });
const letterSchema = new Schema<Letter>(
  { to: { type: String, ref: 'Person' }, text: String, lines: [{ no: Number, done: Boolean, _id: false }] },
  { autoIndex: false, autoCreate: false },
);

const define = (connection: mongoose.Connection) => ({
  People: connection.model('Person', personSchema),
  Letters: connection.model('Letter', letterSchema),
});
let People: ReturnType<typeof define>['People'];
let Letters: ReturnType<typeof define>['Letters'];

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  running = await startEngine({
    path: path.join(dir, 'db'),
    socket: path.join(dir, 'm.sock'),
    durability: 'none',
  });
  const base = new mongoose.Mongoose();
  base.set('transactionAsyncLocalStorage', true);
  db = await base.createConnection(running.uri, { dbName: 'smoke', w: 'majority' }).asPromise();
  ({ People, Letters } = define(db));
  await People.createCollection();
  await Letters.createCollection();
  await People.syncIndexes();
});

afterAll(async () => {
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  await db.close();
  await running.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('mongoose', () => {
  test('finds its indexes as it made them', async () => {
    expect(await People.diffIndexes()).toEqual({ toDrop: [], toCreate: [] });
    expect(await People.syncIndexes()).toEqual([]);
    await People.createCollection();
  });

  test('saves, populates, upserts and guards its versions', async () => {
    await People.create({ _id: 'p1', name: 'One', email: 'one@example.test', tags: ['a'] });
    await Letters.create({
      to: 'p1',
      text: 'hello',
      lines: [
        { no: 1, done: false },
        { no: 2, done: false },
      ],
    });
    const letter = await Letters.findOne({ to: 'p1' }).populate<{ to: Person }>('to').orFail();
    expect(letter.to.name).toBe('One');
    const upserted = await People.findOneAndUpdate(
      { _id: 'p2' },
      { $inc: { visits: 1 }, $setOnInsert: { name: 'Two' } },
      { upsert: true, returnDocument: 'after' },
    ).orFail();
    expect(upserted.toObject()).toMatchObject({
      _id: 'p2',
      name: 'Two',
      visits: 1,
      createdAt: expect.any(Date),
    });
    const [one, two] = await Promise.all([People.findById('p1').orFail(), People.findById('p1').orFail()]);
    one.tags.push('b');
    await one.save();
    two.name = 'Uno';
    await expect(two.save()).rejects.toThrow(mongoose.Error.VersionError);
    await Letters.updateOne({ 'lines.no': 2 }, { $set: { 'lines.$.done': true } });
    await Letters.updateOne({}, { $set: { 'lines.$[line].no': 9 } }, { arrayFilters: [{ 'line.no': 1 }] });
    expect((await Letters.findOne().lean())!.lines).toEqual([
      { no: 9, done: false },
      { no: 2, done: true },
    ]);
  });

  test('reads a duplicate key error', async () => {
    const twice = People.create({ _id: 'p3', name: 'Three', email: 'one@example.test' });
    await expect(twice).rejects.toMatchObject({
      code: 11000,
      keyPattern: { email: 1 },
      keyValue: { email: 'one@example.test' },
    });
  });

  test('carries a transaction through everything called inside it', async () => {
    await expect(
      db.transaction(async () => {
        await People.create({ _id: 'p4', name: 'Four' });
        await Letters.create({ to: 'p4', text: 'inside' });
        expect(await Letters.countDocuments({ to: 'p4' })).toBe(1);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await People.exists({ _id: 'p4' })).toBeNull();
    await db.transaction(async () => {
      await People.create({ _id: 'p4', name: 'Four' });
      await People.updateOne({ _id: 'p4' }, { $push: { tags: { $each: ['x', 'y'], $slice: -1 } } });
    });
    expect(await People.findById('p4').lean()).toMatchObject({ tags: ['y'] });
  });

  test('aggregates, joins and writes in bulk', async () => {
    await People.bulkWrite([
      { insertOne: { document: { _id: 'q1', name: 'Q', tags: ['a', 'z'], visits: 5 } } },
      { updateOne: { filter: { _id: 'q1' }, update: { $addToSet: { tags: 'z' } } } },
      { deleteOne: { filter: { _id: 'nobody' } } },
    ]);
    const byTag = await People.aggregate([
      { $unwind: '$tags' },
      { $group: { _id: '$tags', people: { $sum: 1 }, visits: { $max: '$visits' } } },
      { $sort: { _id: 1 } },
    ]);
    expect(byTag).toEqual([
      { _id: 'a', people: 2, visits: 5 },
      { _id: 'b', people: 1, visits: 0 },
      { _id: 'y', people: 1, visits: 0 },
      { _id: 'z', people: 1, visits: 5 },
    ]);
    const joined = await Letters.aggregate([
      { $match: { to: 'p1' } },
      { $lookup: { from: 'people', localField: 'to', foreignField: '_id', as: 'person' } },
      { $project: { _id: 0, name: { $first: '$person.name' } } },
    ]);
    expect(joined).toEqual([{ name: 'One' }]);
    const lease = await People.updateOne(
      { _id: 'p1', $expr: { $lt: ['$createdAt', '$$NOW'] } },
      [{ $set: { until: { $add: ['$$NOW', 15_000] } } }],
      { updatePipeline: true, strict: false },
    );
    expect(lease.modifiedCount).toBe(1);
    await expect(
      People.updateOne({ _id: 'p9', $expr: { $eq: [1, 1] } }, { $set: { visits: 1 } }, { upsert: true }),
    ).rejects.toMatchObject({ code: 224 });
  });

  test('streams a cursor and keeps GridFS files', async () => {
    let seen = 0;
    for await (const _ of People.find({ tags: { $in: ['a', 'b', 'y'] } })
      .sort({ name: 1 })
      .cursor())
      seen++;
    expect(seen).toBe(3);
    const bucket = new mongoose.mongo.GridFSBucket(db.db!, { bucketName: 'files', chunkSizeBytes: 1000 });
    const upload = bucket.openUploadStream('picture.png');
    const bytes = Buffer.alloc(10_500, 7);
    await new Promise((resolve, reject) => upload.once('finish', resolve).once('error', reject).end(bytes));
    const parts: Buffer[] = [];
    for await (const part of bucket.openDownloadStream(upload.id, { start: 100, end: 5100 }))
      parts.push(part as Buffer);
    expect(Buffer.concat(parts)).toEqual(bytes.subarray(100, 5100));
    await bucket.delete(upload.id);
  });
});

describe('long work', () => {
  test('lets others be served in between', { timeout: 60_000 }, async () => {
    const many = db.collection('many');
    for (let part = 0; part < 4; part++)
      await many.insertMany(
        Array.from({ length: 3000 }, (_, i) => ({
          n: part * 3000 + i,
          group: i % 50,
          text: 'x'.repeat(200),
        })),
      );
    let left = 5;
    const work = [
      many.aggregate([{ $group: { _id: '$group', n: { $sum: '$n' } } }]).toArray(),
      many.countDocuments({ n: { $gte: 0 } }),
      many.createIndex({ n: 1 }),
      many.updateMany({ group: { $lt: 25 } }, { $set: { half: true } }),
      many.find().sort({ text: 1, n: -1 }).toArray(),
    ].map((one) => one.then(() => left--));
    let reads = 0;
    while (left > 0) {
      await People.findById('p1').lean();
      reads++;
    }
    await Promise.all(work);
    // Work that never paused would let a read through before and after each of the five, no more.
    expect(reads).toBeGreaterThan(12);
  });
});
