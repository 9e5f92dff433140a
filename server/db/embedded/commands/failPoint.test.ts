import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine } from '../engine.ts';
import { type Client, failure, type Serving, serve } from '../test/serve.ts';

const { MongoClient, MongoNetworkError } = mongoose.mongo;
type Documents = mongoose.mongo.Collection<{ _id: number; n?: number }>;

let serving: Serving;
let dir: string;
let running: RunningEngine;
let client: Client;
let documents: Documents;

beforeAll(async () => {
  serving = await serve({
    testCommands: true,
    client: { retryWrites: false, retryReads: false },
  });
  ({ dir, running, client } = serving);
  documents = client.db('test').collection('documents');
});

afterAll(() => serving.stop());

beforeEach(async () => {
  await documents.deleteMany({});
});

afterEach(() => fail('off', {}));

const fail = (mode: unknown, data: object, name = 'failCommand') =>
  client.db('admin').command({ configureFailPoint: name, mode, data });

describe('the fail point of commands', () => {
  test('is unknown to an engine that was started without test commands', async () => {
    const plain = await startEngine({ path: path.join(dir, 'plain'), port: 0, durability: 'none' });
    const other = await new MongoClient(plain.uri).connect();
    const refused = other
      .db('admin')
      .command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data: {} });
    expect(await failure(refused)).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
    const asked = await other.db('admin').command({ getParameter: 1, enableTestCommands: 1 });
    expect(asked['enableTestCommands']).toBe(false);
    await other.close();
    await plain.close();
    const told = await client.db('admin').command({ getParameter: '*' });
    expect(told['enableTestCommands']).toBe(true);
  });

  test('acts as often as its mode says, on the commands that it names alone', async () => {
    await fail({ times: 2 }, { failCommands: ['insert'], errorCode: 11601 });
    expect(await documents.findOne({})).toBeNull();
    expect(await failure(documents.insertOne({ _id: 1 }))).toMatchObject({
      code: 11601,
      codeName: 'Interrupted',
    });
    expect(await failure(documents.insertOne({ _id: 1 }))).toMatchObject({ code: 11601 });
    await documents.insertOne({ _id: 1 });
    await fail({ skip: 1 }, { failCommands: ['find'], errorCode: 6 });
    expect(await documents.findOne({})).toEqual({ _id: 1 });
    expect(await failure(documents.findOne({}))).toMatchObject({ code: 6, codeName: 'HostUnreachable' });
    expect(await failure(documents.findOne({}))).toMatchObject({ code: 6 });
    await fail({ activationProbability: 0 }, { failCommands: ['find'], errorCode: 6 });
    expect(await documents.findOne({})).toEqual({ _id: 1 });
    await fail({ activationProbability: 1 }, { failCommands: ['find'], errorCode: 6 });
    expect(await failure(documents.findOne({}))).toMatchObject({ code: 6 });
    await fail('off', {});
    expect(await documents.findOne({})).toEqual({ _id: 1 });
  });

  test('means only the program and the namespace that it names', async () => {
    const named = await new MongoClient(running.uri, { appName: 'named', retryReads: false }).connect();
    const theirs = named.db('test').collection('documents');
    await fail('alwaysOn', { failCommands: ['find'], errorCode: 6, appName: 'named' });
    expect(await documents.findOne({})).toBeNull();
    expect(await failure(theirs.findOne({}))).toMatchObject({ code: 6 });
    await fail('alwaysOn', { failCommands: ['find'], errorCode: 6, namespace: 'test.documents' });
    expect(await client.db('test').collection('other').findOne({})).toBeNull();
    expect(await failure(documents.findOne({}))).toMatchObject({ code: 6 });
    await fail('off', {});
    await named.close();
  });

  test('closes the connection, so that nothing of the command is done', async () => {
    await fail({ times: 1 }, { failCommands: ['insert'], closeConnection: true });
    expect(await failure(documents.insertOne({ _id: 1 }))).toBeInstanceOf(MongoNetworkError);
    expect(await documents.findOne({})).toBeNull();
  });

  test('holds a command up, within its time limit', async () => {
    await fail({ times: 1 }, { failCommands: ['find'], blockConnection: true, blockTimeMS: 60_000 });
    expect(await failure(documents.findOne({}, { maxTimeMS: 5 }))).toMatchObject({ code: 50 });
    await fail({ times: 1 }, { failCommands: ['find'], blockConnection: true, blockTimeMS: 1 });
    expect(await documents.findOne({})).toBeNull();
    expect(await failure(fail('alwaysOn', { failCommands: ['find'], blockConnection: true }))).toMatchObject({
      code: 72,
    });
  });

  test('gives the labels that mongod gives, or those that it is told', async () => {
    const retrying = await new MongoClient(running.uri).connect();
    const theirs = retrying.db('test').collection<{ _id: number }>('documents');
    await fail({ times: 1 }, { failCommands: ['insert'], errorCode: 10107 });
    await theirs.insertOne({ _id: 1 });
    await fail({ times: 1 }, { failCommands: ['insert'], errorCode: 10107, errorLabels: [] });
    const bare = await failure(theirs.insertOne({ _id: 2 }));
    expect(bare).toMatchObject({ code: 10107, codeName: 'NotWritablePrimary', errorLabels: [] });
    const session = retrying.startSession();
    session.startTransaction();
    await theirs.insertOne({ _id: 3 }, { session });
    await fail({ times: 1 }, { failCommands: ['insert'], errorCode: 24 });
    const inside = await failure(theirs.insertOne({ _id: 4 }, { session }));
    expect(inside.errorLabels).toEqual(['TransientTransactionError']);
    await session.abortTransaction();
    await session.endSession();
    await retrying.close();
  });

  test('adds a write concern error to what was done, with its labels', async () => {
    const concern = { code: 91, errmsg: 'Replication is being shut down' };
    await fail({ times: 1 }, { failCommands: ['insert', 'find'], writeConcernError: concern });
    expect(await documents.findOne({})).toBeNull();
    expect(await failure(documents.insertOne({ _id: 1 }))).toMatchObject({ code: 91 });
    expect(await documents.findOne({})).toEqual({ _id: 1 });
    const session = client.startSession();
    session.startTransaction();
    await documents.insertOne({ _id: 2 }, { session });
    await fail({ times: 1 }, { failCommands: ['commitTransaction'], writeConcernError: concern });
    await session.commitTransaction();
    await session.endSession();
    expect(await documents.countDocuments()).toBe(2);
  });

  test('adds by itself that no more members than one can acknowledge, once the write is done', async () => {
    expect(await failure(documents.insertOne({ _id: 1 }, { writeConcern: { w: 2 } }))).toMatchObject({
      code: 100,
    });
    const named = documents.insertOne({ _id: 2 }, { writeConcern: { w: 'two' as 'majority' } });
    expect(await failure(named)).toMatchObject({ code: 79 });
    const session = client.startSession();
    session.startTransaction({ writeConcern: { w: 5 } });
    await documents.insertOne({ _id: 3 }, { session });
    expect(await failure(session.commitTransaction())).toMatchObject({ code: 100 });
    await session.endSession();
    expect(await documents.countDocuments()).toBe(3);
  });

  test('is refused where it is not understood', async () => {
    for (const mode of ['on', { times: -1 }, { often: 2 }, { activationProbability: 2 }, 7])
      expect(await failure(fail(mode, { failCommands: [] }))).toMatchObject({ code: 9 });
    expect(await failure(fail('alwaysOn', { failCommand: ['find'] }))).toMatchObject({ code: 40415 });
    expect(await failure(fail('alwaysOn', { failCommands: 'find' }))).toMatchObject({ code: 14 });
    expect(await failure(fail('alwaysOn', {}, 'somethingElse'))).toMatchObject({ code: 266 });
  });
});

