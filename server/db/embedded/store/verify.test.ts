import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, encode } from '../bson/values.ts';
import { Engine } from '../core.ts';
import { insertDocument } from '../update/writes.ts';
import { Catalog, type Collection, countKey } from './catalog.ts';
import { buried } from './graveyard.ts';
import { Store } from './store.ts';
import { filled } from './test/filled.ts';
import { verify } from './verify.ts';
import { readRange, type Table } from './view.ts';

let root: string;
let sound: string;
let folders = 0;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'verify-'));
  sound = path.join(root, 'sound');
  const store = await filled(sound, 200);
  const key = Buffer.alloc(28, 1);
  await store.once(() => store.retries.db.putSync(key, encode({ n: 1, at: 1 })));
  await store.close();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Open {
  store: Store;
  even: Collection;
  put(table: Table, key: Buffer, value: Buffer): void;
  first(table: Table): { key: Buffer; value: Buffer };
}

/** What a check says of a copy after it was damaged. */
async function saidAfter(damage: (open: Open) => void): Promise<string[]> {
  const dir = path.join(root, `copy${folders++}`);
  cpSync(sound, dir, { recursive: true });
  const store = new Store(dir, 'none');
  const even = new Catalog(store).get('t', 'even')!;
  const put = (table: Table, key: Buffer, value: Buffer) => void table.db.putSync(key, value);
  const first = (table: Table) => readRange(table, { limit: 1 })[0]!;
  damage({ store, even, put, first });
  const { faults } = verify(store, () => {});
  await store.close();
  return faults;
}

const damages: [string, (open: Open) => void, RegExp][] = [
  ['nothing', () => {}, /^$/],
  [
    'an entry without its document',
    ({ even, first }) => void even.docs.db.removeSync(first(even.docs).key),
    /t\.even: the counter says 100 documents, there are 99\n.*n_1 has an entry of a document that is not there/s,
  ],
  [
    'a document without its entry',
    ({ even, first }) => void even.indexes[1]!.table.db.removeSync(first(even.indexes[1]!.table).key),
    /^t\.even: index tags_1 lacks an entry of the document [0-9a-f]+$/,
  ],
  [
    'an entry that leads to another document',
    ({ even, first, put }) => {
      const { table } = even.indexes[0]!;
      const [one, two] = readRange(table, { limit: 2 });
      expect(first(table).key).toEqual(one!.key);
      put(table, one!.key, two!.value);
    },
    /index n_1 gives the entry of .*\n.*n_1 has an entry that its document does not give/,
  ],
  [
    'a wrong counter',
    ({ store, even, put }) => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(7);
      put(store.meta, countKey(even.id), bytes);
    },
    /^t\.even: the counter says 7 documents, there are 100$/,
  ],
  [
    'a document under a wrong key',
    ({ even, first, put }) => {
      const { key, value } = first(even.docs);
      put(even.docs, key, encode({ ...decode(value), _id: 'elsewhere' }));
    },
    /^t\.even: a document lies under a key that is not its _id's \([0-9a-f]+\)$/,
  ],
  [
    'a document that is no BSON',
    ({ even, first, put }) => put(even.docs, first(even.docs).key, Buffer.from('these are no fields')),
    /t\.even: the document under [0-9a-f]+ cannot be read/,
  ],
  ['a table that nobody owns', ({ store }) => void store.table('c999'), /^the table c999 belongs to no /],
  [
    'a collection named twice',
    ({ store, even, put }) => {
      const entry = readRange(store.catalogTable, { limit: 1 })[0]!;
      const copy = { ...decode(entry.value), id: 77 };
      put(store.catalogTable, Buffer.from([0, 0, 0, 77]), encode(copy));
      expect(even.ns).toBe('t.even');
    },
    /the catalog names t\.even twice/,
  ],
  [
    'a catalog entry under a wrong key',
    ({ store, put }) => {
      const { key, value } = readRange(store.catalogTable, { limit: 1 })[0]!;
      store.catalogTable.db.removeSync(key);
      put(store.catalogTable, Buffer.from([0, 0, 0, 78]), value);
    },
    /t\.even under a key that is not its number's \(0000004e\)/,
  ],
  [
    'a catalog that cannot be read',
    ({ store, put }) => put(store.catalogTable, Buffer.from([0, 0, 0, 79]), Buffer.from('no fields')),
    /^the catalog cannot be read: the catalog entry 0000004f cannot be read: /,
  ],
  [
    'a counter of nothing',
    ({ store, put }) => put(store.meta, countKey(500), Buffer.alloc(8)),
    /^there is a counter of a collection that is not there \(500\)$/,
  ],
  [
    'a record of a retryable write that cannot be read',
    ({ store, first, put }) => put(store.retries, first(store.retries).key, Buffer.from('no fields')),
    /^the record of a retryable write (01){28} cannot be read: /,
  ],
  [
    'a record of a retryable write under a short key',
    ({ store, put }) => put(store.retries, Buffer.from([1, 2]), encode({ at: 1 })),
    /^the record of a retryable write 0102 has a key of 2 bytes, not 28$/,
  ],
  [
    'an index that holds arrays unmarked',
    ({ store, even, put }) => {
      const { key, value } = readRange(store.catalogTable, { limit: 1 })[0]!;
      const doc = decode(value);
      const indexes = (doc['indexes'] as object[]).map((one) => ({ ...one, multikey: false }));
      put(store.catalogTable, key, encode({ ...doc, indexes }));
      expect(even.indexes[1]!.multikey).toBe(true);
    },
    /index tags_1 holds arrays but is not marked multikey/,
  ],
];

describe('a check', () => {
  for (const [what, damage, said] of damages)
    test(`says what is wrong of ${what}`, async () => {
      expect((await saidAfter(damage)).join('\n')).toMatch(said);
    });

  test('of a store that is written meanwhile sees one moment', async () => {
    const dir = path.join(root, 'busy');
    cpSync(sound, dir, { recursive: true });
    const store = new Store(dir, 'none');
    const { catalog } = new Engine(store, '127.0.0.1:1');
    const even = catalog.get('t', 'even')!;
    let n = 1000;
    const write = () =>
      store.submit((writer) =>
        insertDocument(writer, even, encode({ _id: n, n: n++, tags: ['x'] }), { due: () => false }),
      );
    const rounds = Array.from({ length: 20 }, async () => {
      await write();
      expect(verify(store, () => void write()).faults).toEqual([]);
    });
    await Promise.all(rounds);
    await store.close();
  });

  test('leaves alone what the engine is still to clear away', async () => {
    const dir = path.join(root, 'graves');
    cpSync(sound, dir, { recursive: true });
    const store = new Store(dir, 'none');
    const catalog = new Catalog(store);
    const even = catalog.get('t', 'even')!;
    await catalog.drop(even);
    // The sweep stands in line behind this: nothing is cleared away yet.
    expect(buried(store)).toHaveLength(3);
    expect(verify(store, () => {})).toMatchObject({ collections: 1, faults: [] });
    await store.close();
  });
});
