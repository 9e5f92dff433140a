import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '../bson/values.ts';
import { Engine } from '../core.ts';
import { deleteDocuments, insertDocument, type Step, updateDocuments } from '../update/writes.ts';
import type { Collection } from './collection.ts';
import { buried } from './graveyard.ts';
import { buildIndexes, checkSpec, dropIndexes } from './indexes.ts';
import { FORMAT, Store } from './store.ts';
import { program } from './test/program.ts';
import { verify } from './verify.ts';
import type { Writer } from './view.ts';

let root: string;
let folders = 0;
const fresh = () => path.join(root, `data${folders++}`);
const open = (dir: string) => new Engine(new Store(dir, 'none'), '127.0.0.1:1');
const close = (engine: Engine) => engine.close(() => {});
const faultsOf = (engine: Engine) => verify(engine.store, () => {}).faults;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'store-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const pace = { due: () => false };
const control = { deadline: Number.POSITIVE_INFINITY };
const query = (filter: object) => ({
  filter: { ...filter },
  multi: true,
  context: { now: new Date(0) },
  pace,
});

interface Item {
  _id: unknown;
  n?: unknown;
  text?: string;
}

const insert = (engine: Engine, collection: Collection, docs: Item[]) =>
  engine.store.submit(function* (writer) {
    for (const doc of docs) {
      yield* insertDocument(writer, collection, encode({ ...doc }), pace);
      if (writer.due()) yield undefined;
    }
  });
const remove = (engine: Engine, collection: Collection, filter: object) =>
  engine.store.submit((writer) => deleteDocuments(writer, collection, query(filter)));
const update = (engine: Engine, collection: Collection, filter: object, set: object) =>
  engine.store.submit((writer) =>
    updateDocuments(writer, collection, { ...query(filter), update: { $set: set }, upsert: false }),
  );
const index = (engine: Engine, collection: Collection, spec: object) =>
  buildIndexes(engine, collection, [checkSpec({ ...spec })], control);

const items = (count: number, from = 0, text = ''): Item[] =>
  Array.from({ length: count }, (_, i) => ({ _id: from + i, n: from + i, text }));

/** Waits, one write transaction after the other, until nothing is left to clear away. */
async function cleared({ store }: Engine): Promise<void> {
  while (buried(store).length > 0) await store.once(() => {});
}

/** Waits until an index build has done its first step, and not yet its last. */
async function begun({ store }: Engine, collection: Collection): Promise<void> {
  while (collection.indexes.length === 0) await store.once(() => {});
  expect(collection.indexes[0]!.building).toBe(true);
}

/** Runs one write inside an open transaction. */
function within<T>(txn: Writer & { begin(): void }, work: (writer: Writer) => Step<T>): void {
  txn.begin();
  const step = work(txn).next();
  expect(step.done).toBe(true);
}

/** Loses the next write transaction after its work was done, as a failing disk does. */
function loseNext({ store }: Engine): void {
  const { flush } = store;
  store.flush = () => {
    store.flush = flush;
    flush();
    throw new Error('EIO: the disk failed');
  };
}

describe('a dropped collection', () => {
  test('is gone at once, and its tables go in slices', async () => {
    const engine = open(fresh());
    const collection = await engine.catalog.create('t', 'large');
    await index(engine, collection, { key: { text: 1 } });
    await insert(engine, collection, items(3000, 0, 'x'.repeat(3000)));
    await engine.catalog.drop(collection);
    expect(engine.catalog.get('t', 'large')).toBeUndefined();
    expect(buried(engine.store).length).toBeGreaterThan(0);
    const again = await engine.catalog.create('t', 'large');
    await insert(engine, again, items(10));
    expect(again.count).toBe(10);
    await cleared(engine);
    expect(engine.store.tableNames()).toEqual([again.docs.name, 'catalog', 'meta', 'retries'].sort());
    expect(faultsOf(engine)).toEqual([]);
    await close(engine);
  });

  test('is cleared away at the next start if the engine ends before', async () => {
    const dir = fresh();
    const first = open(dir);
    const collection = await first.catalog.create('t', 'large');
    await insert(first, collection, items(3000, 0, 'x'.repeat(3000)));
    await first.catalog.drop(collection);
    await close(first);
    const second = open(dir);
    expect(buried(second.store)).toEqual([collection.docs.name]);
    // Its table's name is not given to another while it is there.
    const other = await second.catalog.create('t', 'other');
    expect(other.docs.name).not.toBe(collection.docs.name);
    await cleared(second);
    expect(second.store.tableNames()).not.toContain(collection.docs.name);
    expect(faultsOf(second)).toEqual([]);
    await close(second);
  });

  test('and what an older engine left of an index build leave nothing behind', async () => {
    const dir = fresh();
    const first = open(dir);
    const collection = await first.catalog.create('t', 'c');
    await first.store.inBetween(() =>
      first.store.table('i900').db.putSync(Buffer.from('k'), Buffer.from('v')),
    );
    expect(faultsOf(first)).toEqual([expect.stringMatching(/the table i900 belongs to no collection/)]);
    await close(first);
    const second = open(dir);
    await cleared(second);
    expect(second.store.tableNames()).not.toContain('i900');
    expect(collection.docs.name).toBe('c1');
    expect(faultsOf(second)).toEqual([]);
    await close(second);
  });
});