describe('the fail point of retryable writes', () => {
  const point = 'onPrimaryTransactionalWrite';
  afterEach(() => fail('off', {}, point));

  test('loses the answer of a write that holds, or the write with it; either is made once', async () => {
    const retrying = await new MongoClient(running.uri).connect();
    const theirs = retrying.db('test').collection<{ _id: number; n: number }>('documents');
    await theirs.insertOne({ _id: 1, n: 0 });
    await fail({ times: 1 }, {}, point);
    expect(await theirs.updateOne({ _id: 1 }, { $inc: { n: 1 } })).toMatchObject({ modifiedCount: 1 });
    await fail({ times: 1 }, { failBeforeCommitExceptionCode: 1 }, point);
    expect(await theirs.updateOne({ _id: 1 }, { $inc: { n: 1 } })).toMatchObject({ modifiedCount: 1 });
    await fail({ times: 1 }, { failBeforeCommitExceptionCode: 1 }, point);
    expect(await theirs.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toMatchObject({ n: 2 });
    await fail({ times: 1 }, { failBeforeCommitExceptionCode: 8, closeConnection: false }, point);
    expect(await failure(theirs.deleteOne({ _id: 1 }))).toMatchObject({ code: 8 });
    expect(await theirs.findOne({ _id: 1 })).toEqual({ _id: 1, n: 3 });
    await retrying.close();
  });
});
