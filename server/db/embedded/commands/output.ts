import { randomUUID } from 'node:crypto';
import type { Docs } from '../aggregate/aggregate.ts';
import { Meter, weightOf } from '../aggregate/memory.ts';
import { compileMerge, type Merge } from '../aggregate/merge.ts';
import { stageOf } from '../aggregate/stages.ts';
import { CommandError, type Doc, encode, isDoc, typeAlias, unsupported } from '../bson/values.ts';
import type { Slices } from '../session/control.ts';
import { type Collection, checkNamespace, TEMPORARY } from '../store/catalog.ts';
import { buildIndexes } from '../store/indexes.ts';
import type { Writer } from '../store/view.ts';
import { insertDocument, type Step } from '../update/writes.ts';
import { type Context, writePace } from './command.ts';

/** Where a pipeline's last stage writes, and how. */
interface Output {
  db: string;
  coll: string;
  /** Absent: $out, which puts the result in the place of what was there. */
  merge?: Merge;
}

interface Results {
  documents: Docs;
  /** The stages in front. */
  stages: Doc[];
  slices: Slices;
}

/** Documents and bytes that are written in one job. */
const BATCH = 1000;
const BATCH_BYTES = 1024 * 1024;

const OWN = new Set(['admin', 'config', 'local']);

/** Reads $out or $merge; refuses what it may not be. */
export function outputOf(context: Context, stage: Doc): Output {
  const [name, spec] = stageOf(stage);
  if (context.txn) throw new CommandError(263, `${name} cannot be used in a transaction`);
  const output = name === '$out' ? outOf(context, spec) : compileMerge(context, spec);
  if (OWN.has(output.db)) throw new CommandError(31321, `Can't ${name} to internal database: ${output.db}`);
  checkNamespace(output.db, output.coll);
  if (output.coll.startsWith('system.'))
    throw new CommandError(17385, `Can't ${name} to special collection: ${output.coll}`);
  return output;
}

function outOf(context: Context, spec: unknown): Output {
  if (typeof spec === 'string') return { db: context.db, coll: spec };
  if (!isDoc(spec))
    throw new CommandError(
      16990,
      `$out only supports a string or object argument, but found ${typeAlias(spec)}`,
    );
  const { db, coll, timeseries, ...strangers } = spec;
  if (timeseries !== undefined) throw unsupported("$out's timeseries");
  const [stranger] = Object.keys(strangers);
  if (stranger !== undefined)
    throw new CommandError(40415, `BSON field '$out.${stranger}' is an unknown field.`);
  if (typeof db !== 'string' || typeof coll !== 'string')
    throw new CommandError(40414, "$out's document needs 'db' and 'coll', both of them text");
  return { db, coll };
}

/** Writes what comes out of a pipeline; resolves once it is on disk. */
export async function writeOutput(context: Context, output: Output, results: Results): Promise<void> {
  if (output.merge) await mergeInto(context, output.db, output.coll, output.merge, results);
  else await replace(context, output, results);
}

/** The results in batches; between them others have their turn. */
async function* batches({ documents, slices }: Results): AsyncGenerator<Doc[]> {
  let batch: Doc[] = [];
  let bytes = 0;
  for (const doc of documents) {
    if (!doc) {
      await slices.turn();
      continue;
    }
    batch.push(doc);
    bytes += weightOf(doc);
    if (batch.length < BATCH && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

function writeAll(
  context: Context,
  batch: Doc[],
  write: (writer: Writer, doc: Doc) => Step<void>,
): Promise<void> {
  return context.engine.store.submit(function* (writer) {
    for (const doc of batch) {
      yield* write(writer, doc);
      if (writer.due()) yield undefined;
    }
  }, context.control.deadline);
}

/** $out: a new collection with the old one's indexes takes its name once all is in it. */
async function replace(context: Context, { db, coll }: Output, results: Results): Promise<void> {
  const { catalog } = context.engine;
  const specs = (catalog.get(db, coll)?.indexes ?? [])
    .filter((index) => !index.building)
    .map(({ spec }) => spec);
  const made = await catalog.create(db, `${TEMPORARY}${randomUUID()}`);
  try {
    if (specs.length > 0) await buildIndexes(context.engine, made, specs, context.control);
    for await (const batch of batches(results))
      await writeAll(context, batch, (writer, doc) => insert(context, writer, made, doc));
    await catalog.rename(made, db, coll);
  } catch (error) {
    await catalog.drop(made);
    throw error;
  }
}

function* insert(context: Context, writer: Writer, collection: Collection, doc: Doc): Step<void> {
  yield* insertDocument(writer, collection, encode(doc), writePace(context, writer));
}

async function mergeInto(
  context: Context,
  db: string,
  coll: string,
  merge: Merge,
  results: Results,
): Promise<void> {
  const { catalog } = context.engine;
  merge.check(catalog.get(db, coll));
  const target = await catalog.getOrCreate(db, coll);
  const write = (writer: Writer, doc: Doc) => merge.write(writer, target, doc, writePace(context, writer));
  const itself = db === context.db && mentions([context.body['aggregate'], results.stages], coll);
  const source = itself ? await held(results) : batches(results);
  for await (const batch of source) await writeAll(context, batch, write);
}

/** A pipeline that may read what it writes is read to its end first. */
async function held(results: Results): Promise<Doc[][]> {
  const meter = new Meter('$merge into a collection that the pipeline reads');
  const all: Doc[][] = [];
  for await (const batch of batches(results)) {
    for (const doc of batch) meter.add(doc);
    all.push(batch);
  }
  return all;
}

function mentions(value: unknown, name: string): boolean {
  if (typeof value === 'string') return value === name;
  if (Array.isArray(value)) return value.some((each) => mentions(each, name));
  return isDoc(value) && Object.values(value).some((each) => mentions(each, name));
}
