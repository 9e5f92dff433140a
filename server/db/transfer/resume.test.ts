import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brittle } from '../../../test/brittle.ts';
import { type Random, seeded } from '../../../test/random.ts';
import { type RunningEngine, startEngine } from '../embedded/engine.ts';
import { exportTo } from './export.ts';
import { importFrom } from './import.ts';
import { STATE } from './inventory.ts';
import { connect, type Side } from './side.ts';
import { Hold, stateIn } from './state.ts';
import { type Apart, servedApart } from './test/apart.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yekja-resume-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
let here: string;
let source: Apart;
let target: RunningEngine;
let from: Side;
let to: Side;

beforeEach(async () => {
  here = path.join(root, String(folders++));
  source = await servedApart(path.join(here, 'source'), path.join(here, 's', 'a.sock'));
  target = await startEngine({ path: path.join(here, 'target'), port: 0, durability: 'none' });
  from = await connect(source.uri);
  to = await connect(target.uri);
});

afterEach(async () => {
  await from.client.close();
  await to.client.close();
  await source.close();
  await target.close();
});

const send = (uri: string, more: { overwrite?: boolean; say?: (line: string) => void } = {}) =>
  exportTo({
    dir: path.join(here, 'source'),
    to: uri,
    leaveOut: [],
    overwrite: more.overwrite ?? false,
    say: more.say ?? (() => {}),
  });

/** Everything a side holds: documents as bytes and indexes, by collection. */
async function everything(side: Side): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  const { databases } = await side.client.db('admin').command({ listDatabases: 1, nameOnly: true });
  for (const { name: db } of databases as { name: string }[])
    for (const { name } of await side.client.db(db).listCollections().toArray()) {
      const collection = side.client.db(db).collection(name);
      const documents = await collection.find({}, { raw: true }).toArray();
      const indexes = await collection.listIndexes({ raw: true }).toArray();
      all[`${db}.${name}`] = [...documents, ...indexes]
        .map((raw) => Buffer.from(raw as unknown as Uint8Array).toString('latin1'))
        .sort();
    }
  return all;
}

interface Item {
  _id: number | string;
  code: number;
  text: string;
}

const items = (side: Side) => side.client.db('shop').collection<Item>('items');

/** Some documents come, go and change; unique values wander between documents; collections come and go. */
async function stir(random: Random, round: number): Promise<void> {
  const draw = (below: number) => Math.floor(random() * below);
  const shop = from.client.db('shop');
  const ids = (
    await items(from)
      .find({}, { projection: { _id: 1 } })
      .toArray()
  ).map(({ _id }) => _id);
  const some = () => ids[draw(ids.length)]!;
  await items(from).deleteMany({ _id: { $in: Array.from({ length: 40 }, some) } });
  const fresh = Array.from({ length: 60 }, (_, n) => {
    const number = round * 1000 + n;
    return {
      _id: random() < 0.5 ? number + random() : `${random()}`,
      code: 100_000 + number,
      text: 'n'.repeat(draw(300)),
    };
  });
  await items(from).insertMany(fresh);
  for (let n = 0; n < 20; n++) {
    const pair = await items(from)
      .find({ _id: { $in: [some(), some()] } })
      .toArray();
    const [a, b] = pair;
    if (!a || !b) continue;
    await items(from).updateOne({ _id: a._id }, { $set: { code: -1 } });
    await items(from).updateOne({ _id: b._id }, { $set: { code: a.code } });
    await items(from).updateOne({ _id: a._id }, { $set: { code: b.code } });
  }
  await items(from).updateMany({ code: { $mod: [7, draw(7)] } }, { $set: { text: `changed ${round}` } });
  await shop.collection(`extra${round}`).insertMany([{ a: round }, { a: 2 }]);
  await shop.collection(`extra${round - 1}`).drop();
  await items(from).dropIndex('text_1');
  await items(from).createIndex({ text: 1 }, { name: 'text_1', sparse: round % 2 === 0 });
  await from.client.db(`part${round}`).collection('c').insertOne({ round });
  await from.client.db(`part${round - 1}`).dropDatabase();
}

