import type mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { verify } from '../store/verify.ts';
import { type Client, type Serving, serve } from '../test/serve.ts';

type Doc = Record<string, unknown>;
interface Item {
  _id: number | string;
  [field: string]: unknown;
}

let serving: Serving;
let running: RunningEngine;
let client: Client;
let items: mongoose.mongo.Collection<Item>;
let target: mongoose.mongo.Collection<Item>;

beforeAll(async () => {
  serving = await serve();
  ({ running, client } = serving);
});

afterAll(() => serving.stop());

beforeEach(async () => {
  const db = client.db('test');
  await db.dropDatabase();
  await client.db('other').dropDatabase();
  items = db.collection('items');
  target = db.collection('target');
  await items.insertMany([
    { _id: 1, kind: 'a', n: 3, owner: 10 },
    { _id: 2, kind: 'b', n: 1, owner: 11 },
    { _id: 3, kind: 'a', n: 2, owner: null },
  ]);
});

const run = (stages: Doc[], options: mongoose.mongo.AggregateOptions = {}) =>
  items.aggregate(stages, options).toArray();
const all = (collection = target) => collection.find().sort({ _id: 1 }).toArray();
const plain = (collection = items) => collection.find({}, { projection: { owner: 0 } }).toArray();

describe('$out', () => {
  it('replaces a collection and keeps its indexes', async () => {
    await target.insertMany([{ _id: 'old', n: 9 }]);
    await target.createIndex({ n: 1 }, { unique: true });
    expect(await run([{ $match: { n: { $gt: 1 } } }, { $project: { n: 1 } }, { $out: 'target' }])).toEqual(
      [],
    );
    expect(await all()).toEqual([
      { _id: 1, n: 3 },
      { _id: 3, n: 2 },
    ]);
    expect((await target.indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1']);
    expect(await target.countDocuments({ n: 2 })).toBe(1);
    expect(await target.estimatedDocumentCount()).toBe(2);
    expect(await client.db('test').listCollections({}, { nameOnly: true }).toArray()).toHaveLength(2);
    expect((await verify(running.engine.store, () => {})).faults).toEqual([]);
  });

  it('leaves the old collection as it was if it cannot be done', async () => {
    await target.insertMany([{ _id: 'old', kind: 'z' }]);
    await target.createIndex({ kind: 1 }, { unique: true });
    await expect(run([{ $project: { kind: 1 } }, { $out: 'target' }])).rejects.toMatchObject({ code: 11000 });
    expect(await all()).toEqual([{ _id: 'old', kind: 'z' }]);
    expect(await client.db('test').listCollections({}, { nameOnly: true }).toArray()).toHaveLength(2);
  });

  it('writes over what it reads, and into other databases', async () => {
    await run([{ $set: { n: 0 } }, { $unset: 'owner' }, { $out: 'items' }]);
    expect(await all(items)).toMatchObject([{ n: 0 }, { n: 0 }, { n: 0 }]);
    await run([{ $out: { db: 'other', coll: 'there' } }]);
    expect(await client.db('other').collection('there').countDocuments()).toBe(3);
  });
});

describe('whole documents are written', () => {
  it.each([
    ['without another stage', []],
    ['behind $match', [{ $match: {} }]],
    ['behind $sort and $limit', [{ $sort: { n: 1 } }, { $limit: 3 }]],
  ])('%s', async (_which, stages) => {
    const whole = await all(items);
    await run([...stages, { $out: 'target' }]);
    expect(await all()).toEqual(whole);
    await target.drop();
    await run([...stages, { $merge: 'target' }]);
    expect(await all()).toEqual(whole);
  });
});

describe('$merge', () => {
  const start = [
    { _id: 1, n: 100, old: true },
    { _id: 9, n: 9 },
  ];
  const a = { _id: 1, n: 3 };
  const rows: [rule: string, spec: Doc, result: Doc[] | number][] = [
    [
      'merges and inserts by itself',
      {},
      [{ ...a, old: true }, { _id: 2, n: 1 }, { _id: 3, n: 2 }, start[1]!],
    ],
    ['replaces', { whenMatched: 'replace' }, [a, { _id: 2, n: 1 }, { _id: 3, n: 2 }, start[1]!]],
    [
      'keeps what is there',
      { whenMatched: 'keepExisting' },
      [start[0]!, { _id: 2, n: 1 }, { _id: 3, n: 2 }, start[1]!],
    ],
    ['replaces only what is there', { whenMatched: 'replace', whenNotMatched: 'discard' }, [a, start[1]!]],
    ['merges only what is there', { whenNotMatched: 'discard' }, [{ ...a, old: true }, start[1]!]],
    [
      'asks a pipeline',
      { whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n'] } } }], whenNotMatched: 'discard' },
      [{ ...start[0]!, n: 103 }, start[1]!],
    ],
    [
      'asks a pipeline with variables',
      {
        let: { by: { $multiply: ['$n', 2] } },
        whenMatched: [{ $set: { n: '$$by' } }],
        whenNotMatched: 'discard',
      },
      [{ ...start[0]!, n: 6 }, start[1]!],
    ],
    ['fails on what is there', { whenMatched: 'fail' }, 11000],
    ['fails on what is not there', { whenNotMatched: 'fail' }, 13113],
    ['refuses what cannot be put together', { whenMatched: 'fail', whenNotMatched: 'discard' }, 51181],
    ['needs a unique index on its fields', { on: 'n' }, 51183],
    ['knows no other mode', { whenMatched: 'maybe' }, 2],
    ['knows no other option', { whenever: 1 }, 40415],
  ];
  it.each(rows)('%s', async (_rule, spec, result) => {
    await target.insertMany(start as Item[]);
    const merged = run([{ $project: { n: 1 } }, { $merge: { into: 'target', ...spec } }]);
    if (typeof result === 'number') await expect(merged).rejects.toMatchObject({ code: result });
    else {
      expect(await merged).toEqual([]);
      expect(await all()).toEqual(result);
    }
  });

  it('finds by the fields of a unique index', async () => {
    await target.createIndex({ kind: 1 }, { unique: true });
    const group = { $group: { _id: '$kind', total: { $sum: '$n' } } };
    const stages = [
      group,
      { $project: { _id: 0, kind: '$_id', total: 1 } },
      { $merge: { into: 'target', on: 'kind' } },
    ];
    await run(stages);
    await run(stages);
    expect(
      await target
        .find({}, { projection: { _id: 0 } })
        .sort({ kind: 1 })
        .toArray(),
    ).toEqual([
      { kind: 'a', total: 5 },
      { kind: 'b', total: 1 },
    ]);
    const missing = run([{ $project: { n: 1, _id: 0 } }, { $merge: { into: 'target', on: 'kind' } }]);
    await expect(missing).rejects.toMatchObject({ code: 51132 });
  });

  it('may write into what it reads', async () => {
    await run([{ $set: { _id: { $add: ['$_id', 10] } } }, { $unset: 'owner' }, { $merge: 'items' }]);
    expect(await items.countDocuments()).toBe(6);
  });

  it.each([['$out'], ['$merge']])(
    '%s is refused in a transaction and inside other pipelines',
    async (name) => {
      const stage = { [name]: 'target' };
      await client.withSession(async (session) => {
        session.startTransaction();
        await expect(run([stage], { session })).rejects.toMatchObject({ code: 263 });
        await session.abortTransaction();
      });
      await expect(run([stage, { $limit: 1 }])).rejects.toMatchObject({ code: 40601 });
      await expect(run([{ $facet: { a: [stage] } }])).rejects.toMatchObject({ code: 40600 });
    },
  );
});

describe('an aggregation', () => {
  it.each<[rule: string, stage: Doc]>([
    ['its fields', { localField: 'owner', foreignField: 'key' }],
    ['an expression', { let: { o: '$owner' }, pipeline: [{ $match: { $expr: { $eq: ['$key', '$$o'] } } }] }],
  ])('looks up by an index, correlated by %s', async (_rule, stage) => {
    const owners = client.db('test').collection<Item>('owners');
    await owners.createIndex({ key: 1 });
    await owners.insertMany(Array.from({ length: 2000 }, (_, i) => ({ _id: i, key: i })));
    const scanned = running.engine.catalog.get('test', 'owners')!.docs;
    let reads = 0;
    const { live } = running.engine.store;
    const { range } = live;
    live.range = (table, wanted) => {
      const found = range(table, wanted);
      if (table === scanned) reads += found.length;
      return found;
    };
    const rows = await run([
      { $lookup: { from: 'owners', as: 'o', ...stage } },
      { $project: { o: '$o.key' } },
      { $sort: { _id: 1 } },
    ]);
    live.range = range;
    expect(rows).toEqual([
      { _id: 1, o: [10] },
      { _id: 2, o: [11] },
      { _id: 3, o: [] },
    ]);
    expect(reads).toBeLessThan(2000);
  });

  it('evaluates the values of let once', async () => {
    const rows = await run([{ $match: { $expr: { $eq: ['$n', '$$two'] } } }, { $project: { n: 1 } }], {
      let: { two: { $add: [1, 1] } },
    });
    expect(rows).toEqual([{ _id: 3, n: 2 }]);
  });

  it('needs no collection where its first stage brings the documents', async () => {
    const db = client.db('test');
    expect(
      await db.aggregate([{ $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } }]).toArray(),
    ).toEqual([{ a: 2 }]);
    expect(
      await client
        .db('admin')
        .aggregate([{ $currentOp: {} }, { $project: { op: 1 } }])
        .toArray(),
    ).toEqual([{ op: 'command' }]);
    expect(
      await items.aggregate([{ $collStats: { count: {} } }, { $project: { count: 1 } }]).toArray(),
    ).toEqual([{ count: 3 }]);
    await expect(db.aggregate([{ $match: {} }]).toArray()).rejects.toMatchObject({ code: 73 });
    await expect(run([{ $limit: 1 }, { $documents: [] }])).rejects.toMatchObject({ code: 40602 });
  });

  it('is refused at once, even if its first batch is empty', async () => {
    const db = client.db('test');
    const asked = db.command({ aggregate: 'items', pipeline: [{ $nope: 1 }], cursor: { batchSize: 0 } });
    await expect(asked).rejects.toMatchObject({ code: 40324 });
    await expect(
      db.command({ find: 'items', filter: { n: { $nope: 1 } }, batchSize: 0 }),
    ).rejects.toMatchObject({ code: 2 });
    await expect(db.command({ find: 'items', hint: 'nope', batchSize: 0 })).rejects.toMatchObject({
      code: 2,
    });
  });

  it('ends at its time limit, and holds no more than 100 MB', async () => {
    await items.insertMany(Array.from({ length: 5000 }, (_, i) => ({ _id: i + 100, text: 'x'.repeat(20) })));
    const endless = [
      { $unwind: { path: '$n', preserveNullAndEmptyArrays: true } },
      { $set: { r: { $range: [0, 5000] } } },
      { $unwind: '$r' },
    ];
    await expect(run([...endless, { $group: { _id: '$r' } }], { maxTimeMS: 40 })).rejects.toMatchObject({
      code: 50,
    });
    const large = { $range: [0, 300_000] };
    const push = [{ $set: { r: large } }, { $group: { _id: null, all: { $push: '$r' } } }];
    await expect(run(push)).rejects.toMatchObject({ code: 146 });
    await expect(run([{ $set: { r: large } }, { $sort: { r: 1 } }])).rejects.toMatchObject({ code: 292 });
  });
});

describe('explain', () => {
  beforeEach(async () => {
    await items.createIndex({ kind: 1, n: 1 });
  });

  it('names the plan of a find', async () => {
    const scan = await items.find({ n: 1 }).explain('queryPlanner');
    expect(scan).toMatchObject({
      queryPlanner: { namespace: 'test.items', winningPlan: { stage: 'COLLSCAN', direction: 'forward' } },
    });
    expect(scan).not.toHaveProperty('executionStats');
    const indexed = await items.find({ kind: 'a' }).sort({ n: -1 }).limit(1).explain('executionStats');
    expect(indexed).toMatchObject({
      queryPlanner: {
        winningPlan: {
          stage: 'LIMIT',
          inputStage: {
            stage: 'FETCH',
            inputStage: { stage: 'IXSCAN', indexName: 'kind_1_n_1', direction: 'backward' },
          },
        },
      },
      executionStats: { nReturned: 1, totalKeysExamined: 1, totalDocsExamined: 1, executionSuccess: true },
    });
    const sorted = await items.find().sort({ owner: 1 }).explain('queryPlanner');
    expect(sorted).toMatchObject({
      queryPlanner: { winningPlan: { stage: 'SORT', inputStage: { stage: 'COLLSCAN' } } },
    });
  });

  it.each<[above: string, command: Doc]>([
    ['COUNT', { count: 'items', query: { kind: 'a' } }],
    ['UPDATE', { update: 'items', updates: [{ q: { kind: 'a' }, u: { $set: { n: 0 } }, multi: true }] }],
    ['DELETE', { delete: 'items', deletes: [{ q: { kind: 'a' }, limit: 0 }] }],
    ['UPDATE', { findAndModify: 'items', query: { kind: 'a' }, update: { $set: { n: 0 } } }],
  ])('of %s tells and does nothing', async (above, command) => {
    const before = await plain();
    const explained = await client.db('test').command({ explain: command, verbosity: 'executionStats' });
    expect(explained).toMatchObject({
      queryPlanner: { winningPlan: { stage: above } },
      executionStats: { totalDocsExamined: 'findAndModify' in command ? 1 : 2 },
    });
    expect(JSON.stringify(explained['queryPlanner'])).toContain('kind_1_n_1');
    expect(await plain()).toEqual(before);
  });

  it('of a pipeline tells what the planner does and what is left', async () => {
    const explained = await items
      .aggregate([{ $match: { kind: 'a' } }, { $group: { _id: '$n' } }])
      .explain('queryPlanner');
    expect(explained).toMatchObject({
      stages: [{ $cursor: { queryPlanner: { winningPlan: { stage: 'FETCH' } } } }, { $group: { _id: '$n' } }],
    });
    const pushed = await items.aggregate([{ $match: { kind: 'a' } }]).explain('queryPlanner');
    expect(pushed).toMatchObject({ queryPlanner: { winningPlan: { stage: 'FETCH' } } });
  });
});
