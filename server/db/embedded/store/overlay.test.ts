import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Int32 } from 'bson';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Random, seeded, seedsOf } from '../../../../test/random.ts';
import { CommandError, type Doc, encode } from '../bson/values.ts';
import { Engine } from '../core.ts';
import { type Query, runQuery } from '../query/query.ts';
import { stored } from '../test/stored.ts';
import { deleteDocuments, insertDocument, type Step, updateDocuments } from '../update/writes.ts';
import type { Collection } from './catalog.ts';
import { buildIndexes, checkSpec } from './indexes.ts';
import { Store } from './store.ts';
import {
  type Branch,
  type Deed,
  drawDeed,
  type Item,
  Model,
  type Outcome,
  type State,
  sortedItem,
  whole,
} from './test/serial.ts';
import type { Txn } from './transactions.ts';
import { verify } from './verify.ts';
import type { View, Writer } from './view.ts';

const { first, last, alone } = seedsOf('OVERLAY', 1200);

let engine: Engine;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'overlay-'));
  engine = new Engine(new Store(dir, 'none'), 'test');
});

afterAll(async () => {
  await engine.close(() => {});
  rmSync(dir, { recursive: true, force: true });
});

const context = { now: new Date(0) };
const pace = { due: () => false };
const control = { deadline: Number.POSITIVE_INFINITY };

/** The command of a deed, on the live store or inside a transaction. */
function* perform(writer: Writer, collection: Collection, deed: Deed): Step<Outcome> {
  if (deed.kind === 'insert') {
    yield* insertDocument(writer, collection, encode({ ...deed.item }), pace);
    return 'done';
  }
  const query = { filter: { _id: new Int32(deed.id) }, multi: false, context, pace };
  if (deed.kind === 'delete') {
    const { deleted } = yield* deleteDocuments(writer, collection, query);
    return deleted === 1 ? 'done' : 'nothing';
  }
  const update = stored(updateOf(deed));
  const { modified } = yield* updateDocuments(writer, collection, { ...query, update, upsert: false });
  return modified === 1 ? 'done' : 'nothing';
}

function updateOf(deed: Exclude<Deed, { kind: 'insert' | 'delete' }>): Doc {
  if (deed.kind === 'inc') return { $inc: { n: deed.by } };
  if (deed.kind === 'push') return { $push: { t: deed.value } };
  return { ...(deed.unset ? { $unset: { u: '' } } : { $set: { ...deed.change } }) };
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof CommandError && error.code === 112) return 'conflict';
  if (error instanceof CommandError && error.code === 11000) return 'duplicate';
  throw error;
}

/** A deed inside a transaction; whatever is refused ends it, as it does for a client. */
function doInside(collection: Collection, txn: Txn, deed: Deed): Outcome {
  txn.begin();
  const job = perform(txn, collection, deed);
  try {
    for (;;) {
      const step = job.next();
      if (step.done) return step.value;
      expect(step.value, 'a transaction never waits for another').toBeUndefined();
    }
  } catch (error) {
    engine.transactions.abort(txn);
    return outcomeOf(error);
  }
}

const doOutside = (collection: Collection, deed: Deed): Promise<Outcome> =>
  engine.store.submit((writer) => perform(writer, collection, deed)).catch(outcomeOf);

interface Question {
  query: Omit<Query, 'context' | 'pace'>;
  /** Whether the model's document belongs to the answer. */
  test: (item: Item) => boolean;
  /** The order asked for. */
  order?: (a: Item, b: Item) => number;
}

function drawQuestion(random: Random): Question {
  const value = whole(random, 5);
  const n = (item: Item): number => item.n;
  switch (whole(random, 8)) {
    case 0:
      return { query: { filter: { _id: value } }, test: (item) => item._id === value };
    case 1:
      return { query: { filter: { u: value } }, test: (item) => item.u === value };
    case 2:
      return { query: { filter: { t: value }, hint: 't_1' }, test: (item) => item.t.includes(value) };
    case 3:
      return {
        query: { filter: { n: { $gte: value } }, sort: { n: -1 } },
        test: (item) => item.n >= value,
        order: (a, b) => n(b) - n(a),
      };
    case 4:
      return {
        query: { filter: {}, sort: { n: 1 }, hint: 'n_1' },
        test: () => true,
        order: (a, b) => n(a) - n(b),
      };
    case 5:
      return {
        query: { filter: { t: value }, sort: { n: 1 } },
        test: (item) => item.t.includes(value),
        order: (a, b) => n(a) - n(b),
      };
    case 6:
      return {
        query: { filter: { $or: [{ n: value }, { u: value }] } },
        test: (item) => item.n === value || item.u === value,
      };
    default:
      return {
        query: { filter: { _id: { $gt: value } }, sort: { _id: -1 } },
        test: (item) => item._id > value,
        order: (a, b) => b._id - a._id,
      };
  }
}

const itemOf = (doc: Doc): Item => JSON.parse(JSON.stringify(doc)) as Item;
const byId = (a: Item, b: Item): number => a._id - b._id;

function ask(view: View, collection: Collection, question: Question): Item[] {
  const found: Item[] = [];
  const { query } = question;
  const asked = { ...query, filter: stored(query.filter), ...(query.sort && { sort: stored(query.sort) }) };
  for (const row of runQuery(view, collection, { ...asked, context, pace }))
    if (row) found.push(itemOf(row.doc));
  return found;
}

