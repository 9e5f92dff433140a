import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeded, seedsOf, shuffled } from '../../../../test/random.ts';
import { compileSort, sortDocs } from '../bson/order.ts';
import { CommandError, type Doc, encode } from '../bson/values.ts';
import { Engine } from '../core.ts';
import type { Collection } from '../store/catalog.ts';
import { buildIndexes, checkSpec } from '../store/indexes.ts';
import { Store } from '../store/store.ts';
import { verify } from '../store/verify.ts';
import { stored } from '../test/stored.ts';
import { deleteDocuments, insertDocument, updateDocuments } from '../update/writes.ts';
import { compileFilter } from './match.ts';
import { planQuery, type Row, runQuery } from './query.ts';
import { type Question, Questions } from './test/questions.ts';

const { first, last, alone } = seedsOf('PLANNER', 60);
const DOCUMENTS = 500;
const QUESTIONS = 60;

let engine: Engine;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'planner-'));
  engine = new Engine(new Store(dir, 'none'), 'test');
});

afterAll(async () => {
  await engine.close(() => {});
  rmSync(dir, { recursive: true, force: true });
});

const context = { now: new Date(0) };
const pace = { due: () => false };
const control = { deadline: Number.POSITIVE_INFINITY };

/** Refusals that a random index or document may meet: a duplicate, arrays side by side, a name that is also a place. */
const REFUSALS = new Set([11000, 171, 16746]);

function mayBeRefused(error: unknown): void {
  if (!(error instanceof CommandError) || !REFUSALS.has(error.code)) throw error;
}

/** Rows of a question as the engine finds them; undefined where it may not be asked (a sort by arrays side by side). */
function asked(collection: Collection, question: Question): Row[] | undefined {
  try {
    const rows: Row[] = [];
    for (const row of runQuery(engine.store.live, collection, { ...question, context, pace }))
      if (row) rows.push(row);
    return rows;
  } catch (error) {
    if (error instanceof CommandError && error.code === 2) return undefined;
    throw error;
  }
}

/** All that match, by looking at every document, sorted in memory; undefined as for `asked`. */
function expected(all: readonly Doc[], question: Question): Doc[] | undefined {
  const { test } = compileFilter(question.filter, context);
  const matching = all.filter(test);
  try {
    return question.sort ? sortDocs(matching, question.sort) : matching;
  } catch (error) {
    if (error instanceof CommandError && error.code === 2) return undefined;
    throw error;
  }
}

const idText = (doc: Doc): string => String(doc['_id']);

/** How many questions were answered in each way, so that a test that stops trying one fails. */
const ways = {
  index: 0,
  collection: 0,
  union: 0,
  merge: 0,
  sortedByIndex: 0,
  sortedAfterArrays: 0,
  refused: 0,
};

function note(collection: Collection, question: Question): void {
  const plan = planQuery(engine.store.live, collection, { ...question, context, pace });
  ways[plan.kind]++;
  if (plan.kind === 'union' || plan.kind === 'collection' || !question.sort) return;
  if (plan.merge && plan.spans.length > 1) ways.merge++;
  if (plan.sorted) ways.sortedByIndex++;
  if (plan.sorted && plan.index?.multikey) ways.sortedAfterArrays++;
}

function check(collection: Collection, all: readonly Doc[], question: Question, at: string): void {
  const wanted = expected(all, question);
  const found = asked(collection, question);
  if (!wanted || !found) {
    // An index may give the order without looking at the arrays; the other way round is an error.
    expect(!wanted || found !== undefined, at).toBe(true);
    ways.refused++;
    return;
  }
  note(collection, question);
  const skip = question.skip ?? 0;
  const end = question.limit ? skip + question.limit : wanted.length;
  const due = wanted.slice(skip, end);
  expect(found.length, at).toBe(due.length);
  const ids = found.map((row) => idText(row.doc));
  expect(new Set(ids).size, at).toBe(ids.length);
  const matching = new Set(wanted.map(idText));
  expect(
    ids.filter((id) => !matching.has(id)),
    at,
  ).toEqual([]);
  if (!question.sort) return;
  const compare = compileSort(question.sort);
  found.forEach((row, i) => {
    expect(compare(row.doc, due[i]!), at).toBe(0);
  });
}

const textOf = (question: Question): string => {
  const { filter, sort, skip, limit, hint } = question;
  return encode({ filter, sort, skip, limit, hint }).toString('base64');
};

/** One round: documents, indexes before and after them, questions, changes, questions again. */
async function play(seed: number): Promise<void> {
  const random = seeded(seed);
  const draw = new Questions(random);
  const name = `PLANNER_SEED=${seed}`;
  const collection = await engine.catalog.create('t', `c${seed}`);
  const drawn = draw.many(5, () => checkSpec(stored(draw.index())));
  const specs = drawn.filter((spec, i) => drawn.findIndex((one) => one['name'] === spec['name']) === i);
  const early = specs.filter((_, i) => i % 2 === 0);
  if (early.length > 0) await buildIndexes(engine, collection, early, control);
  // Some fields hold no arrays in this round, so that an index may give their order.
  const plain = new Set(shuffled(['a', 'b', 'c', 'd'], random).slice(0, draw.below(4)));
  await engine.store.submit(function* (writer) {
    for (let id = 0; id < DOCUMENTS; id++) {
      try {
        yield* insertDocument(writer, collection, encode(draw.document(id, plain)), pace);
      } catch (error) {
        mayBeRefused(error);
      }
    }
  });
  for (const [i, spec] of specs.entries())
    if (i % 2 === 1) await buildIndexes(engine, collection, [spec], control).catch(mayBeRefused);
  const look = (count: number): void => {
    const all = (asked(collection, { filter: {}, hint: { $natural: 1 } }) ?? []).map((row) => row.doc);
    expect(all.length, name).toBe(collection.count);
    for (let i = 0; i < count; i++) {
      const question = stored(draw.question(collection.indexes));
      check(collection, all, clean(question), `${name} question ${textOf(question)}`);
    }
  };
  look(QUESTIONS - 15);
  for (let i = 0; i < 12; i++) {
    const { filter, update } = draw.change();
    const query = { filter: stored(filter), multi: draw.chance(0.5), context, pace };
    await engine.store
      .submit<unknown>((writer) =>
        update
          ? updateDocuments(writer, collection, { ...query, update: stored(update), upsert: false })
          : deleteDocuments(writer, collection, { ...query, multi: false }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof CommandError) || error.code === 1) throw error;
      });
  }
  await engine.store.once(() => {});
  expect(verify(engine.store, () => {}).faults, name).toEqual([]);
  look(15);
  await engine.catalog.drop(collection);
}

/** Numbers of the frame as the commands hand them on: plain. */
function clean(question: Question): Question {
  const { skip, limit } = question;
  return {
    ...question,
    ...(skip !== undefined && { skip: Number(skip) }),
    ...(limit !== undefined && { limit: Number(limit) }),
  };
}

describe('the planner over random documents', () => {
  test('finds by any index what looking at every document finds, in the order asked for', {
    timeout: 60_000 + (last - first + 1) * 4000,
  }, async () => {
    for (let seed = first; seed <= last; seed++) await play(seed);
    if (alone) return;
    for (const [way, times] of Object.entries(ways)) expect(times, way).toBeGreaterThan(last / 6);
  });
});
