import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Double, Int32, Long, ObjectId } from 'bson';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileSort } from '../bson/order.ts';
import { CommandError, type Doc, encode } from '../bson/values.ts';
import { Engine } from '../core.ts';
import type { Collection } from '../store/catalog.ts';
import { buildIndexes, checkSpec } from '../store/indexes.ts';
import { Store } from '../store/store.ts';
import { verify } from '../store/verify.ts';
import { deleteDocuments, insertDocument, updateDocuments } from '../update/writes.ts';
import { planQuery, type Query, type Row, runQuery } from './query.ts';

let engine: Engine;
let dir: string;
let made = 0;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'planner-'));
  engine = new Engine(new Store(dir, 'none'), 'test');
});

afterAll(async () => {
  await engine.close(() => {});
  rmSync(dir, { recursive: true, force: true });
});

const never = { due: () => false };
const control = { deadline: Number.POSITIVE_INFINITY };
const context = { now: new Date(0) };

async function fill(docs: Doc[], specs: Doc[]): Promise<Collection> {
  const collection = await engine.catalog.create('t', `c${made++}`);
  // Half of the indexes are built before the documents come, half over them.
  const wanted = specs
    .map(checkSpec)
    .filter((spec, i, all) => all.findIndex((one) => one['name'] === spec['name']) === i);
  const [early, late] = [wanted.filter((_, i) => i % 2 === 0), wanted.filter((_, i) => i % 2 === 1)];
  if (early.length > 0) await buildIndexes(engine, collection, early, control);
  for (const doc of docs)
    await engine.store
      .submit((writer) => insertDocument(writer, collection, encode(doc), never))
      .catch((error: CommandError) => {
        if (error.code !== 11000 && error.code !== 171) throw error;
      });
  for (const spec of late)
    await buildIndexes(engine, collection, [spec], control).catch((error: CommandError) => {
      if (error.code !== 11000 && error.code !== 171) throw error;
    });
  return collection;
}

function rows(collection: Collection, query: Omit<Query, 'context' | 'pace'>): Row[] {
  const found: Row[] = [];
  for (const row of runQuery(engine.store.live, collection, { ...query, context, pace: never }))
    if (row) found.push(row);
  return found;
}

/** By a full scan; undefined where MongoDB refuses to sort arrays side by side. */
function scanned(collection: Collection, where: Doc, sort: Doc): Row[] | undefined {
  try {
    return rows(collection, { filter: where, sort, hint: { $natural: 1 } });
  } catch (error) {
    if (error instanceof CommandError && error.code === 2) return undefined;
    throw error;
  }
}

const ids = (found: Row[]) => found.map(({ key }) => key.toString('hex'));

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 6 }).map((n) => new Int32(n)) },
  fc.constantFrom(new Double(1.5), new Double(3), new Double(Number.NaN), Long.fromNumber(2)),
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'B', 'ü') },
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    new Date(5),
    new Date(7),
    new ObjectId('0123456789abcdef01234567'),
  ),
);
const embedded = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  fc.array(fc.oneof(scalar, embedded), { maxLength: 3 }),
  embedded,
);
const document = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });
const field = fc.constantFrom('a', 'b', 'c', 'a.x', 'b.x', 'a.y', '_id');
const direction = fc.constantFrom(new Int32(1), new Int32(-1));
const keySpec = fc
  .uniqueArray(fc.tuple(field, direction), { minLength: 1, maxLength: 3, selector: ([name]) => name })
  .map((pairs) => Object.fromEntries(pairs) as Doc)
  .filter((key) => !('_id' in key && Object.keys(key).length === 1));
const partial = fc.constantFrom<Doc>(
  { a: { $exists: true } },
  { b: { $gt: new Int32(1) } },
  { a: { $gte: new Int32(0), $lt: new Int32(4) } },
  { c: { $lte: 'b' } },
  { a: new Int32(1) },
  { b: { $type: 'string' } },
);
const indexSpec = fc.oneof(
  { weight: 4, arbitrary: keySpec.map((key): Doc => ({ key })) },
  keySpec.map((key): Doc => ({ key, sparse: true })),
  keySpec.map((key): Doc => ({ key, unique: true })),
  fc.tuple(keySpec, partial).map(([key, one]): Doc => ({ key, partialFilterExpression: one })),
);
const anchored = fc.constantFrom(/^a/, /^ab/, /^B/, /^a.c/, /b/);
const condition = fc.oneof(
  { weight: 4, arbitrary: scalar as fc.Arbitrary<unknown> },
  fc.array(scalar, { maxLength: 4 }).map((list) => ({ $in: list })),
  fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), scalar).map(([op, one]) => ({ [op]: one })),
  fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.boolean().map((there) => ({ $exists: there })),
  scalar.map((one) => ({ $elemMatch: { $gte: one } })),
  anchored as fc.Arbitrary<unknown>,
  fc.tuple(anchored, fc.constantFrom(undefined, 'i')).map(([{ source }, options]) => ({
    $regex: source,
    ...(options && { $options: options }),
  })),
  value,
);
const flat = fc
  .array(fc.tuple(field, condition), { maxLength: 3 })
  .map((pairs) => Object.fromEntries(pairs) as Doc);
