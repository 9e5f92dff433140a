import fc from 'fast-check';
import type mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { type Client, type Serving, serve } from '../test/serve.ts';
import { verify } from './verify.ts';

interface Item {
  _id: number;
  k: number;
  n: number;
}

let serving: Serving;
let running: RunningEngine;
let client: Client;
let documents: mongoose.mongo.Collection<Item>;

beforeAll(async () => {
  serving = await serve();
  ({ running, client } = serving);
});

afterAll(() => serving.stop());

beforeEach(async () => {
  documents = client.db('test').collection('documents');
  await client.db('test').createCollection('documents');
  await documents.createIndex({ k: 1 }, { unique: true });
  await documents.createIndex({ n: 1 });
});

afterEach(() => {
  expect(running.engine.transactions.open.size).toBe(0);
  expect(verify(running.engine.store, () => {}).faults).toEqual([]);
});

interface Step {
  by: number;
  deed: 'insert' | 'inc' | 'delete' | 'many' | 'commit' | 'abort';
  id: number;
  k: number;
}

/** What transactions should see: their snapshot with their own writes; first writer wins. */
class Model {
  committed = new Map<number, { k: number; n: number }>();
  readonly open = new Map<number, { view: Map<number, { k: number; n: number }>; wrote: Set<number> }>();

  begin(by: number): void {
    const view = new Map([...this.committed].map(([id, doc]) => [id, { ...doc }]));
    this.open.set(by, { view, wrote: new Set() });
  }

  commit(by: number): void {
    const { view, wrote } = this.open.get(by)!;
    for (const id of wrote) {
      const doc = view.get(id);
      if (doc) this.committed.set(id, { ...doc });
      else this.committed.delete(id);
    }
    this.open.delete(by);
  }
}

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.integer({ min: 0, max: 2 }),
  deed: fc.constantFrom('insert', 'inc', 'delete', 'many', 'insert', 'inc', 'commit', 'abort'),
  id: fc.integer({ min: 0, max: 5 }),
  k: fc.integer({ min: 0, max: 4 }),
});

describe('transactions in any interleaving', () => {
  test('see their snapshot and their own writes, and leave what a serial model leaves', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await documents.deleteMany({});
        const model = new Model();
        const sessions = [0, 1, 2].map(() => client.startSession());
        for (const one of steps) await play(model, sessions, one);
        for (const by of [...model.open.keys()]) {
          await sessions[by]!.commitTransaction();
          model.commit(by);
        }
        for (const session of sessions) await session.endSession();
        const left = await documents.find().sort({ _id: 1 }).toArray();
        expect(left).toEqual(
          [...model.committed].sort(([a], [b]) => a - b).map(([id, { k, n }]) => ({ _id: id, k, n })),
        );
        expect(await documents.estimatedDocumentCount()).toBe(left.length);
      }),
      { numRuns: 60 },
    );
  });
});

async function play(
  model: Model,
  sessions: mongoose.mongo.ClientSession[],
  { by, deed, id, k }: Step,
): Promise<void> {
  const session = sessions[by]!;
  if (deed === 'commit' || deed === 'abort') {
    if (!model.open.has(by)) return;
    if (deed === 'commit') {
      await session.commitTransaction();
      model.commit(by);
    } else {
      await session.abortTransaction();
      model.open.delete(by);
    }
    return;
  }
  if (!model.open.has(by)) {
    session.startTransaction();
    model.begin(by);
    await documents.findOne({ _id: -1 }, { session });
  }
  const { view, wrote } = model.open.get(by)!;
  try {
    if (deed === 'insert') {
      await documents.insertOne({ _id: id, k, n: 0 }, { session });
      expect([...view].some(([key, doc]) => key === id || doc.k === k)).toBe(false);
      view.set(id, { k, n: 0 });
      wrote.add(id);
    } else if (deed === 'inc') {
      const { modifiedCount } = await documents.updateOne({ _id: id }, { $inc: { n: 1 } }, { session });
      expect(modifiedCount).toBe(view.has(id) ? 1 : 0);
      if (modifiedCount) view.get(id)!.n++;
      if (modifiedCount) wrote.add(id);
    } else if (deed === 'delete') {
      const { deletedCount } = await documents.deleteOne({ k }, { session });
      const victim = [...view].find(([, doc]) => doc.k === k)?.[0];
      expect(deletedCount).toBe(victim === undefined ? 0 : 1);
      if (victim !== undefined) wrote.add(victim);
      view.delete(victim!);
    } else {
      const matched = [...view].filter(([, doc]) => doc.n < k);
      const { modifiedCount } = await documents.updateMany(
        { n: { $lt: k } },
        { $inc: { n: 1 } },
        { session },
      );
      expect(modifiedCount).toBe(matched.length);
      for (const [key, doc] of matched) {
        doc.n++;
        wrote.add(key);
      }
    }
    const seen = await documents
      .find({ n: { $gte: 0 } }, { session })
      .sort({ n: 1 })
      .toArray();
    const order = seen.map((doc) => Number(doc['n']));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Map(seen.map((doc) => [doc._id, { k: doc['k'], n: doc['n'] }]))).toEqual(view);
  } catch (error) {
    const code = (error as { code?: number }).code;
    if (code !== 112 && code !== 11000) throw error;
    if (code === 11000) expect([...view].some(([key, doc]) => key === id || doc.k === k)).toBe(true);
    model.open.delete(by);
    await session.abortTransaction();
  }
}
