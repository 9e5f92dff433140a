import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Binary, Long, ObjectId } from 'bson';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Random, seeded } from '../../../../test/random.ts';
import { type Doc, decode, encode, numberOf } from '../bson/values.ts';
import { type RunningEngine, startEngine } from '../engine.ts';
import { verify } from '../store/verify.ts';

const MESSAGES = 10_000;
const LINES = 6;

let dir: string;
let running: RunningEngine;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  running = await startEngine({
    path: path.join(dir, 'db'),
    socket: path.join(dir, 'm.sock'),
    durability: 'none',
    testCommands: true,
  });
});

afterAll(async () => {
  await running.close();
  rmSync(dir, { recursive: true, force: true });
});

const header = (length: number, requestId: number, opCode: number) => {
  const bytes = Buffer.alloc(16);
  [length, requestId, 0, opCode].forEach((value, i) => {
    bytes.writeInt32LE(value, 4 * i);
  });
  return bytes;
};

const message = (opCode: number, requestId: number, parts: Buffer[]) => {
  const length = parts.reduce((sum, part) => sum + part.length, 16);
  return Buffer.concat([header(length, requestId, opCode), ...parts]);
};

const command = (body: Doc, requestId = 7, sections: Record<string, Doc[]> = {}) =>
  message(2013, requestId, [
    Buffer.alloc(4),
    Buffer.from([0]),
    encode({ ...body, $db: 'test' }),
    ...Object.entries(sections).map(([name, documents]) => {
      const inside = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((one) => encode(one))]);
      const size = Buffer.alloc(5);
      size[0] = 1;
      size.writeInt32LE(inside.length + 4, 1);
      return Buffer.concat([size, inside]);
    }),
  ]);

const session = () => ({ id: new Binary(Buffer.alloc(16, 7), 4) });

/** Messages as drivers send them: each is bent in some way before it is sent. */
const SOUND: Buffer[] = [
  message(2004, 7, [
    Buffer.alloc(4),
    Buffer.from('admin.$cmd\0'),
    Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]),
    encode({ isMaster: 1, helloOk: true, client: { application: { name: 'x' }, driver: { name: 'y' } } }),
  ]),
  command({ hello: 1 }),
  command({ insert: 'a', ordered: true }, 7, {
    documents: [{ _id: new ObjectId(), n: 1 }, { n: [1, { b: 2 }] }],
  }),
  command({ insert: 'a', documents: [{ at: new Date(0), long: Long.fromNumber(3), text: 'é' }] }),
  command({ update: 'a' }, 7, {
    updates: [{ q: { n: { $gt: 1 } }, u: { $inc: { n: 1 }, $set: { 'a.b': 2 } }, multi: true, upsert: true }],
  }),
  command({ update: 'a', updates: [{ q: {}, u: [{ $set: { c: { $add: ['$n', 1] } } }] }] }),
  command({ delete: 'a', deletes: [{ q: { n: { $in: [1, 2] } }, limit: 1 }] }),
  command({
    find: 'a',
    filter: { $or: [{ n: 1 }, { n: { $lt: 5 } }] },
    sort: { n: -1 },
    batchSize: 2,
    limit: 5,
  }),
  command({ find: 'a', projection: { n: 1, 'a.b': 0 }, skip: 1, hint: { _id: 1 }, maxTimeMS: 100 }),
  command({ getMore: Long.fromNumber(12345), collection: 'a', batchSize: 2 }),
  command({ killCursors: 'a', cursors: [Long.fromNumber(12345)] }),
  command({
    aggregate: 'a',
    pipeline: [{ $match: { n: 1 } }, { $group: { _id: '$n', s: { $sum: '$n' } } }],
    cursor: {},
  }),
  command({
    findAndModify: 'a',
    query: { n: 1 },
    update: { $push: { list: { $each: [1, 2], $slice: 2 } } },
    new: true,
  }),
  command({ distinct: 'a', key: 'n', query: {} }),
  command({ count: 'a', query: { n: { $exists: true } } }),
  command({ createIndexes: 'a', indexes: [{ key: { n: 1, b: -1 }, name: 'n_1', sparse: true }] }),
  command({ listIndexes: 'a' }),
  command({ listCollections: 1, filter: { name: 'a' }, nameOnly: true }),
  command({ explain: { find: 'a', filter: { n: 1 } }, verbosity: 'executionStats' }),
  command({ bulkWrite: 1, $db: 'admin' }, 7, {
    ops: [
      { insert: 0, document: { _id: 1 } },
      { delete: 0, filter: {}, multi: false },
    ],
    nsInfo: [{ ns: 'test.a' }],
  }),
  command({
    insert: 'a',
    documents: [{ n: 2 }],
    lsid: session(),
    txnNumber: Long.fromNumber(1),
    startTransaction: true,
    autocommit: false,
  }),
  command({
    commitTransaction: 1,
    lsid: session(),
    txnNumber: Long.fromNumber(1),
    autocommit: false,
    $db: 'admin',
  }),
  command({ abortTransaction: 1, lsid: session(), txnNumber: Long.fromNumber(1), autocommit: false }),
  command({ find: 'a', readConcern: { level: 'snapshot' } }),
];

const at = (random: Random, length: number) => Math.floor(random() * length);
const ODD = [0, 1, -1, 4, 5, 0x7fffffff, -0x80000000, 48_000_000, 48_000_001, 16 * 1024 * 1024, 255, 65535];

