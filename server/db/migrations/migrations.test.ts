import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { createLog } from '../../log.ts';
import { connectDatabase } from '../connect.ts';
import { key } from '../key.ts';
import { createModels } from '../models.ts';
import { type Migration, migrate, migrations } from './index.ts';

const log = createLog({ level: 'silent' });
let database: TestDatabase;
let db: Connection;

beforeEach(async () => {
  database = await createTestDatabase();
  db = await connectDatabase(database.uri, { database: database.name });
});

afterEach(async () => {
  await db?.close();
  await database?.close();
});

const run = (options: Partial<Parameters<typeof migrate>[0]> = {}) =>
  migrate({ db, log, nodeId: randomUUID(), leaseMs: 2_000, ...options });

describe('the shape of the data', () => {
  it('is made once, with a collection for every model', async () => {
    expect(await run()).toEqual(migrations.map((step) => step.id));
    expect(await run()).toEqual([]);
    const names = new Set((await db.listCollections()).map((entry) => entry.name));
    for (const model of Object.values(createModels(db))) expect(names).toContain(model.collection.name);
  });

  it('is made by one of two servers that start at once, and both may go on', async () => {
    const done = await Promise.all([run(), run()]);
    expect(done.flat()).toEqual(migrations.map((step) => step.id));
  });

  it('is resumed where it stopped', async () => {
    const ran: string[] = [];
    let broken = true;
    const steps: Migration[] = [
      { id: '001-a', run: async () => void ran.push('a') },
      {
        id: '002-b',
        run: async () => {
          ran.push('b');
          if (broken) throw new Error('the disk is full');
        },
      },
    ];
    await expect(run({ steps })).rejects.toThrow('the disk is full');
    broken = false;
    expect(await run({ steps })).toEqual(['002-b']);
    expect(ran).toEqual(['a', 'b', 'b']);
  });

  it('asks for a backup before data that is there is changed, and not before there is any', async () => {
    const asked: string[][] = [];
    const before = async (pending: string[]) => void asked.push(pending);
    const first: Migration = { id: '001-a', run: async () => undefined };
    const second: Migration = { id: '002-b', run: async () => undefined };
    await run({ steps: [first], before });
    expect(asked).toEqual([]);
    await run({ steps: [first, second], before });
    expect(asked).toEqual([['002-b']]);
  });

  it('makes what was stored before teams, tags and mentions as if they had always been there', async () => {
    await run({ steps: migrations.filter((step) => step.id < '003') });
    const models = createModels(db);
    const old = { status: 'open', assigneeId: null, channelIds: ['c1'], version: 3 };
    await models.conversations.collection.insertMany([
      { _id: 'old', ...old },
      { _id: 'half', ...old, teamId: 't', tagIds: ['g'] },
    ] as never);
    await models.users.collection.insertOne({ _id: 'u', name: 'Sara' } as never);
    await run();
    const fields = { teamId: null, priority: 'normal', tagIds: [], mentionedIds: [], splitFromId: null };
    expect(await models.conversations.findById('old').lean()).toMatchObject(fields);
    expect(await models.conversations.findById('half').lean()).toMatchObject({
      ...fields,
      teamId: 't',
      tagIds: ['g'],
    });
    expect(await models.users.findById('u').lean()).toMatchObject({ teamIds: [] });
    expect(await models.conversations.countDocuments({ priority: 'normal', teamId: null })).toBe(1);
  });

  it('has one record of one number, in whatever digits it was typed, and what was said later of it', async () => {
    await run({ steps: migrations.filter((step) => step.id < '015') });
    const models = createModels(db);
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    const record = (externalId: string, day: number, customerId: string, version = 1) => ({
      _id: key('own', 'purchase', externalId),
      kind: 'purchase',
      customerId,
      externalId,
      title: `of the ${day}.`,
      version,
      createdAt: at(day),
      updatedAt: at(day),
      searchNo: day,
    });
    await models.records.collection.insertMany([
      record('1001', 1, 'a', 4),
      record('۱۰۰۱', 2, 'b'),
      record('1002', 4, 'a'),
      record('١٠٠٢', 3, 'b'),
      record('سفارش-۱۰۰۳', 5, 'c', 2),
      record('1004', 6, 'd'),
    ] as never);
    await models.importRows.collection.insertOne({
      _id: 'row',
      deeds: [
        { did: 'customer', id: 'c' },
        { did: 'record', id: 'own:purchase:سفارش-۱۰۰۳', version: 2 },
      ],
    } as never);
    await run();
    const left = await models.records.find({}).sort({ _id: 1 }).lean();
    expect(
      left.map(({ _id, externalId, customerId, title, version }) => [
        _id,
        externalId,
        customerId,
        title,
        version,
      ]),
    ).toEqual([
      ['own:purchase:1001', '1001', 'b', 'of the 2.', 5],
      ['own:purchase:1002', '1002', 'a', 'of the 4.', 2],
      ['own:purchase:1004', '1004', 'd', 'of the 6.', 1],
      ['own:purchase:سفارش-1003', 'سفارش-1003', 'c', 'of the 5.', 2],
    ]);
    expect(left.map(({ createdAt, todo }) => [createdAt.getUTCDate(), todo])).toEqual([
      [1, ['search']],
      [3, ['search']],
      [6, undefined],
      [5, ['search']],
    ]);
    expect(await models.importRows.findById('row').lean()).toMatchObject({
      deeds: [{ id: 'c' }, { id: 'own:purchase:سفارش-1003', version: 2 }],
    });
    expect(
      (
        await models.factsDue
          .find({ _id: { $ne: '*' } })
          .sort({ _id: 1 })
          .lean()
      ).map(({ _id }) => _id),
    ).toEqual(['a', 'b', 'c']);
  });

  it('lists whoever lacks a field by an index, and lets no custom field that was there become stale', async () => {
    await run({ steps: migrations.filter((step) => step.id < '018') });
    const models = createModels(db);
    await models.fields.collection.insertMany([
      { _id: 'f00000001' },
      { _id: 'f00000002', staleMonths: 6 },
    ] as never);
    await run();
    const fields = await models.fields.find({}).sort({ _id: 1 }).lean<{ staleMonths: number }[]>();
    expect(fields.map(({ staleMonths }) => staleMonths)).toEqual([0, 6]);
    const indexes = await models.facts.collection.indexes();
    expect(indexes.map(({ key }) => key)).toContainEqual({ 'completeness.missing': 1, _id: 1 });
  });

  it('is refused when a newer program wrote it', async () => {
    await run({ steps: [{ id: '099-from-the-future', run: async () => undefined }] });
    await expect(run()).rejects.toThrow(/newer version.*099-from-the-future/s);
  });

  it('is waited for while another process holds the lease, and taken over when that one is gone', async () => {
    await db.collection<{ _id: string }>('leases').insertOne({
      _id: 'migrations',
      owner: 'a dead server',
      until: new Date(Date.now() + 300),
      fence: 7,
    } as never);
    expect(await run()).toEqual(migrations.map((step) => step.id));
    const lease = await db
      .collection<{ _id: string; fence: number }>('leases')
      .findOne({ _id: 'migrations' });
    expect(lease?.fence).toBe(8);
  });

  it('derives anew what is known of everybody, from the first even where that was under way', async () => {
    await run({ steps: migrations.filter((step) => step.id < '019') });
    const models = createModels(db);
    await models.factsDue.updateOne({ _id: '*' }, { $set: { due: 3, after: 'half' } });
    await run({ steps: migrations.filter((step) => step.id < '020') });
    expect(await models.factsDue.findById('*').lean()).toMatchObject({ due: 4, after: '' });
    const indexes = await models.facts.collection.indexes();
    expect(indexes.map(({ key }) => Object.keys(key)[0])).toEqual(
      expect.arrayContaining(['bought.names', 'bought.codes', 'services.names']),
    );
  });

  it('derives anew the facts of all, from the first, wherever that had come to', async () => {
    await run({ steps: migrations.filter((step) => step.id < '020') });
    const models = createModels(db);
    await models.factsDue.updateOne({ _id: '*' }, { $set: { due: 3, after: 'm' } }, { upsert: true });
    await run({ steps: migrations.filter((step) => step.id < '021') });
    expect(await models.factsDue.findById('*').lean()).toMatchObject({
      due: 4,
      at: new Date(0),
      after: '',
    });
  });

  it('keeps customer numbers and user names in their one spelling, and leaves what somebody else has by now', async () => {
    await run({ steps: migrations.filter((step) => step.id < '021') });
    const models = createModels(db);
    const at = new Date(Date.UTC(2026, 0, 1));
    const identity = (kind: string, value: string, customerId: string) => ({
      _id: key(kind, value),
      kind,
      value,
      display: value,
      customerId,
      homeCustomerId: customerId,
      proof: 'import',
      provenAt: at,
      touched: 1,
    });
    const halfSpaced = 'علي\u200cرضا';
    const interrupted = identity('username', 'مريم', 'd');
    await models.identities.collection.insertMany([
      identity('customerNumber', 'ك-12', 'a'),
      identity('customerNumber', 'ک-12', 'b'),
      identity('customerNumber', 'ك:13', 'a'),
      identity('customerNumber', 'c-1', 'c'),
      identity('username', halfSpaced, 'c'),
      interrupted,
      { ...interrupted, _id: 'username:مریم', value: 'مریم' },
      identity('siteUser', 'ك', 'e'),
    ] as never);
    await models.customers.collection.insertOne({ _id: 'c', tokens: ['سارا'] } as never);
    const edit = (_id: string, before: object | null, after: { _id: string } | null) => ({
      _id,
      customerId: 'c',
      field: `identities.${(after ?? (before as { _id: string }))._id}`,
      before,
      after,
    });
    const user = identity('username', halfSpaced, 'c');
    await models.edits.collection.insertMany([
      edit('added', null, user),
      edit('changed', user, { ...user, proof: 'agentVerified' } as never),
      edit('removed', identity('customerNumber', 'ك-99', 'c'), null),
      edit('left', null, identity('customerNumber', 'ك-12', 'a')),
    ] as never);
    await models.importRows.collection.insertOne({
      _id: 'row',
      deeds: [
        { did: 'customer', id: 'c' },
        { did: 'identity', id: user._id, customerId: 'c' },
        { did: 'identity', id: key('customerNumber', 'ك-12'), customerId: 'a' },
      ],
    } as never);
    const told: string[] = [];
    const log = createLog({ level: 'warn' }, { write: (line) => told.push(line) });
    await run({ log });
    expect(
      (await models.identities.find({}).sort({ _id: 1 }).lean()).map((one) => [
        one._id,
        one.value,
        one.display,
        one.customerId,
      ]),
    ).toEqual(
      [
        ['customerNumber:c-1', 'c-1', 'c-1', 'c'],
        ['customerNumber:ك-12', 'ك-12', 'ك-12', 'a'],
        ['customerNumber:ک%3A13', 'ک:13', 'ك:13', 'a'],
        ['customerNumber:ک-12', 'ک-12', 'ک-12', 'b'],
        ['siteUser:ك', 'ك', 'ك', 'e'],
        ['username:علیرضا', 'علیرضا', halfSpaced, 'c'],
        ['username:مریم', 'مریم', 'مريم', 'd'],
      ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    expect(told.join()).toMatch(/customerNumber:ك-12.*"a".*"b"/s);
    const edits = await models.edits.find({}).sort({ _id: 1 }).lean();
    expect(edits.map(({ field }) => field)).toEqual([
      'identities.username:علیرضا',
      'identities.username:علیرضا',
      'identities.customerNumber:ك-12',
      'identities.customerNumber:ک-99',
    ]);
    expect(edits[1]).toMatchObject({
      before: { _id: 'username:علیرضا', value: 'علیرضا', proof: 'import' },
      after: { _id: 'username:علیرضا', display: halfSpaced, proof: 'agentVerified' },
    });
    expect(await models.importRows.findById('row').lean()).toMatchObject({
      deeds: [{ id: 'c' }, { id: 'username:علیرضا' }, { id: 'customerNumber:ك-12' }],
    });
    const { tokens } = (await models.customers.findById('c').lean()) ?? {};
    expect(tokens).toEqual(expect.arrayContaining(['سارا', 'علیرضا']));
    expect(await models.factsDue.findById('*').lean()).toMatchObject({ at: new Date(0), after: '' });
  });

  it('hears anew what strangers said, and derives the past of scores', async () => {
    await run({ steps: migrations.filter((step) => step.id < '016') });
    const models = createModels(db);
    await models.mentions.collection.insertMany([
      { _id: 'strange', messageId: null, deletedAt: null },
      { _id: 'message', messageId: 'm', deletedAt: null },
      { _id: 'gone', messageId: null, deletedAt: new Date() },
    ] as never);
    await models.advocates.collection.insertOne({
      _id: 'c',
      day: '2026-01-01',
      days: [{ day: '2026-01-01', score: 3 }],
    } as never);
    await run();
    expect((await models.mentions.find({ todo: 'advocate' }).lean()).map(({ _id }) => _id)).toEqual([
      'strange',
    ]);
    const advocate = await models.advocates.findById('c').lean();
    expect(advocate).toMatchObject({ trend: [], day: '' });
    expect(advocate).not.toHaveProperty('days');
  });

  it('compares everybody anew by their names on platforms', async () => {
    await run({ steps: migrations.filter((step) => step.id < '017') });
    const models = createModels(db);
    await models.factsDue.deleteMany({});
    await run();
    expect(await models.factsDue.find({}, { _id: 1 }).lean()).toEqual([{ _id: '*' }]);
  });

  it('derives anew whose birthday cannot be, and whose last purchase is dated ahead', async () => {
    await run({ steps: migrations.filter((step) => step.id < '021') });
    const models = createModels(db);
    await models.factsDue.deleteMany({});
    const born = { future: '2199-01-01', past: '1820-01-01', right: '1991-03-21', none: null };
    await models.customers.collection.insertMany(
      Object.entries(born).map(([_id, birthday]) => ({ _id, profile: { birthday } })) as never,
    );
    await models.facts.collection.insertMany([
      { _id: 'planned', values: { lastPurchaseAt: new Date('9999-01-01') }, services: { lastAt: null } },
      { _id: 'future', values: { lastPurchaseAt: null }, services: { lastAt: new Date('2199-01-01') } },
      { _id: 'right', values: { lastPurchaseAt: new Date('2020-01-01') }, services: { lastAt: null } },
    ] as never);
    await run();
    const due = await models.factsDue
      .find({ _id: { $ne: '*' } }, { due: 1 })
      .sort({ _id: 1 })
      .lean();
    expect(due).toEqual([
      { _id: 'future', due: 2 },
      { _id: 'past', due: 1 },
      { _id: 'planned', due: 1 },
    ]);
  });
});