describe('a copy that was cut off', () => {
  it('is gone on with, whatever the source has become meanwhile', async () => {
    const random = seeded(20_260_722);
    await items(from).insertMany(
      Array.from({ length: 3000 }, (_, n) => ({ _id: n, code: n, text: 't'.repeat(100) })),
    );
    await items(from).createIndex({ code: 1 }, { unique: true });
    await items(from).createIndex({ text: 1 });
    await from.client.db('part0').collection('c').insertOne({ round: 0 });
    await from.client.db('shop').collection('extra0').insertOne({ a: 0 });
    let [cuts, whole] = [0, false];
    for (let round = 1; round <= 10; round++) {
      const way = await brittle(target.uri, Math.floor(2_000 + random() * (round === 1 ? 300_000 : 100_000)));
      try {
        // Where one came through after all, the next brings what has changed since.
        await send(way.uri, { overwrite: whole });
        whole = true;
      } catch (error) {
        expect((error as Error).message).toContain('broke off');
        cuts++;
        whole = false;
      }
      await way.close();
      expect(readdirSync(path.join(here, 'source')).filter((name) => name.startsWith('.'))).toEqual([]);
      await stir(random, round);
    }
    expect(cuts).toBeGreaterThan(4);
    expect(whole).toBe(false);
    const lines: string[] = [];
    await send(target.uri, { say: (line) => void lines.push(line) });
    expect(lines.join('\n')).toContain('going on with the copy');
    expect(await everything(to)).toEqual(await everything(from));
  });

  it('does not copy again what is there', async () => {
    const documents = Array.from({ length: 5000 }, (_, n) => ({ _id: n, code: n, text: 't'.repeat(200) }));
    await items(from).insertMany(documents);
    const way = await brittle(target.uri, 700_000);
    await expect(send(way.uri)).rejects.toThrow('broke off');
    await way.close();
    const there = await items(to).countDocuments();
    expect(there).toBeGreaterThan(1000);
    const lines: string[] = [];
    await send(target.uri, { say: (line) => void lines.push(line) });
    expect(lines.join('\n')).toContain(`${there} were there`);
    expect(await everything(to)).toEqual(await everything(from));
  });

  it('goes on in an import too, and the folder holds nothing until all is there', async () => {
    await items(from).insertMany(
      Array.from({ length: 6000 }, (_, n) => ({ _id: n, code: n, text: 't'.repeat(200) })),
    );
    await send(target.uri);
    const dir = path.join(here, 'back');
    const way = await brittle(target.uri, 900_000);
    const fetch = (uri: string, say: (line: string) => void = () => {}) =>
      importFrom({ dir, from: uri, leaveOut: [], say });
    await expect(fetch(way.uri)).rejects.toThrow('broke off');
    const stores = () => readdirSync(dir).filter((name) => name.startsWith('store.mdb'));
    expect(stores()).toEqual([]);
    await expect(fetch(target.uri)).rejects.toThrow('unfinished import from another server');
    await items(to).updateOne({ _id: 5 }, { $set: { text: 'changed' } });
    const lines: string[] = [];
    await fetch(way.uri, (line) => void lines.push(line));
    await way.close();
    expect(lines.join('\n')).toMatch(/going on with.*were there, 1 old ones removed/s);
    expect(stores()).toEqual(['store.mdb']);
    const engine = await startEngine({ path: dir, socket: path.join(here, 'b', 'a.sock') });
    const back = await connect(engine.uri);
    expect(await everything(back)).toEqual(await everything(to));
    await back.client.close();
    await engine.close();
  });
});

describe('a target that is not free', () => {
  const one = () => items(from).insertOne({ _id: 1, code: 1, text: '' });

  it('is refused if it holds other data, and made equal when that is asked for', async () => {
    await one();
    await items(to).insertMany([
      { _id: 1, code: 5, text: 'old' },
      { _id: 2, code: 6, text: 'old' },
    ]);
    await items(to).createIndex({ code: 1 }, { unique: true });
    await to.client.db('shop').collection('views').insertOne({ n: 1 });
    await to.client.db('apart').collection('c').insertOne({ n: 1 });
    await expect(send(target.uri)).rejects.toThrow('already has data in shop');
    expect(await items(to).countDocuments()).toBe(2);
    await send(target.uri, { overwrite: true });
    const { 'apart.c': apart, ...rest } = await everything(to);
    expect(rest).toEqual(await everything(from));
    expect(apart).toHaveLength(2);
    await expect(send(target.uri)).rejects.toThrow('already has data in shop');
  });

  it('is refused if it holds the unfinished copy of other data', async () => {
    await one();
    await new Hold(to, ['shop']).take('another folder');
    await expect(send(target.uri)).rejects.toThrow('unfinished copy of other data');
    await send(target.uri, { overwrite: true });
    expect(await everything(to)).toEqual(await everything(from));
  });

  it('is refused if it is the source itself', async () => {
    await one();
    await expect(send(source.uri)).rejects.toThrow('is the engine that serves');
  });

  it('is left to the newer of two commands', async () => {
    const first = new Hold(to, ['shop', 'other']);
    await first.take('folder');
    await first.mustHave('shop');
    await new Hold(to, ['shop', 'other']).take('folder');
    await expect(first.mustHave('shop')).rejects.toThrow('another command has begun to copy into shop');
    await expect(first.finish()).rejects.toThrow('another command');
  });

  it('is told to be done if only the notes were left', async () => {
    await one();
    const lines: string[] = [];
    await send(target.uri, { say: (line) => void lines.push(line) });
    // As a command leaves it that was killed when it had compared everything.
    const { createHash } = await import('node:crypto');
    const { realpathSync } = await import('node:fs');
    const { hostname } = await import('node:os');
    const name = `${hostname()}\n${realpathSync(path.join(here, 'source'))}`;
    await new Hold(to, ['shop']).take(createHash('sha256').update(name).digest('hex'));
    await to.client
      .db('shop')
      .collection(STATE)
      .updateOne({}, { $set: { phase: 'done' } });
    await expect(send(target.uri)).rejects.toThrow('had been finished and compared');
    expect(await stateIn(to, 'shop')).toBeNull();
    expect(await everything(to)).toEqual(await everything(from));
  });
});
