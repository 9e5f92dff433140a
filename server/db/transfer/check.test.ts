import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Double, Int32 } from 'bson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningEngine, startEngine } from '../embedded/engine.ts';
import { checkContent, checkShape } from './check.ts';
import { inventory } from './inventory.ts';
import { connect, type Side } from './side.ts';

const root = mkdtempSync(path.join(tmpdir(), 'yekja-check-'));
const engines: RunningEngine[] = [];
let from: Side;
let to: Side;

beforeAll(async () => {
  for (const name of ['a', 'b'])
    engines.push(await startEngine({ path: path.join(root, name), port: 0, durability: 'none' }));
  from = await connect(engines[0]!.uri);
  to = await connect(engines[1]!.uri);
});

afterAll(async () => {
  for (const { client } of [from, to]) await client.close();
  for (const engine of engines) await engine.close();
  rmSync(root, { recursive: true, force: true });
});

/** Fills a collection on both sides and compares. */
async function compare(name: string, here: object[], there: object[]) {
  if (here.length > 0) await from.client.db('shop').collection(name).insertMany(here);
  if (there.length > 0) await to.client.db('shop').collection(name).insertMany(there);
  return checkContent({ from, to, of: { db: 'shop', name, ns: `shop.${name}` }, onDone: () => {} });
}

it('equal sides have one digest', async () => {
  const list = Array.from({ length: 2500 }, (_, n) => ({ _id: n, n }));
  const first = await compare('equal', list, list);
  expect(first).toMatchObject({ documents: 2500, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await compare('none', [], [])).documents).toBe(0);
});

it('the first difference is named with its collection', async () => {
  const list = [{ _id: 1 }, { _id: 2, n: new Int32(5) }, { _id: 3 }];
  await expect(compare('fewer', list, list.slice(0, 2))).rejects.toThrow(
    /^shop\.fewer is not the same on both sides: after 2 documents, that with the _id 3 is missing/,
  );
  await expect(compare('more', list.slice(0, 2), list)).rejects.toThrow(
    /shop\.more .* has one more, with the _id 3/,
  );
  const other = [{ _id: 1 }, { _id: 2, n: new Double(5) }, { _id: 3 }];
  await expect(compare('type', list, other)).rejects.toThrow(/shop\.type .* document 2 .* is 2 here and 2/);
});

it('a missing collection, a surplus one and a missing index are named', async () => {
  const shop = from.client.db('shape');
  await shop.collection('one').createIndex({ a: 1 }, { unique: true });
  await shop.createCollection('two');
  const wanted = await inventory(from, 'shape');
  const there = to.client.db('shape');
  await expect(checkShape(to, 'shape', wanted)).rejects.toThrow('the collection shape.one is missing');
  await there.collection('one').createIndex({ a: 1 });
  await expect(checkShape(to, 'shape', wanted)).rejects.toThrow(/shape\.one .* lacks the index a_1/);
  await there.collection('one').drop();
  await there.collection('one').createIndex({ a: 1 }, { unique: true });
  await there.createCollection('two');
  await checkShape(to, 'shape', wanted);
  await there.createCollection('three');
  await expect(checkShape(to, 'shape', wanted)).rejects.toThrow('was not copied: shape.three');
});