const filter = fc.oneof(
  { weight: 4, arbitrary: flat },
  fc
    .tuple(flat, fc.array(flat, { minLength: 1, maxLength: 3 }))
    .map(([one, or]): Doc => ({ ...one, $or: or })),
  fc.array(flat, { minLength: 1, maxLength: 3 }).map((and): Doc => ({ $and: and })),
);
const order = fc
  .uniqueArray(fc.tuple(field, direction), { maxLength: 3, selector: ([name]) => name })
  .map((pairs) => Object.fromEntries(pairs) as Doc);

const question = fc.record({
  filter,
  sort: order,
  limit: fc.constantFrom(0, 0, 1, 3),
  skip: fc.constantFrom(0, 0, 2),
});

describe('the planner', () => {
  test('finds by any index what a full scan finds, in the order asked for', { timeout: 60_000 }, async () => {
    let byIndex = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 30 }),
        fc.array(indexSpec, { maxLength: 4 }),
        fc.array(question, { minLength: 40, maxLength: 40 }),
        async (docs, specs, questions) => {
          const collection = await fill(
            docs.map((doc, i) => ({ _id: new Int32(i), ...doc })),
            specs,
          );
          for (const asked of questions) {
            const { filter: condition, sort, skip, limit } = asked;
            const all = scanned(collection, condition, sort);
            if (!all) continue;
            const found = rows(collection, asked);
            const end = limit ? skip + limit : all.length;
            const wanted = all.slice(skip, end);
            const plan = planQuery(engine.store.live, collection, { ...asked, context, pace: never });
            if (plan.kind !== 'collection') byIndex++;
            expect(found.length, JSON.stringify(asked)).toBe(wanted.length);
            if (skip === 0 && !limit)
              expect(ids(found).sort(), JSON.stringify(asked)).toEqual(ids(all).sort());
            const compare = compileSort(sort);
            found.forEach((row, i) => {
              expect(compare(row.doc, wanted[i]!.doc), JSON.stringify(asked)).toBe(0);
            });
          }
          await engine.catalog.drop(collection);
        },
      ),
      { numRuns: 60 },
    );
    expect(byIndex).toBeGreaterThan(400);
  });

  test('keeps indexes and counters right through updates and deletes', { timeout: 60_000 }, async () => {
    const change = fc.oneof(
      fc
        .tuple(
          flat,
          field.filter((name) => name !== '_id'),
          value,
        )
        .map(([where, name, to]) => ({ where, update: { $set: { [name]: to } } })),
      fc
        .tuple(
          flat,
          field.filter((name) => name !== '_id'),
        )
        .map(([where, name]) => ({ where, update: { $unset: { [name]: '' } } })),
      flat.map((where) => ({ where, update: undefined })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 15 }),
        fc.array(indexSpec, { maxLength: 4 }),
        fc.array(change, { maxLength: 15 }),
        async (docs, specs, changes) => {
          const collection = await fill(
            docs.map((doc, i) => ({ _id: new Int32(i), ...doc })),
            specs,
          );
          for (const { where, update } of changes) {
            const query = { filter: where, multi: true, context, pace: never };
            await engine.store
              .submit<unknown>((writer) =>
                update
                  ? updateDocuments(writer, collection, { ...query, update, upsert: false })
                  : deleteDocuments(writer, collection, { ...query, multi: false }),
              )
              .catch((error: unknown) => {
                if (!(error instanceof CommandError) || error.code === 1) throw error;
              });
          }
          await engine.store.once(() => {});
          expect(verify(engine.store, () => {}).faults).toEqual([]);
          await engine.catalog.drop(collection);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('serves a page of several conversations from one index without sorting', async () => {
    const docs = Array.from({ length: 60 }, (_, i) => ({
      _id: i,
      conversationId: `c${i % 5}`,
      status: i % 2 ? 'x' : 'y',
      at: (i * 7) % 60,
    }));
    const collection = await fill(docs, [{ key: { conversationId: 1, status: 1, at: -1 } }]);
    const asked = {
      filter: { conversationId: { $in: ['c1', 'c3', 'c4'] }, status: 'x' },
      sort: { at: -1 },
      limit: 5,
    };
    const plan = planQuery(engine.store.live, collection, { ...asked, context, pace: never });
    expect(plan).toMatchObject({ kind: 'index', sorted: true, merge: true });
    const stats = { keysExamined: 0, docsExamined: 0 };
    const found = [...runQuery(engine.store.live, collection, { ...asked, context, pace: never }, stats)];
    const expected = docs
      .filter((doc) => ['c1', 'c3', 'c4'].includes(doc.conversationId) && doc.status === 'x')
      .map((doc) => doc.at)
      .sort((a, b) => b - a)
      .slice(0, 5);
    expect(found.map((row) => Number(row!.doc['at']))).toEqual(expected);
    expect(stats.docsExamined).toBe(5);
  });
});
