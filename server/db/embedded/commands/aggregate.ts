import {
  compilePipeline,
  type Docs,
  type Pipeline,
  type PipelineContext,
  type SourceRequest,
} from '../aggregate/aggregate.ts';
import { CommandError, type Doc, encode, isDoc, numberOf } from '../bson/values.ts';
import { NO_FIELDS } from '../query/fields.ts';
import { type Row, runQuery } from '../query/query.ts';
import { Slices } from '../session/control.ts';
import { MAX_DOCUMENT } from '../wire/raw.ts';
import { type Command, type Context, evalContext, nothing, openCursor, viewOf } from './command.ts';
import { docs, flag, optionalDoc, refuse, text, whole } from './fields.ts';
import { originOf } from './origins.ts';
import { outputOf, writeOutput } from './output.ts';

/** What an aggregation reads: a collection, or what its first stage says of the server. */
export const NO_COLLECTION = '$cmd.aggregate';

/** The collection of the command; `aggregate: 1` has none. */
export function collectionName(body: Doc): string {
  if (numberOf(body['aggregate']) === 1) return NO_COLLECTION;
  return text(body, 'aggregate');
}

/** What the stages of a command work with. */
function pipelineContext(context: Context, slices: Slices): PipelineContext {
  const variables = optionalDoc(context.body, 'let');
  return {
    ...evalContext(context, variables),
    pace: slices,
    source: (request) => documentsOf(rowsOf(context, slices, request)),
    origin: (name, spec) => originOf(context, name, spec),
  };
}

/** The stages of a command: they read, and perhaps the last of them writes. */
export function stagesOf(body: Doc): { stages: Doc[]; output: Doc | undefined } {
  const stages = docs(body, 'pipeline');
  const last = stages.at(-1);
  const writes = isDoc(last) && (Object.hasOwn(last, '$out') || Object.hasOwn(last, '$merge'));
  return writes ? { stages: stages.slice(0, -1), output: last } : { stages, output: undefined };
}

/** Compiles a command's pipeline; without a collection its first stage must bring the documents. */
export function pipelineOf(context: Context, slices: Slices, stages: Doc[]): Pipeline {
  const pipeline = compilePipeline(stages, pipelineContext(context, slices));
  if (collectionName(context.body) !== NO_COLLECTION || pipeline.origin) return pipeline;
  const [first = 'nothing'] = Object.keys(stages[0] ?? {});
  throw new CommandError(73, `{aggregate: 1} is not valid for '${first}'; a collection is required.`);
}

function* rowsOf(
  context: Context,
  slices: Slices,
  { collection: name, pushdown, vars, fields, hint }: SourceRequest & { hint?: unknown },
): Generator<Row | null> {
  const collection = context.catalog.get(context.db, name);
  if (pushdown.limit === 0 || !collection) return;
  yield* runQuery(viewOf(context), collection, {
    ...pushdown,
    hint,
    fields,
    context: { now: context.now, ...(vars && { let: vars }) },
    pace: slices,
  });
}

function* documentsOf(rows: Iterable<Row | null>): Generator<Doc | null> {
  for (const row of rows) yield row?.doc ?? null;
}

/** The pipeline that drivers send for countDocuments without a filter: answered by the counter. */
function isCountAll(stages: Doc[]): boolean {
  const [match, group] = stages;
  const empty = isDoc(match?.['$match']) && Object.keys(match['$match']).length === 0;
  const by = group?.['$group'];
  if (stages.length !== 2 || !empty || !isDoc(by)) return false;
  const sum = by['n'];
  return (
    Object.keys(by).length === 2 && numberOf(by['_id']) === 1 && isDoc(sum) && numberOf(sum['$sum']) === 1
  );
}

/** What a command's pipeline reads, as rows; of their documents no more than `fields` is decoded. */
function sourceOf(
  context: Context,
  slices: Slices,
  { pushdown, fields }: Pick<Pipeline, 'pushdown' | 'fields'>,
): Iterable<Row | null> {
  return rowsOf(context, slices, {
    collection: collectionName(context.body),
    pushdown,
    vars: pipelineContext(context, slices).let,
    hint: context.body['hint'],
    fields,
  });
}

/** The documents that come out of a command's pipeline. */
function resultsOf(context: Context, slices: Slices, pipeline: Pipeline): Docs {
  return pipeline.run(pipeline.origin ?? documentsOf(sourceOf(context, slices, pipeline)));
}

async function* rawResults(context: Context, slices: Slices, pipeline: Pipeline): AsyncGenerator<Buffer> {
  if (pipeline.rest.length === 0 && !pipeline.origin) {
    // All is pushed down: the rows' own bytes go out, nobody reads their documents.
    for (const row of sourceOf(context, slices, { ...pipeline, fields: NO_FIELDS })) {
      if (row) yield row.raw;
      else await slices.turn();
    }
    return;
  }
  for (const one of resultsOf(context, slices, pipeline)) {
    if (one) yield limited(encode(one));
    if (!one || slices.due()) await slices.turn();
  }
}

async function* counted(context: Context): AsyncGenerator<Buffer> {
  const collection = context.catalog.get(context.db, collectionName(context.body));
  if (collection && collection.count > 0) yield encode({ _id: 1, n: collection.count });
}

function limited(raw: Buffer): Buffer {
  if (raw.length <= MAX_DOCUMENT) return raw;
  throw new CommandError(
    10334,
    `a document of the result has ${raw.length} bytes, more than ${MAX_DOCUMENT}`,
  );
}

export const aggregate: Command = {
  fields: [
    'pipeline',
    'cursor',
    'allowDiskUse',
    'bypassDocumentValidation',
    'hint',
    'let',
    'collation',
    'explain',
  ],
  transactional: true,
  async run(context) {
    const { body, db } = context;
    refuse(body, ['collation']);
    if (flag(body, 'explain'))
      throw new CommandError(
        115,
        "the embedded engine explains an aggregation by the command 'explain', not by its option 'explain'",
      );
    const { stages, output } = stagesOf(body);
    const cursor = optionalDoc(body, 'cursor');
    if (!cursor)
      throw new CommandError(
        9,
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    const ns = `${db}.${collectionName(body)}`;
    const slices = new Slices(context.control);
    const pipeline = pipelineOf(context, slices, stages);
    if (output) {
      await writeOutput(context, outputOf(context, output), {
        documents: resultsOf(context, slices, pipeline),
        stages,
        slices,
      });
      return openCursor(context, { ns, source: nothing });
    }
    const counts =
      isCountAll(stages) && body['hint'] === undefined && viewOf(context) === context.engine.store.live;
    return openCursor(context, {
      ns,
      source: counts ? counted(context) : rawResults(context, slices, pipeline),
      batchSize: whole(cursor, 'batchSize'),
    });
  },
};
