import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Moment } from './moment.ts';
import { Store } from './store.ts';

/** Snapshots beside tables that are opened: LMDB-js ends the read transaction that is under way then, whoever holds it. */
let dir: string;
let store: Store;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'engine-moment-'));
  store = new Store(path.join(dir, 'db'), 'none');
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const key = Buffer.from('a key');
const put = (text: string) => store.once((writer) => writer.put(store.meta, key, Buffer.from(text)));
const read = (moment: Moment) => moment.get(store.meta, key)?.toString();

it.each(['alone', 'in a write transaction'])('a snapshot reads on when a table is opened %s', async (how) => {
  await put('before');
  const moments = await store.inBetween(() => {
    const one = new Moment(store).hold();
    const open = () => store.table(`another, opened ${how}`);
    if (how === 'alone') open();
    else store.env.transactionSync(open);
    return [one, new Moment(store).hold()];
  });
  expect(moments.map(read)).toEqual(['before', 'before']);
  await put('after');
  expect(moments.map(read)).toEqual(['before', 'before']);
  moments[0]?.letGo();
  expect(moments.slice(1).map(read)).toEqual(['before']);
  moments[1]?.letGo();
  expect(store.live.get(store.meta, key)?.toString()).toBe('after');
});
