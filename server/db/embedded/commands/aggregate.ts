import { compilePipeline, type PipelineContext, type Pushdown } from '../aggregate/aggregate.ts';
import { compareValues } from '../bson/order.ts';
import { CommandError, type Doc, encode, isDoc, numberOf } from '../bson/values.ts';
import { valuesAt } from '../query/distinct.ts';
import { type Row, runQuery } from '../query/query.ts';
import { Slices } from '../session/control.ts';
import { MAX_DOCUMENT } from '../wire/raw.ts';
import { type Command, type Context, evalContext, openCursor, paced, viewOf } from './command.ts';
import { docs, optionalDoc, refuse, text, whole } from './fields.ts';
import { queryOf } from './find.ts';

interface SourceRequest {
  collection: string;
  pushdown: Pushdown;
  variables?: Doc | undefined;
  hint?: unknown;
}

async function* rowsOf(context: Context, slices: Slices, request: SourceRequest): AsyncGenerator<Row> {
  const { filter, sort, skip, limit } = request.pushdown;
  const collection = context.catalog.get(context.db, request.collection);
  const query = {
    filter,
    sort,
    skip,
    limit,
    hint: request.hint,
    context: evalContext(context, request.variables),
    pace: slices,
  };
  if (limit === 0 || !collection) return;
  yield* paced(runQuery(viewOf(context), collection, query), slices);
}

async function* docsOf(rows: AsyncIterable<Row>): AsyncGenerator<Doc> {
  for await (const row of rows) yield row.doc;
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

async function* results(context: Context, name: string, slices: Slices): AsyncGenerator<Buffer> {
  const { body } = context;
  const stages = docs(body, 'pipeline');
  const collection = context.catalog.get(context.db, name);
  if (isCountAll(stages) && !context.txn) {
    if (collection && collection.count > 0) yield encode({ _id: 1, n: collection.count });
    return;
  }
  const variables = optionalDoc(body, 'let');
  const pipelineContext: PipelineContext = {
    ...evalContext(context, variables),
    source: (from, pushdown, vars) =>
      docsOf(rowsOf(context, slices, { collection: from, pushdown, variables: vars ?? variables })),
    checkpoint: () => void slices.due(),
  };
  const pipeline = compilePipeline(stages, pipelineContext);
  const source = rowsOf(context, slices, {
    collection: name,
    pushdown: pipeline.pushdown,
    variables,
    hint: body['hint'],
  });
  if (pipeline.rest.length === 0) for await (const row of source) yield row.raw;
  else for await (const one of pipeline.run(docsOf(source))) yield limited(encode(one));
}

function limited(raw: Buffer): Buffer {
  if (raw.length <= MAX_DOCUMENT) return raw;
  throw new CommandError(
    10334,
    `a document of the result has ${raw.length} bytes, more than ${MAX_DOCUMENT}`,
  );
}

const REFUSED = [
  '$out',
  '$merge',
  '$changeStream',
  '$collStats',
  '$indexStats',
  '$currentOp',
  '$listSessions',
];

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
  run(context) {
    const { body, db } = context;
    refuse(body, ['collation', 'explain']);
    if (typeof body['aggregate'] !== 'string')
      throw new CommandError(
        115,
        'an aggregation without a collection is not supported by the embedded engine',
      );
    const name = text(body, 'aggregate');
    for (const stage of docs(body, 'pipeline')) {
      const refused = REFUSED.find((one) => one in stage);
      if (refused) throw new CommandError(115, `the embedded engine does not support the stage ${refused}`);
    }
    const cursor = optionalDoc(body, 'cursor');
    if (!cursor)
      throw new CommandError(
        9,
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    const slices = new Slices(context.control);
    return openCursor(context, {
      ns: `${db}.${name}`,
      source: results(context, name, slices),
      batchSize: whole(cursor, 'batchSize'),
    });
  },
};

export const distinct: Command = {
  fields: ['key', 'query', 'collation', 'hint'],
  transactional: true,
  async run(context) {
    const { body, catalog, db } = context;
    refuse(body, ['collation']);
    const collection = catalog.get(db, text(body, 'distinct'));
    const path = text(body, 'key');
    const found: unknown[] = [];
    if (!collection) return { doc: { values: found } };
    const slices = new Slices(context.control);
    const query = queryOf(context, optionalDoc(body, 'query') ?? {}, slices);
    for await (const row of paced(runQuery(viewOf(context), collection, query), slices))
      for (const value of valuesAt(row.doc, path)) insertSorted(found, value);
    return { doc: { values: found } };
  },
};

/** Keeps a list of distinct values in order. */
function insertSorted(list: unknown[], value: unknown): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(list[middle], value);
    if (order === 0) return;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, value);
}
