import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine } from './engine.ts';
import { EngineRunning } from './process/claim.ts';
import { expire } from './session/reaper.ts';
import { verify } from './store/verify.ts';

const { MongoClient, Long, Double, Int32, Decimal128, Binary, ObjectId, UUID } = mongoose.mongo;
type Client = InstanceType<typeof MongoClient>;
interface Item {
  _id?: number | string | mongoose.mongo.ObjectId;
  n?: number;
  m?: number;
  touched?: number;
  a?: unknown;
  b?: unknown;
  email?: string | null;
  phone?: number | null;
  at?: unknown;
  long?: string;
  wide?: string;
  text?: string;
  taken?: boolean;
  whole?: unknown;
  more?: number;
  $where?: string;
}
type Documents = mongoose.mongo.Collection<Item>;

let dir: string;
let running: RunningEngine;
let client: Client;
let documents: Documents;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  running = await startEngine({
    path: path.join(dir, 'db'),
    socket: path.join(dir, 'm.sock'),
    durability: 'none',
  });
  client = await new MongoClient(running.uri).connect();
});

afterAll(async () => {
  await client.close();
  await running.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => {
  documents = client.db('test').collection('documents');
});

afterEach(async () => {
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  await client.db('test').dropDatabase();
});

const failure = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('this should have been refused');
    },
    (error: mongoose.mongo.MongoServerError) => error,
  );

describe('the handshake', () => {
  test('presents the only member of a replica set at the address that the client used', async () => {
    const hello = await client.db('admin').command({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      setName: 'embedded',
      maxWireVersion: 25,
      hosts: [path.join(dir, 'm.sock')],
      logicalSessionTimeoutMinutes: 30,
    });
    expect(hello['topologyVersion']).toBeUndefined();
  });

  test('serves a driver that looks for the replica set by name', async () => {
    // Over a port: drivers write the hosts of a set in lower case, which a socket's path may not be.
    const second = await startEngine({ path: path.join(dir, 'second'), port: 0, durability: 'none' });
    const other = await new MongoClient(
      second.uri.replace('directConnection=true', 'replicaSet=embedded'),
    ).connect();
    expect(await other.db('test').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await other.close();
    await second.close();
  });

  test('refuses a second engine on the same folder', async () => {
    const second = startEngine({ path: path.join(dir, 'db'), port: 0, durability: 'none' });
    await expect(second).rejects.toThrow(EngineRunning);
  });
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

describe('what the engine does not do', () => {
  test('is refused with the code that MongoDB uses, never ignored', async () => {
    const db = client.db('test');
    await documents.insertOne({ a: 1 });
    expect(await failure(db.command({ flyToTheMoon: 1 }))).toMatchObject({
      code: 59,
      codeName: 'CommandNotFound',
    });
    expect(await failure(db.command({ find: 'documents', wings: 2 }))).toMatchObject({ code: 40415 });
    expect(await failure(documents.find({}, { collation: { locale: 'fa' } }).toArray())).toMatchObject({
      code: 115,
    });
    expect(await failure(db.createCollection('v', { viewOn: 'documents' }))).toMatchObject({ code: 115 });
    expect(await failure(documents.watch().next())).toMatchObject({ code: 115 });
    expect(await failure(documents.find({ $where: 'true' }).toArray())).toMatchObject({ ok: 0 });
    expect(
      await failure(documents.find({}, { readConcern: { level: 'linearizable' } }).toArray()),
    ).toMatchObject({ code: 115 });
    expect(await failure(documents.find({}, { hint: 'nope_1' }).toArray())).toMatchObject({ code: 2 });
    expect(await documents.countDocuments()).toBe(1);
  });

  test('an operation over its time limit is ended', async () => {
    await documents.insertMany(Array.from({ length: 30_000 }, (_, i) => ({ _id: i, text: `text ${i}` })));
    const slow = documents.find({ text: { $regex: '(t+)+x$' } }, { maxTimeMS: 1 }).toArray();
    expect(await failure(slow)).toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
  });
});

describe('the engine survives', () => {
  test('messages that are none, and those of a stranger that end in the middle', async () => {
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(64, 0xff),
      Buffer.from([
        40,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0xdd,
        7,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        255,
        255,
        255,
        127,
        ...Buffer.alloc(15),
      ]),
    ]) {
      const socket = net.connect(path.join(dir, 'm.sock'));
      socket.on('error', () => {});
      socket.write(bytes);
      await once(socket, 'close');
    }
    const cut = net.connect(path.join(dir, 'm.sock'));
    cut.end(Buffer.from([200, 0, 0, 0, 1]));
    await once(cut, 'close');
    expect(await client.db('test').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  test('being closed while a write waits for a transaction', async () => {
    const second = await startEngine({ path: path.join(dir, 'closing'), port: 0, durability: 'none' });
    const other = await new MongoClient(second.uri, {
      retryWrites: false,
      serverSelectionTimeoutMS: 300,
    }).connect();
    const items = other.db('t').collection<Item>('items');
    await items.insertOne({ _id: 1, n: 1 });
    const session = other.startSession();
    session.startTransaction();
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    const waiting = failure(items.updateOne({ _id: 1 }, { $inc: { n: 1 } }));
    await items.findOne({ _id: 1 });
    await second.close();
    await waiting;
    await other.close(true);
    const again = await startEngine({ path: path.join(dir, 'closing'), port: 0, durability: 'none' });
    expect(verify(again.engine.store, () => {}).faults).toEqual([]);
    await again.close();
  });

  test('no folder that is not its own', async () => {
    const foreign = path.join(dir, 'foreign');
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, 'PG_VERSION'), '16');
    await expect(startEngine({ path: foreign, port: 0 })).rejects.toThrow(/holds other files \(PG_VERSION\)/);
    await expect(startEngine({ path: path.join(foreign, 'PG_VERSION'), port: 0 })).rejects.toThrow(
      /not a folder/,
    );
    await expect(startEngine({ path: dir })).rejects.toThrow(/socket path or a port/);
    const open = path.join(dir, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const exposed = startEngine({ path: path.join(dir, 'exposed'), socket: path.join(open, 'm.sock') });
    await expect(exposed).rejects.toThrow(/open to other users/);
  });
});