describe('an index build', () => {
  const unique = { key: { n: 1 }, name: 'n_1', unique: true };

  test('takes in what is written while it runs', async () => {
    const engine = open(fresh());
    const collection = await engine.catalog.create('t', 'c');
    await insert(engine, collection, items(6000));
    let building = true;
    const built = index(engine, collection, unique).finally(() => {
      building = false;
    });
    let rounds = 0;
    for (; building; rounds++) {
      await insert(engine, collection, items(5, 10_000 + rounds * 10));
      await update(engine, collection, { _id: rounds }, { n: `moved ${rounds}` });
      await update(engine, collection, { _id: 5999 - rounds }, { n: `moved back ${rounds}` });
      await remove(engine, collection, { _id: 3000 + rounds });
    }
    await built;
    expect(rounds).toBeGreaterThan(1);
    expect(faultsOf(engine)).toEqual([]);
    expect(collection.indexes.map(({ name, building: still }) => [name, still])).toEqual([['n_1', false]]);
    await close(engine);
  });

  test('fails on a duplicate that is written meanwhile, and leaves no half index', async () => {
    const dir = fresh();
    const engine = open(dir);
    const collection = await engine.catalog.create('t', 'c');
    await insert(engine, collection, items(6000));
    const built = index(engine, collection, unique);
    await begun(engine, collection);
    await insert(engine, collection, [{ _id: 'twin', n: 5999 }]);
    await expect(built).rejects.toMatchObject({ code: 11000 });
    expect(collection.indexes).toEqual([]);
    await cleared(engine);
    expect(engine.store.tableNames()).toEqual(['c1', 'catalog', 'meta', 'retries']);
    await remove(engine, collection, { _id: 'twin' });
    await index(engine, collection, unique);
    expect(faultsOf(engine)).toEqual([]);
    await close(engine);
  });

  test.each(['commits', 'aborts'])(
    'waits for a transaction that holds one of its keys and %s',
    async (how) => {
      const engine = open(fresh());
      const collection = await engine.catalog.create('t', 'c');
      await insert(engine, collection, items(6000));
      const built = index(engine, collection, unique);
      const outcome = built.then(
        () => 'built',
        (error: { code: number }) => error.code,
      );
      await begun(engine, collection);
      const txn = engine.transactions.begin();
      within(txn, (writer) => insertDocument(writer, collection, encode({ _id: 'twin', n: 5999 }), pace));
      for (let turn = 0; turn < 60; turn++) await engine.store.once(() => {});
      expect(collection.indexes[0]!.building).toBe(true);
      if (how === 'aborts') engine.transactions.abort(txn);
      else await engine.transactions.commit(txn, () => {});
      expect(await outcome).toBe(how === 'aborts' ? 'built' : 11000);
      expect(faultsOf(engine)).toEqual([]);
      await close(engine);
    },
  );

  test('that the engine does not live to finish is gone at the next start', async () => {
    const dir = fresh();
    const first = open(dir);
    const collection = await first.catalog.create('t', 'c');
    await insert(first, collection, items(6000));
    const built = index(first, collection, unique);
    await begun(first, collection);
    await Promise.all([expect(built).rejects.toMatchObject({ code: 91 }), close(first)]);
    const second = open(dir);
    await cleared(second);
    expect(second.store.tableNames()).toEqual(['c1', 'catalog', 'meta', 'retries']);
    expect(second.catalog.get('t', 'c')!.indexes).toEqual([]);
    expect(faultsOf(second)).toEqual([]);
    await close(second);
  });
});

