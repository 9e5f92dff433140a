import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningEngine, startEngine } from '../embedded/engine.ts';
import { exportTo } from './export.ts';
import { importFrom } from './import.ts';
import { hasEmptyTimestamp, sequence } from './raw.ts';
import { connect, type Side } from './side.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yekja-transfer-'));
const at = (name: string) => path.join(root, name);

const element = (type: number, name: string, value: Buffer) =>
  Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), value]);

function made(...elements: Buffer[]): Buffer {
  const inside = Buffer.concat(elements);
  const size = Buffer.alloc(4);
  size.writeInt32LE(inside.length + 5);
  return Buffer.concat([size, inside, Buffer.from([0])]);
}

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const farDate = Buffer.alloc(8);
farDate.writeBigInt64LE(2n ** 62n);

/** What a detour through JavaScript would change. */
const BY_HAND = made(
  element(0x10, '_id', int(9)),
  element(0x06, 'undefined', Buffer.alloc(0)),
  element(0x09, 'far', farDate),
  element(0x10, 'twice', int(1)),
  element(0x10, 'twice', int(2)),
);

const KINDS: Uint8Array[] = [
  BY_HAND,
  ...[
    {
      _id: 1,
      long: Long.fromString('9007199254740993'),
      whole: new Double(3),
      int: new Int32(3),
      minusZero: new Double(-0),
    },
    {
      _id: new Double(2.5),
      money: Decimal128.fromString('1.500'),
      nan: new Double(Number.NaN),
      none: null,
    },
    {
      _id: 'text',
      none: new Timestamp({ t: 0, i: 0 }),
      later: new Timestamp({ t: 5, i: 6 }),
      code: new Code('x', { a: 1 }),
    },
    {
      _id: null,
      symbol: new BSONSymbol('s'),
      regex: new BSONRegExp('^a', 'i'),
      min: new MinKey(),
      max: new MaxKey(),
    },
    {
      _id: new ObjectId(),
      ref: new DBRef('things', new ObjectId()),
      uuid: new UUID(),
      deep: [[{ a: [] }], {}],
    },
    { _id: true, date: new Date(-1), empty: '', persian: 'سلام', flag: false },
    { _id: new UUID(), bytes: Buffer.from([0, 1, 255]) },
    {
      _id: new Map<string, unknown>([
        ['b', 1],
        ['10', 2],
        ['2', 3],
      ]),
    },
    new Map<string, unknown>([
      ['_id', new Date(0)],
      ['10', 1],
      ['b', 2],
      [
        '9',
        [
          new Map([
            ['z', 1],
            ['1', 1],
          ]),
        ],
      ],
      ['__proto__', 5],
    ]),
    { _id: 'x'.repeat(3000), n: 1 },
    { _id: `${'x'.repeat(3000)}y`, n: 2 },
    { _id: 'big', text: 'x'.repeat(16 * 2 ** 20 - 40) },
    { _id: 'big too', text: 'y'.repeat(16 * 2 ** 20 - 40) },
  ].map((doc) => serialize(doc as never)),
];

let source: RunningEngine;
let target: RunningEngine;
let here: Side;
let there: Side;

beforeAll(async () => {
  source = await startEngine({ path: at('source'), socket: path.join(at('s'), 'a.sock') });
  target = await startEngine({ path: at('target'), port: 0 });
  // Documents whose time is over must still be there when they are compared.
  source.engine.expiring = false;
  target.engine.expiring = false;
  here = await connect(source.uri);
  there = await connect(target.uri);
});

afterAll(async () => {
  await here.client.close();
  await there.client.close();
  await source.close();
  await target.close();
  rmSync(root, { recursive: true, force: true });
});

const digest = (raw: unknown) =>
  createHash('sha256')
    .update(raw as Uint8Array)
    .digest('hex');

/** Every document as it lies in a collection, by the digest of its bytes. */
async function bytesOf(side: Side, name: string): Promise<string[]> {
  const found = side.client.db('shop').collection(name).find({}, { raw: true });
  const all: string[] = [];
  for await (const raw of found) all.push(digest(raw));
  return all.sort();
}

async function indexesOf(side: Side, name: string): Promise<string[]> {
  const found = await side.client.db('shop').collection(name).listIndexes({ raw: true }).toArray();
  return found.map((raw) => Buffer.from(raw as unknown as Uint8Array).toString('latin1')).sort();
}