/** One bend of a message. Its own length stays right but for the last kind, so that most are read to the end. */
function bend(bytes: Buffer, random: Random): Buffer {
  const kind = at(random, 8);
  const place = 16 + at(random, bytes.length - 16);
  const copy = Buffer.from(bytes);
  if (kind <= 1) copy[place] = at(random, 256);
  else if (kind === 2) copy[place] = copy[place]! ^ (1 << at(random, 8));
  else if (kind === 3 && place + 4 <= copy.length) copy.writeInt32LE(ODD[at(random, ODD.length)]!, place);
  else if (kind === 4) return framed(copy.subarray(0, place));
  else if (kind === 5) {
    const extra = Buffer.from(Array.from({ length: 1 + at(random, 8) }, () => at(random, 256)));
    return framed(Buffer.concat([copy.subarray(0, place), extra, copy.subarray(place)]));
  } else if (kind === 6) {
    const end = Math.min(copy.length, place + 1 + at(random, 8));
    return framed(Buffer.concat([copy.subarray(0, place), copy.subarray(end)]));
  } else copy.writeInt32LE(ODD[at(random, ODD.length)]!, 4 * at(random, 4));
  return copy;
}

function framed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeInt32LE(copy.length, 0);
  return copy;
}

/** One connection, made anew whenever the engine closes it. */
class Line {
  private socket: net.Socket | undefined;
  private received = Buffer.alloc(0);
  private wake: () => void = () => {};
  readonly replies: Doc[] = [];
  closed = 0;

  private async open(): Promise<net.Socket> {
    const socket = net.connect(path.join(dir, 'm.sock'));
    await once(socket, 'connect');
    this.received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.socket = undefined;
      this.closed++;
      this.wake();
    });
    socket.on('data', (chunk) => this.take(chunk));
    this.socket = socket;
    return socket;
  }

  private take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    while (this.received.length >= 4 && this.received.length >= this.received.readInt32LE(0)) {
      const size = this.received.readInt32LE(0);
      const legacy = this.received.readInt32LE(12) === 1;
      const reply = decode(this.received.subarray(legacy ? 36 : 21, size));
      this.replies.push({ ...reply, responseTo: this.received.readInt32LE(8) });
      this.received = this.received.subarray(size);
      this.wake();
    }
  }

  /** Sends bytes and, behind them, a sound command: until its answer, or until the engine has closed the connection. */
  async send(bytes: Buffer): Promise<void> {
    const socket = this.socket ?? (await this.open());
    const whole = bytes.length >= 4 && bytes.readInt32LE(0) === bytes.length;
    const marker = 424_242;
    socket.write(bytes);
    if (whole) socket.write(command({ ping: 1 }, marker));
    else socket.end();
    while (this.socket === socket && this.replies.at(-1)?.['responseTo'] !== marker)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    if (this.replies.at(-1)?.['responseTo'] === marker) this.replies.pop();
  }

  async end(): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  }
}

describe('bytes that no driver sends', () => {
  const seed = 20_261_122;

  test(`are answered or end the connection, and never the engine (seed ${seed})`, async () => {
    const lines = Array.from({ length: LINES }, () => new Line());
    const perLine = async (line: Line, number: number) => {
      const random = seeded(seed + number);
      for (let i = number; i < MESSAGES; i += LINES) {
        let bytes = SOUND[at(random, SOUND.length)]!;
        for (let bends = 1 + at(random, 3); bends > 0; bends--)
          if (bytes.length > 20) bytes = bend(bytes, random);
        await line.send(bytes);
      }
      await line.end();
    };
    await Promise.all(lines.map(perLine));
    const replies = lines.flatMap((one) => one.replies);
    const internal = replies.filter((reply) => numberOf(reply['code']) === 1).map((reply) => reply['errmsg']);
    expect([...new Set(internal)]).toEqual([]);
    const good = replies.filter((reply) => numberOf(reply['ok']) === 1).length;
    expect(good).toBeGreaterThan(100);
    expect(replies.length - good).toBeGreaterThan(1000);
    expect(lines.reduce((sum, { closed }) => sum + closed, 0)).toBeGreaterThan(100);
    await running.engine.store.once(() => {});
    expect(verify(running.engine.store, () => {}).faults).toEqual([]);
    expect(running.server.connections).toBe(0);
  }, 120_000);

  test("nested too deep are refused with MongoDB's code", async () => {
    const line = new Line();
    for (const depth of [150, 190, 250, 5000, 200_000]) {
      let inner = Buffer.from([5, 0, 0, 0, 0]);
      const parts: Buffer[] = [];
      const size = Buffer.alloc(4);
      // Built by hand: {a: {a: …}}, every level 3 bytes of name and 5 of frame.
      for (let i = 0; i < depth; i++) {
        size.writeInt32LE(inner.length + 8 * (depth - i), 0);
        parts.push(Buffer.concat([size, Buffer.from([3, 97, 0])]));
      }
      inner = Buffer.concat([...parts, inner, Buffer.alloc(depth)]);
      const documents = Buffer.concat([Buffer.from('documents\0'), inner]);
      const section = Buffer.alloc(5);
      section[0] = 1;
      section.writeInt32LE(documents.length + 4, 1);
      const body = encode({ insert: 'deep', $db: 'test' });
      await line.send(message(2013, depth, [Buffer.alloc(4), Buffer.from([0]), body, section, documents]));
      const reply = line.replies.pop()!;
      const errors = (reply['writeErrors'] as Doc[] | undefined) ?? [reply];
      if (depth < 180) expect(numberOf(reply['ok'])).toBe(1);
      else expect(numberOf(errors[0]!['code'])).toBe(15);
    }
    await line.end();
  });
});
