import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningEngine, startEngine } from '../../server/db/embedded/engine.ts';
import { filesOf } from './checkout.ts';
import { deploymentOf } from './requirements.ts';
import type { Target } from './run.ts';
import { runFile } from './suite.ts';

type Json = Record<string, unknown>;

const collection = { databaseName: 'spec-own', collectionName: 'notes' };
const insert = (id: number, over: Json = {}): Json => ({
  name: 'insertOne',
  object: 'collection0',
  arguments: { document: { _id: id } },
  ...over,
});
const started = (command: Json) => ({
  commandStartedEvent: { commandName: Object.keys(command)[0], command },
});
const events = (...list: Json[]) => ({ expectEvents: [{ client: 'client0', events: list }] });
const outcome = (...documents: Json[]) => ({ outcome: [{ ...collection, documents }] });

let folder: string;
let engine: RunningEngine;
let target: Target;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spec-test-'));
  engine = await startEngine({
    path: path.join(folder, 'data'),
    port: 0,
    durability: 'none',
    testCommands: true,
  });
  const uri = engine.uri.replace('directConnection=true', '');
  const internal = await mongoose.mongo.MongoClient.connect(uri);
  target = { uri, internal, deployment: await deploymentOf(internal) };
});

afterAll(async () => {
  await target?.internal.close();
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

let number = 0;

/** Runs one test, written as the format has it, and gives its verdict. */
async function verdict(test: Json, options: { file?: Json; temper?: string } = {}): Promise<Json> {
  number += 1;
  const at = path.join(folder, options.temper ?? 'plain');
  await mkdir(at, { recursive: true });
  const file = path.join(at, `${number}.json`);
  await writeFile(
    file,
    JSON.stringify({
      description: 'own',
      schemaVersion: '1.21',
      createEntities: [
        {
          client: {
            id: 'client0',
            observeEvents: ['commandStartedEvent', 'commandSucceededEvent', 'commandFailedEvent'],
          },
        },
        { database: { id: 'database0', client: 'client0', databaseName: collection.databaseName } },
        {
          collection: { id: 'collection0', database: 'database0', collectionName: collection.collectionName },
        },
        { session: { id: 'session0', client: 'client0' } },
      ],
      initialData: [{ ...collection, documents: [{ _id: 1, x: { $numberDouble: '5.0' } }] }],
      tests: [{ description: 'own', ...test }],
      ...options.file,
    }),
  );
  const [line] = await runFile({ path: file, name: 'own' }, target);
  return (line?.verdict ?? {}) as unknown as Json;
}

const passes = async (test: Json, file?: Json) =>
  expect(await verdict(test, { file })).toEqual({ verdict: 'pass' });
const fails = async (test: Json, reason: RegExp, side = 'wrong') => {
  const found = await verdict(test);
  expect(found).toMatchObject({ verdict: 'fail', side });
  expect(found['reason']).toMatch(reason);
};

describe('the runner of specifications', () => {
  it('passes what holds: result, events and outcome', async () => {
    await passes({
      operations: [insert(2, { expectResult: { insertedId: 2 } })],
      expectEvents: [
        {
          client: 'client0',
          events: [
            started({ insert: 'notes', documents: [{ _id: 2 }] }),
            { commandSucceededEvent: { commandName: 'insert', reply: { ok: 1, n: 1 } } },
          ],
        },
      ],
      ...outcome({ _id: 1, x: { $numberDouble: '5.0' } }, { _id: 2 }),
    });
  });

  it('fails a wrong result, a wrong outcome and a number of another type', async () => {
    const count = { name: 'countDocuments', object: 'collection0', arguments: { filter: {} } };
    await fails({ operations: [{ ...count, expectResult: 2 }] }, /countDocuments: result should be 2/);
    await fails({ operations: [], ...outcome() }, /should hold 0 documents, holds 1/);
    await fails({ operations: [], ...outcome({ _id: 1, x: 5 }) }, /should be .*numberInt/);
  });

  it('fails an error that does not come, and one that is not expected', async () => {
    await fails({ operations: [insert(2, { expectError: { errorCode: 11000 } })] }, /an error expected/);
    await fails({ operations: [insert(1)] }, /no error expected, got .*E11000/);
    const expectError = {
      isClientError: false,
      errorCode: 11000,
      errorContains: 'e11000',
      errorResponse: { code: 11000 },
    };
    await passes({ operations: [insert(1, { expectError })] });
    await fails({ operations: [insert(1, { expectError: { errorCode: 26 } })] }, /have the code 26/);
    await fails(
      { operations: [insert(1, { expectError: { errorContains: 'nothing' } })] },
      /contain "nothing"/,
    );
    await fails({ operations: [insert(1, { expectError: { isClientError: true } })] }, /be the client's own/);
    await fails(
      { operations: [insert(1, { expectError: { errorLabelsContain: ['Odd'] } })] },
      /the label Odd/,
    );
  });

  it('fails events too few, too many or in another order', async () => {
    const inserted = [started({ insert: 'notes' }), { commandSucceededEvent: {} }];
    await passes({ operations: [insert(2)], ...events(...inserted) });
    await fails({ operations: [insert(2)], ...events() }, /expected 0, saw 2/);
    await fails({ operations: [insert(2)], ...events(...inserted, ...inserted) }, /expected 4, saw 2/);
    await fails(
      { operations: [insert(2)], ...events(...inserted.toReversed()) },
      /number 1 of .*should be a commandSucc/,
    );
    await passes({
      operations: [insert(2)],
      expectEvents: [{ client: 'client0', events: inserted.slice(0, 1), ignoreExtraEvents: true }],
    });
  });

  it("tells the driver's part in a command from the rest, and looks on past it", async () => {
    const odd = started({ insert: 'notes', comment: 'none was given' });
    await fails(
      { operations: [insert(2)], ...events(odd, { commandSucceededEvent: {} }) },
      /insert command\.comment/,
      'client',
    );
    await fails({ operations: [insert(2)], ...events(odd, { commandFailedEvent: {} }) }, /commandFailed/);
    await fails(
      { operations: [insert(2)], ...events(odd, { commandSucceededEvent: {} }), ...outcome() },
      /should hold 0/,
    );
  });

  it('fails what it does not know, before anything is sent', async () => {
    const unknown = /the runner does not know/;
    await fails({ operations: [insert(2, { name: 'insertSome' })] }, unknown);
    await fails({ operations: [insert(2, { arguments: { document: {}, speed: 1 } })] }, unknown);
    await fails({ operations: [{ name: 'juggle', object: 'testRunner' }] }, unknown);
    await fails(
      { operations: [{ name: 'wait', object: 'testRunner', arguments: { ms: 1, s: 1 } }] },
      unknown,
    );
    await fails(
      { operations: [{ name: 'loop', object: 'testRunner', arguments: { operations: [] } }] },
      unknown,
    );
    await fails({ operations: [insert(2, { expectResult: { insertedId: { $$near: 2 } } })] }, unknown);
    await fails({ operations: [insert(2, { object: 'collection1' })] }, /there is no entity collection1/);
    await fails({ operations: [insert(2, { arguments: {} })] }, /needs the argument document/);
    await fails(
      { operations: [insert(2, { arguments: { document: { _id: 2 }, session: 'client0' } })] },
      /is a client, not a session/,
    );
    const bulk = { name: 'bulkWrite', object: 'collection0', arguments: { requests: [{ upsertOne: {} }] } };
    await fails({ operations: [bulk] }, unknown);
  });

  it('counts what the server says that it does not do as refused', async () => {
    const watch = { name: 'createChangeStream', object: 'collection0', arguments: { pipeline: [] } };
    await fails({ operations: [watch] }, /\$changeStream/, 'refused');
  });

  it('counts what the driver does not do as the client', async () => {
    await fails(
      { operations: [{ name: 'mapReduce', object: 'collection0' }] },
      /the driver has no mapReduce/,
      'client',
    );
    const document = { document: { _id: null } };
    await fails(
      { operations: [insert(2, { arguments: document })], ...outcome() },
      /an _id of its own/,
      'client',
    );
  });

  it('skips only what asks for another server, and says for which', async () => {
    const test = { operations: [insert(1)] };
    const skipped = (requirement: Json) => verdict({ ...test, runOnRequirements: [requirement] });
    expect(await skipped({ topologies: ['sharded'] })).toEqual({
      verdict: 'skip',
      reason: 'topology sharded',
    });
    expect(await skipped({ maxServerVersion: '4.2' })).toEqual({
      verdict: 'skip',
      reason: 'server 4.2 or earlier',
    });
    expect(await skipped({ minServerVersion: '99.0' })).toMatchObject({ verdict: 'skip' });
    expect(await skipped({ auth: true })).toEqual({ verdict: 'skip', reason: 'authentication' });
    expect(await skipped({ serverParameters: { noSuchParameter: 1 } })).toMatchObject({ verdict: 'skip' });
    await passes({
      operations: [],
      runOnRequirements: [{ topologies: ['sharded'] }, { topologies: ['replicaset'] }],
    });
    // A file's own wish to be skipped is no requirement: the test runs.
    await fails({ ...test, skipReason: 'not today' }, /E11000/);
  });

  it('sets fail points and takes them back after the test', async () => {
    const failPoint = {
      name: 'failPoint',
      object: 'testRunner',
      arguments: {
        client: 'client0',
        failPoint: {
          configureFailPoint: 'failCommand',
          mode: 'alwaysOn',
          data: { failCommands: ['insert'], errorCode: 2 },
        },
      },
    };
    await passes({ operations: [failPoint, insert(2, { expectError: { errorCode: 2 } })] });
    await passes({ operations: [insert(2)] });
  });

  it('judges the operations inside a transaction, and the transaction', async () => {
    const within = (over: Json): Json => ({
      name: 'withTransaction',
      object: 'session0',
      arguments: {
        callback: [insert(2, { arguments: { document: { _id: 2 }, session: 'session0' }, ...over })],
      },
    });
    await passes({
      operations: [within({})],
      ...outcome({ _id: 1, x: { $numberDouble: '5.0' } }, { _id: 2 }),
    });
    const count = { name: 'countDocuments', arguments: { filter: {}, session: 'session0' }, expectResult: 2 };
    await fails({ operations: [within(count)] }, /countDocuments: result should be 2, is int 1/);
    const duplicate = {
      arguments: { document: { _id: 1 }, session: 'session0' },
      expectError: { errorCode: 11000 },
    };
    await passes({ operations: [{ ...within(duplicate), expectError: { errorCode: 11000 } }] });
    await fails({ operations: [within(duplicate)] }, /withTransaction: no error expected/);
  });

  it('turns the verdict on files that are made to fail', async () => {
    expect(await verdict({ operations: [insert(1)] }, { temper: 'valid-fail' })).toEqual({ verdict: 'pass' });
    expect(await verdict({ operations: [] }, { temper: 'valid-fail' })).toMatchObject({ verdict: 'fail' });
    expect(await verdict({ operations: [] }, { temper: 'invalid' })).toMatchObject({ verdict: 'fail' });
    expect(await verdict({ operations: 5 }, { temper: 'invalid' })).toEqual({ verdict: 'pass' });
  });

  it('finds the files of a suite wherever they lie, and says when there are none', async () => {
    const checkout = path.join(folder, 'checkout');
    const tests = path.join(checkout, 'source', 'notes', 'tests');
    await mkdir(path.join(tests, 'unified'), { recursive: true });
    await expect(filesOf(checkout, 'notes')).rejects.toThrow(/has no \.json file/);
    await writeFile(path.join(tests, 'b.json'), '{}');
    await writeFile(path.join(tests, 'b.yml'), '');
    await writeFile(path.join(tests, 'unified', 'a.json'), '{}');
    const found = (await filesOf(checkout, 'notes')).map((file) => path.relative(tests, file));
    expect(found).toEqual(['b.json', path.join('unified', 'a.json')]);
    await expect(filesOf(checkout, 'other')).rejects.toThrow(/There is no suite other/);
  });
});