describe('everything moves out and back', () => {
  it('every type and every byte, and every index with its options', async () => {
    const shop = here.client.db('shop');
    for (const kind of KINDS) {
      const reply = await shop.command({ insert: 'kinds', documents: sequence('documents', [kind]) });
      expect(reply['writeErrors']).toBeUndefined();
    }
    const kept = KINDS.map(digest).sort();
    expect(await bytesOf(here, 'kinds')).toEqual(kept);
    const items = shop.collection('items');
    const over = new Date(0);
    await items.insertMany(
      Array.from({ length: 2500 }, (_, n) => ({ sku: `s${n}`, n, over, tags: [n, n + 1] })),
    );
    await items.createIndexes([
      { key: { sku: 1 }, unique: true, name: 'one of each' },
      { key: { over: 1 }, expireAfterSeconds: 3600 },
      { key: { tags: 1, n: -1 }, sparse: true },
      { key: { n: 1 }, partialFilterExpression: { n: { $gt: 5 }, sku: { $exists: true } } },
      {
        key: new Map([
          ['b', 1],
          ['1', -1],
        ]),
        name: 'order',
      },
    ]);
    await shop.createCollection('empty');
    await here.client.db('other').collection('one').insertOne({ a: 1 });

    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const out = await exportTo({ dir: at('source'), to: target.uri, leaveOut: [], overwrite: false, say });
    expect(out).toEqual({ databases: 2, collections: 4, documents: KINDS.length + 2501, indexes: 5 });
    expect(lines.join('\n')).toMatch(
      /shop\.items: compared 2500\/2500, \d+ documents\/s; equal on both sides/,
    );
    for (const name of ['kinds', 'items']) {
      expect(await bytesOf(there, name)).toEqual(await bytesOf(here, name));
      expect(await indexesOf(there, name)).toEqual(await indexesOf(here, name));
    }
    const names = async (side: Side) =>
      (await side.client.db('shop').listCollections().toArray()).map(({ name }) => name);
    expect(await names(there)).toEqual(['empty', 'items', 'kinds']);

    const dir = at('back');
    const back = await importFrom({ dir, from: target.uri, leaveOut: [], say });
    expect(back).toEqual(out);
    const again = await startEngine({ path: dir, socket: path.join(at('b'), 'a.sock') });
    again.engine.expiring = false;
    const home = await connect(again.uri);
    for (const name of ['kinds', 'items']) {
      expect(await bytesOf(home, name)).toEqual(await bytesOf(here, name));
      expect(await indexesOf(home, name)).toEqual(await indexesOf(here, name));
    }
    await home.client.close();
    await again.close();
  });

  it('one database and not all of its collections, when that is asked for', async () => {
    const dir = at('part');
    const lines: string[] = [];
    const leaveOut = ['shop.kinds', 'shop.items:order'];
    const done = await importFrom({
      dir,
      from: source.uri,
      only: 'shop',
      leaveOut,
      say: (line) => void lines.push(line),
    });
    expect(done).toEqual({ databases: 1, collections: 2, documents: 2500, indexes: 4 });
    expect(lines).toContain('left out: shop.kinds');
    const wrong = importFrom({
      dir: at('nothing'),
      from: source.uri,
      leaveOut: ['shop.knids'],
      say: () => {},
    });
    await expect(wrong).rejects.toThrow('--leave-out names what is not there: shop.knids');
    const none = importFrom({
      dir: at('nothing'),
      from: source.uri,
      only: 'shpo',
      leaveOut: [],
      say: () => {},
    });
    await expect(none).rejects.toThrow('has no database shpo; it has other, shop');
    const full = importFrom({ dir, from: source.uri, leaveOut: [], say: () => {} });
    await expect(full).rejects.toThrow(`${dir} holds data already (shop.empty and 1 more collections)`);
  });

  it('an empty timestamp is told from other zeros', () => {
    const empty = new Timestamp({ t: 0, i: 0 });
    const cases: [unknown, boolean][] = [
      [{ _id: 1, at: empty }, true],
      [{ _id: empty }, false],
      [{ _id: 1, in: { at: empty } }, false],
      [{ _id: 1, at: new Timestamp({ t: 1, i: 0 }), zero: Long.ZERO, none: new Double(0) }, false],
    ];
    for (const [doc, wanted] of cases) expect(hasEmptyTimestamp(serialize(doc as never))).toBe(wanted);
  });
});
