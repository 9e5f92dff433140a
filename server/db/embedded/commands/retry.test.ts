import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Binary, deserialize, Long } from 'bson';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Doc, decode, encode } from '../bson/values.ts';
import { type RunningEngine, startEngine } from '../engine.ts';
import { verify } from '../store/verify.ts';
import { encodeReply } from '../wire/raw.ts';
import { runCommand } from './index.ts';

let dir: string;
let running: RunningEngine;

const start = async () => {
  running = await startEngine({ path: path.join(dir, 'db'), port: 0, durability: 'none' });
};

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  await start();
});

afterAll(async () => {
  await running.close();
  rmSync(dir, { recursive: true, force: true });
});

const run = async (body: Doc) => {
  const request = {
    body: decode(encode(body)),
    sequences: new Map(),
    requestId: 1,
    moreToCome: false,
    legacy: false,
  };
  const reply = await runCommand(running.engine, request, { id: 1, closed: false, close: () => {} });
  const { operationTime: _, $clusterTime: __, ...rest } = deserialize(encodeReply(reply));
  return rest;
};

/** One session a write: a session keeps what its latest write answered. */
const retryable = (number: number) => ({
  lsid: { id: new Binary(Buffer.alloc(16, number), 4) },
  txnNumber: Long.fromNumber(5),
});

const all = async () => {
  const { cursor } = await run({ find: 'items', sort: { _id: 1 }, $db: 'test' });
  return (cursor as { firstBatch: Doc[] }).firstBatch;
};

const WRITES: Record<string, Doc> = {
  'an insert': { insert: 'items', documents: [{ _id: 10 }, { _id: 11 }] },
  'an update': { update: 'items', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
  'an upsert': { update: 'items', updates: [{ q: { _id: 2 }, u: { $inc: { n: 1 } }, upsert: true }] },
  'an upsert that makes its own _id': {
    update: 'items',
    updates: [{ q: { k: 2 }, u: { $inc: { n: 1 } }, upsert: true }],
  },
  'a delete': { delete: 'items', deletes: [{ q: { gone: true }, limit: 1 }] },
  'a findAndModify': { findAndModify: 'items', query: { _id: 1 }, update: { $inc: { n: 10 } } },
  'a findAndModify that answers what it wrote': {
    findAndModify: 'items',
    query: { _id: 3 },
    update: { $inc: { n: 1 } },
    upsert: true,
    new: true,
    fields: { n: 1 },
  },
  'a findAndModify that removes': { findAndModify: 'items', query: { gone: true }, remove: true },
  'a bulk write': {
    bulkWrite: 1,
    ops: [
      { insert: 0, document: { _id: 20 } },
      { update: 0, filter: { _id: 1 }, updateMods: { $inc: { n: 100 } } },
      { update: 0, filter: { _id: 21 }, updateMods: { $inc: { n: 1 } }, upsert: true },
      { delete: 0, filter: { gone: true } },
    ],
    nsInfo: [{ ns: 'test.items' }],
    $db: 'admin',
  },
};

describe('a retryable write', () => {
  test('sent again after a restart answers as it did, and does nothing', async () => {
    const documents = [{ _id: 1, n: 0 }, ...[51, 52, 53].map((_id) => ({ _id, gone: true }))];
    await run({ insert: 'items', documents, $db: 'test' });
    const commands = Object.values(WRITES).map((one, i) => ({ $db: 'test', ...one, ...retryable(i + 1) }));
    const ordered = commands.map(({ $db, ...one }) => ({ ...one, $db }));
    const first: Doc[] = [];
    for (const command of ordered) first.push(await run(command));
    for (const reply of first) expect(reply['ok']).toBe(1);
    const before = await all();
    expect(before.find(({ _id }) => _id === 1)).toMatchObject({ n: 111 });
    expect(before.filter(({ gone }) => gone)).toEqual([]);
    await running.close();
    await start();
    for (const [i, command] of ordered.entries()) {
      const { retriedStmtIds, retriedStmtId, ...again } = await run(command);
      expect(retriedStmtIds ?? retriedStmtId).toBeDefined();
      expect(again).toEqual(first[i]);
    }
    expect(await all()).toEqual(before);
    expect(verify(running.engine.store, () => {}).faults).toEqual([]);
  });

  test('goes on where a batch was cut off', async () => {
    const batch = (documents: Doc[]) => ({ insert: 'items', documents, $db: 'test', ...retryable(90) });
    await run(batch([{ _id: 100 }, { _id: 101 }]));
    const whole = await run(batch([{ _id: 100 }, { _id: 101 }, { _id: 102 }]));
    expect(whole).toMatchObject({ ok: 1, n: 3, retriedStmtIds: [0, 1] });
    const later = { ...batch([{ _id: 100 }]), txnNumber: Long.fromNumber(4) };
    expect(await run(later)).toMatchObject({ ok: 0, code: 225 });
    const many = { update: 'items', updates: [{ q: {}, u: { $set: { n: 1 } }, multi: true }], $db: 'test' };
    const refused = await run({ ...many, ...retryable(91) });
    expect(refused['writeErrors'] ?? [refused]).toMatchObject([{ code: 72 }]);
  });
});
