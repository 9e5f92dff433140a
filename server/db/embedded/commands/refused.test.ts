import type mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Serving, serve } from '../test/serve.ts';

let serving: Serving;
let client: Client;

beforeAll(async () => {
  serving = await serve();
  ({ client } = serving);
  await client.db('test').collection<{ _id: number }>('items').insertOne({ _id: 1 });
});

afterAll(() => serving.stop());

const collation = { locale: 'fa' };
const aggregate = (...pipeline: object[]) => ({ aggregate: 'items', pipeline, cursor: {} });
const index = (key: object, more: object = {}) => ({
  createIndexes: 'items',
  indexes: [{ key, name: 'odd', ...more }],
});

/** What MongoDB does and the engine does not, with the code that it answers. */
const REFUSED: [string, object, number][] = [
  ['collation in find', { find: 'items', collation }, 115],
  ['collation in count', { count: 'items', collation }, 115],
  ['collation in distinct', { distinct: 'items', key: 'n', collation }, 115],
  ['collation in aggregate', { ...aggregate(), collation }, 115],
  ['collation in findAndModify', { findAndModify: 'items', remove: true, collation }, 115],
  ['collation of a collection', { create: 'new', collation }, 115],
  ['collation of an index', index({ n: 1 }, { collation }), 115],
  ['$where', { find: 'items', filter: { $where: 'true' } }, 115],
  ['$text', { find: 'items', filter: { $text: { $search: 'x' } } }, 115],
  ['$near', { find: 'items', filter: { at: { $near: [1, 2] } } }, 115],
  ['$geoWithin', { find: 'items', filter: { at: { $geoWithin: { $center: [[0, 0], 1] } } } }, 115],
  ['$geoNear', aggregate({ $geoNear: { near: [0, 0], distanceField: 'd' } }), 115],
  ['$search', aggregate({ $search: { text: {} } }), 115],
  ['change streams', aggregate({ $changeStream: {} }), 115],
  ['a text index', index({ n: 'text' }), 67],
  ['a hashed index', index({ n: 'hashed' }), 67],
  ['a 2dsphere index', index({ n: '2dsphere' }), 67],
  ['a 2d index', index({ n: '2d' }), 67],
  ['a wildcard index', index({ '$**': 1 }), 67],
  ['a hidden index', index({ n: 1 }, { hidden: true }), 115],
  ['a view', { create: 'new', viewOn: 'items', pipeline: [] }, 115],
  ['a validator', { create: 'new', validator: { n: { $exists: true } } }, 115],
  ['a capped collection', { create: 'new', capped: true, size: 1000 }, 115],
  ['time series', { create: 'new', timeseries: { timeField: 'at' } }, 115],
  ['a clustered index', { create: 'new', clusteredIndex: { key: { _id: 1 }, unique: true } }, 115],
  ['a tailable cursor', { find: 'items', tailable: true }, 115],
  ['mapReduce', { mapReduce: 'items', map: 'x', reduce: 'y', out: 'z' }, 115],
  ['signing in', { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: '' }, 115],
  ['users', { createUser: 'a', pwd: 'b', roles: [] }, 115],
  ['linearizable reads', { find: 'items', readConcern: { level: 'linearizable' } }, 115],
  ['a command that nobody knows', { flyToTheMoon: 1 }, 59],
  ['a field that nobody knows', { find: 'items', wings: 2 }, 40415],
];

test.each(REFUSED)('%s is refused with its code, and a sentence', async (_, command, code) => {
  const answered = client.db('test').command(command);
  const error = await answered.then(
    () => undefined,
    (thrown: mongoose.mongo.MongoServerError) => thrown,
  );
  expect(error).toMatchObject({ code });
  expect(error!.message.length).toBeGreaterThan(15);
  expect(await client.db('test').collection('items').countDocuments()).toBe(1);
  expect(await client.db('test').listCollections({ name: 'new' }).toArray()).toEqual([]);
});

test('collation in a write is refused by its statement', async () => {
  const items = client.db('test').collection<{ _id: number }>('items');
  for (const work of [
    () => items.updateOne({}, { $set: { n: 1 } }, { collation }),
    () => items.deleteMany({}, { collation }),
  ])
    await expect(work()).rejects.toMatchObject({ code: 115 });
  expect(await items.find().toArray()).toEqual([{ _id: 1 }]);
});

/** What is wrong in itself is refused whether there is a collection to ask or not. */
const WRONG: [string, object, number][] = [
  ['an operator that nobody knows in find', { find: 'none', filter: { $wings: 1 } }, 2],
  ['an operator that nobody knows in count', { count: 'none', query: { $wings: 1 } }, 2],
  [
    'an operator that nobody knows in distinct',
    { distinct: 'none', key: 'n', query: { n: { $wings: 1 } } },
    2,
  ],
  ['a direction that is none', { find: 'none', sort: { n: 2 } }, 15975],
  ['an index that is not there for a count of all', { count: 'items', hint: 'none' }, 2],
  [
    'an index that is not there for a count of all by a pipeline',
    { ...aggregate({ $match: {} }, { $group: { _id: 1, n: { $sum: 1 } } }), hint: 'none' },
    2,
  ],
];

test.each(WRONG)('%s is refused with its code', async (_, command, code) => {
  await expect(client.db('test').command(command)).rejects.toMatchObject({ code });
});