/** An answer holds exactly what the model says, and in the order asked for. */
function compareAnswer(found: Item[], state: State, question: Question, at: string): void {
  const wanted = [...state.values()].filter(question.test);
  expect([...found].sort(byId).map(sortedItem), at).toEqual(wanted.sort(byId).map(sortedItem));
  const { order } = question;
  if (!order) return;
  found.forEach((item, i) => {
    if (i > 0) expect(order(found[i - 1]!, item), at).toBeLessThanOrEqual(0);
  });
}

/** How often each thing came about, so that a test that stops meeting it fails. */
const met: Record<Outcome | 'commit' | 'abort' | 'waited', number> = {
  done: 0,
  nothing: 0,
  duplicate: 0,
  conflict: 0,
  waits: 0,
  waited: 0,
  commit: 0,
  abort: 0,
};

interface Open {
  branch: Branch;
  txn: Txn;
}

/** One drawn schedule: transactions and plain writes interleaved, the engine beside the model after every step. */
class Schedule {
  private readonly model = new Model();
  private open: Open[] = [];
  /** A plain write that waits for a transaction: one at a time, so that its place in the order is known. */
  private waiting: { deed: Deed; outcome: Promise<Outcome> } | undefined;
  private readonly collection: Collection;
  private readonly random: Random;
  private readonly name: string;
  private step = 0;

  constructor(collection: Collection, seed: number) {
    this.collection = collection;
    this.random = seeded(seed);
    this.name = `OVERLAY_SEED=${seed}`;
  }

  private get at(): string {
    return `${this.name}, step ${this.step}`;
  }

  async play(): Promise<void> {
    const steps = 12 + whole(this.random, 24);
    for (this.step = 0; this.step < steps; this.step++) {
      await this.next();
      this.look();
    }
    while (this.open.length > 0) await this.end(this.open[0]!);
    expect(this.waiting, this.at).toBeUndefined();
    this.look();
    expect(this.collection.count, this.at).toBe(this.model.committed.size);
  }

  private async next(): Promise<void> {
    const draw = this.random();
    if (this.open.length === 0 || (draw < 0.12 && this.open.length < 4)) {
      this.open.push({ branch: this.model.begin(), txn: engine.transactions.begin() });
    } else if (draw < 0.25) await this.plain(drawDeed(this.random));
    else {
      const one = this.open[whole(this.random, this.open.length)]!;
      if (draw < 0.37) await this.end(one);
      else await this.write(one, drawDeed(this.random));
    }
  }

  private async write(one: Open, deed: Deed): Promise<void> {
    const wanted = this.model.inside(one.branch, deed);
    expect(doInside(this.collection, one.txn, deed), `${this.at}: ${JSON.stringify(deed)}`).toBe(wanted);
    met[wanted]++;
    if (wanted === 'done' || wanted === 'nothing') return;
    expect(one.txn.open, this.at).toBe(false);
    this.model.abort(one.branch);
    await this.ended(one);
  }

  private async plain(deed: Deed): Promise<void> {
    if (this.waiting) return;
    const wanted = this.model.outside(deed);
    const outcome = doOutside(this.collection, deed);
    met[wanted]++;
    if (wanted === 'waits') this.waiting = { deed, outcome };
    else expect(await outcome, `${this.at}: ${JSON.stringify(deed)}`).toBe(wanted);
  }

  private async end(one: Open): Promise<void> {
    if (this.random() < 0.7) {
      this.model.commit(one.branch);
      await engine.transactions.commit(one.txn, () => {});
      met.commit++;
    } else {
      this.model.abort(one.branch);
      engine.transactions.abort(one.txn);
      met.abort++;
    }
    await this.ended(one);
  }

  /** A transaction is over: who waited for it goes on, or waits for another. */
  private async ended(one: Open): Promise<void> {
    this.open = this.open.filter((other) => other !== one);
    if (!this.waiting) return;
    const { deed, outcome } = this.waiting;
    const wanted = this.model.outside(deed);
    if (wanted === 'waits') {
      // It has to see who holds its keys now, before anything else happens.
      await engine.store.once(() => {});
      await engine.store.once(() => {});
      return;
    }
    this.waiting = undefined;
    met.waited++;
    expect(await outcome, `${this.at}: ${JSON.stringify(deed)}`).toBe(wanted);
  }

  private look(): void {
    const question = drawQuestion(this.random);
    compareAnswer(ask(engine.store.live, this.collection, question), this.model.committed, question, this.at);
    for (const { txn, branch } of this.open) {
      const each = drawQuestion(this.random);
      compareAnswer(ask(txn, this.collection, each), branch.state, each, this.at);
    }
  }
}

async function emptied(collection: Collection): Promise<void> {
  await engine.store.submit((writer) =>
    deleteDocuments(writer, collection, { filter: {}, multi: true, context, pace }),
  );
}

describe('transactions beside plain writes', () => {
  test('do what a serial model says, whatever the interleaving', { timeout: 120_000 }, async () => {
    const collection = await engine.catalog.create('t', 'items');
    const specs = [
      { key: { u: 1 }, unique: true, sparse: true },
      { key: { n: 1 } },
      { key: { t: 1 } },
      { key: { t: 1, n: 1 } },
    ];
    await buildIndexes(engine, collection, specs.map(checkSpec), control);
    for (let seed = first; seed <= last; seed++) {
      await new Schedule(collection, seed).play();
      expect(engine.transactions.open.size).toBe(0);
      if (seed % 100 === 0 || alone)
        expect(verify(engine.store, () => {}).faults, `OVERLAY_SEED=${seed}`).toEqual([]);
      await emptied(collection);
    }
    if (alone) return;
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(last / 20);
  });
});
