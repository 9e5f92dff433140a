import { Long } from 'bson';
import { compileSortKey } from '../bson/order.ts';
import { CommandError, type Doc, encode, numberOf } from '../bson/values.ts';
import { NO_FIELDS, projectedFields } from '../query/fields.ts';
import { compileFilter } from '../query/match.ts';
import { compileProjection } from '../query/projection.ts';
import { planQuery, type Query, runQuery } from '../query/query.ts';
import { checkControl, Slices } from '../session/control.ts';
import { FIRST_BATCH, nextBatch, type RawSource, RowSource } from '../session/cursors.ts';
import { int32 } from '../wire/raw.ts';
import { type Command, type Context, evalContext, nothing, openCursor, paced, viewOf } from './command.ts';
import { flag, optionalDoc, refuse, text, whole } from './fields.ts';

const FIND_FIELDS = [
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'noCursorTimeout',
  'allowDiskUse',
  'allowPartialResults',
  'let',
  'collation',
  'min',
  'max',
  'returnKey',
  'showRecordId',
  'tailable',
  'awaitData',
  'oplogReplay',
  'maxScan',
  'snapshot',
] as const;

/** What is asked of a collection by find, count and distinct alike. */
export function queryOf(context: Context, filter: Doc, slices: Slices): Query {
  const { body } = context;
  return {
    filter,
    sort: optionalDoc(body, 'sort'),
    skip: whole(body, 'skip'),
    limit: whole(body, 'limit'),
    hint: body['hint'],
    context: evalContext(context, optionalDoc(body, 'let')),
    pace: slices,
  };
}

/** A find as compiled: what is wrong with it is said at once, even if no row is asked for yet. */
function prepared(context: Context, slices: Slices) {
  const { body } = context;
  const filter = optionalDoc(body, 'filter') ?? {};
  const wanted = optionalDoc(body, 'projection') ?? {};
  const query = queryOf(context, filter, slices);
  if (Object.keys(wanted).length === 0) return { query: { ...query, fields: NO_FIELDS } };
  const project = compileProjection(wanted, query.context, filter);
  return { query: { ...query, fields: projectedFields(wanted) }, project };
}

/** Refuses a filter or a sort that is wrong, for where there is no collection to ask. */
export function refuseWrong({ filter, sort, context }: Query): void {
  compileFilter(filter, context);
  if (sort && !('$natural' in sort)) compileSortKey(sort);
}

/** The bytes of what a find finds; null in between lets others have their turn. */
function* rawRows(
  context: Context,
  { query, project }: ReturnType<typeof prepared>,
): Generator<Buffer | null> {
  const collection = context.catalog.get(context.db, text(context.body, 'find'));
  if (!collection) return refuseWrong(query);
  for (const row of runQuery(viewOf(context), collection, query))
    yield row && (project ? encode(project(row.doc, row.positional)) : row.raw);
}

/** With `batchSize: 0` nothing is read yet: the filter, the sort and the hint are looked at all the same. */
function check(context: Context, query: Query): void {
  refuseWrong(query);
  const collection = context.catalog.get(context.db, text(context.body, 'find'));
  if (collection) planQuery(viewOf(context), collection, query);
}

export const find: Command = {
  fields: FIND_FIELDS,
  transactional: true,
  run(context) {
    const { body, db } = context;
    refuse(body, [
      'collation',
      'min',
      'max',
      'returnKey',
      'showRecordId',
      'tailable',
      'awaitData',
      'maxScan',
      'snapshot',
    ]);
    const name = text(body, 'find');
    const slices = new Slices(context.control);
    const compiled = prepared(context, slices);
    const batchSize = whole(body, 'batchSize');
    if (batchSize === 0) check(context, compiled.query);
    return openCursor(context, {
      ns: `${db}.${name}`,
      source: new RowSource(rawRows(context, compiled), () => slices.turn()),
      batchSize,
      limit: whole(body, 'limit'),
      singleBatch: flag(body, 'singleBatch'),
      noTimeout: flag(body, 'noCursorTimeout'),
    });
  },
};

export const getMore: Command = {
  fields: ['collection', 'batchSize'],
  transactional: true,
  async run(context) {
    const { body, db, engine } = context;
    const id = body['getMore'];
    if (!Long.isLong(id)) throw new CommandError(14, "BSON field 'getMore' is the wrong type, expected long");
    const cursor = engine.cursors.get(id, `${db}.${text(body, 'collection')}`);
    if (cursor.txn !== context.txn)
      throw new CommandError(
        50738,
        'a cursor is read on inside the transaction that opened it, and only there',
      );
    if (cursor.session && context.session !== cursor.session)
      throw new CommandError(50738, 'a cursor is read on with the session that opened it');
    cursor.busy = true;
    cursor.control.deadline = context.control.deadline;
    cursor.control.peer = context.control.peer;
    try {
      const size = whole(body, 'batchSize') || Number.POSITIVE_INFINITY;
      const { documents, done } = await nextBatch(cursor, size);
      checkControl(cursor.control);
      if (done) engine.cursors.close(id.toString());
      const left = done ? Long.fromNumber(0) : id;
      return { doc: {}, batch: { kind: 'nextBatch', documents, id: left, ns: cursor.ns } };
    } catch (error) {
      engine.cursors.close(id.toString());
      throw error;
    } finally {
      cursor.busy = false;
      cursor.lastUse = Date.now();
    }
  },
};

export const killCursors: Command = {
  fields: ['cursors'],
  transactional: true,
  run({ body, engine }) {
    const ids = body['cursors'];
    if (!Array.isArray(ids) || !ids.every((id) => Long.isLong(id)))
      throw new CommandError(14, "BSON field 'cursors' must be an array of longs");
    const killed = ids.filter((id) => engine.cursors.close(id.toString()));
    const missing = ids.filter((id) => !killed.includes(id));
    return { doc: { cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] } };
  },
};

export const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  async run(context) {
    const { body, catalog, db } = context;
    refuse(body, ['collation']);
    const collection = catalog.get(db, text(body, 'count'));
    const limit = numberOf(body['limit']);
    if (limit !== undefined && limit < 0) context.body = { ...body, limit: -limit };
    const filter = optionalDoc(body, 'query') ?? {};
    const slices = new Slices(context.control);
    const query = { ...queryOf(context, filter, slices), fields: NO_FIELDS };
    let n = 0;
    if (!collection) refuseWrong(query);
    else if (Object.keys(filter).length === 0 && query.hint === undefined) {
      n = Math.max(0, collection.count - (query.skip ?? 0));
      if (query.limit) n = Math.min(n, query.limit);
    } else for await (const _ of paced(runQuery(viewOf(context), collection, query), slices)) n++;
    return { doc: { n: int32(n) } };
  },
};

/** A cursor over documents that are known already (listCollections, listIndexes). */
export function cursorOver(context: Context, ns: string, documents: Doc[]) {
  const raws = documents.map((one) => encode(one));
  const cursor = optionalDoc(context.body, 'cursor');
  const source: RawSource = (async function* () {
    yield* raws;
  })();
  return openCursor(context, {
    ns,
    source: raws.length > 0 ? source : nothing,
    batchSize: cursor && cursor['batchSize'] !== undefined ? whole(cursor, 'batchSize') : FIRST_BATCH,
    limit: raws.length,
  });
}
