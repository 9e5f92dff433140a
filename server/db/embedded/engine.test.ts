import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine } from './engine.ts';
import { EngineRunning } from './process/claim.ts';
import { verify } from './store/verify.ts';
import { type Client, failure, type Serving, serve } from './test/serve.ts';

const { MongoClient } = mongoose.mongo;
interface Item {
  _id?: number;
  n?: number;
  a?: number;
  text?: string;
  $where?: string;
}

let serving: Serving;
let dir: string;
let running: RunningEngine;
let client: Client;
let documents: mongoose.mongo.Collection<Item>;

beforeAll(async () => {
  serving = await serve();
  ({ dir, running, client } = serving);
  documents = client.db('test').collection('documents');
});

afterAll(() => serving.stop());

afterEach(async () => {
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  await client.db('test').dropDatabase();
});

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