describe('a write transaction that the disk loses', () => {
  test('takes back a drop, an index drop, a creation, a count and what indexes have learned', async () => {
    const dir = fresh();
    const engine = open(dir);
    const { catalog, store } = engine;
    const kept = await catalog.create('t', 'kept');
    await index(engine, kept, { key: { n: 1 }, name: 'n_1' });
    await insert(engine, kept, items(10));

    loseNext(engine);
    await expect(dropIndexes(engine, kept, [...kept.indexes])).rejects.toMatchObject({ code: 1 });
    await expect(insert(engine, kept, items(1, 100))).rejects.toMatchObject({ code: 175 });
    const second = catalog.get('t', 'kept')!;
    expect(second.indexes.map(({ name }) => name)).toEqual(['n_1']);
    await insert(engine, second, items(1, 100));

    loseNext(engine);
    await expect(catalog.drop(second)).rejects.toMatchObject({ code: 1 });
    const third = catalog.get('t', 'kept')!;
    await insert(engine, third, items(1, 101));

    loseNext(engine);
    await expect(insert(engine, third, [{ _id: 'lost', n: [1, 2] }])).rejects.toMatchObject({ code: 1 });
    expect(third.count).toBe(12);
    await insert(engine, third, [{ _id: 'array', n: [1, 2] }]);

    const made = catalog.create('t', 'made');
    await store.inBetween(() => loseNext(engine));
    await expect(made).rejects.toMatchObject({ code: 1 });
    expect(catalog.get('t', 'made')).toBeUndefined();
    await cleared(engine);
    expect(faultsOf(engine)).toEqual([]);
    await close(engine);

    const later = open(dir);
    expect(later.catalog.get('t', 'kept')!.indexes[0]!.multikey).toBe(true);
    expect(later.catalog.get('t', 'kept')!.count).toBe(13);
    expect(faultsOf(later)).toEqual([]);
    await close(later);
  });
});

describe('the file', () => {
  const sizeOf = (dir: string) => statSync(path.join(dir, 'store.mdb')).size;

  test('does not grow while as much is deleted as is written, and no longer does when a snapshot is let go', async () => {
    const dir = fresh();
    const engine = open(dir);
    const collection = await engine.catalog.create('t', 'c');
    await index(engine, collection, { key: { n: 1 } });
    let from = 0;
    const rounds = async (count: number) => {
      for (let round = 0; round < count; round++, from += 200) {
        await insert(engine, collection, items(200, from, 'x'.repeat(500)));
        await remove(engine, collection, { n: { $lt: from } });
      }
    };
    await rounds(15);
    const settled = sizeOf(dir);
    await rounds(25);
    expect(sizeOf(dir)).toBeLessThan(settled * 1.3);
    const txn = engine.transactions.begin();
    await rounds(10);
    const held = sizeOf(dir);
    expect(held).toBeGreaterThan(settled * 1.5);
    engine.transactions.abort(txn);
    await rounds(25);
    expect(sizeOf(dir)).toBeLessThan(held * 1.1);
    await close(engine);
  });

  test('is not held by a reader that was killed', async () => {
    const dir = fresh();
    const engine = open(dir);
    const reader = await program(
      'reader',
      `import { Store } from './store.ts';
       const store = new Store(process.argv[2], 'none');
       const snapshot = store.env.useReadTransaction();
       console.log('reading', store.meta.db.get(Buffer.from('format'), { transaction: snapshot }).toString());
       setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [reader.file, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(engine.store.readers()).toContain(child.pid);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(engine.store.readers()).not.toContain(child.pid);
    reader.remove();
    await close(engine);
  });

  test('of a newer format is refused, and one of before there were formats is taken', async () => {
    const dir = fresh();
    const store = new Store(dir, 'none');
    store.meta.db.removeSync(Buffer.from('format'));
    await store.close();
    const older = new Store(dir, 'none');
    expect(older.meta.db.get(Buffer.from('format'))?.toString()).toBe(String(FORMAT));
    older.meta.db.putSync(Buffer.from('format'), Buffer.from(String(FORMAT + 1)));
    await older.close();
    expect(() => new Store(dir, 'none')).toThrow(
      new RegExp(
        `store\\.mdb has the format ${FORMAT + 1}, this program knows format ${FORMAT}: .*newer version`,
      ),
    );
  });
});
