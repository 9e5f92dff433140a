import { refuseDeep } from '../bson/codec/depth.ts';
import { CommandError, type Doc, decode, encode } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import { type Query, type Row, runQuery } from '../query/query.ts';
import type { Collection } from '../store/catalog.ts';
import { type Stored, toStored, writeDocument } from '../store/documents.ts';
import { mustLive } from '../store/store.ts';
import type { Wait, Writer } from '../store/view.ts';
import { MAX_DOCUMENT, storedForm } from '../wire/raw.ts';
import { compileUpdate, seedFromFilter, type Update } from './update.ts';

/** A step of a write: nothing to let others work, or what to wait for. */
export type Step<T> = Generator<Wait | undefined, T>;

export interface UpdateStatement extends Query {
  update: Doc | Doc[];
  arrayFilters?: Doc[] | undefined;
  multi: boolean;
  upsert: boolean;
}

export interface UpdateResult {
  matched: number;
  modified: number;
  /** Set when a document was inserted instead. */
  upserted?: { id: unknown } | undefined;
  before?: Doc | undefined;
  after?: Doc | undefined;
}

/** Inserts one document; waits while an open transaction holds its keys. */
export function* insertDocument(
  writer: Writer,
  collection: Collection,
  raw: Buffer,
  pace: Query['pace'],
): Step<Stored> {
  writer.enter(collection);
  const { raw: bytes, doc } = storedForm(raw);
  refuseDeep(bytes, doc);
  const after = toStored(collection, bytes, doc);
  for (;;) {
    const wait = writeDocument(writer, collection, { after });
    if (!wait) return after;
    yield wait;
    mustLive(collection);
    pace.due();
  }
}

/** Gives the row as it is now, if it still matches; for a write that had to wait. */
function reread(writer: Writer, collection: Collection, row: Row, query: Query): Row | undefined {
  mustLive(collection);
  const raw = writer.get(collection.docs, row.key);
  if (!raw) return undefined;
  const doc = decode(raw);
  const match = compileFilter(query.filter, query.context).match(doc);
  return match ? { key: row.key, raw, doc, positional: match.positional } : undefined;
}

/** Updates what matches; `multi` commits as it goes, as MongoDB does. */
export function* updateDocuments(
  writer: Writer,
  collection: Collection,
  statement: UpdateStatement,
): Step<UpdateResult> {
  const update = compileUpdate(statement.update, {
    ...statement.context,
    upsert: statement.upsert,
    ...(statement.arrayFilters && { arrayFilters: statement.arrayFilters }),
  });
  if (update.replacement && statement.multi)
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  if (statement.upsert) compileFilter(statement.filter, statement.context, { noExpr: true });
  for (;;) {
    const result = statement.multi
      ? yield* updateMany(writer, collection, statement, update)
      : yield* updateFirst(writer, collection, statement, update);
    if (result === undefined) continue;
    if (result.matched > 0 || !statement.upsert) return result;
    const inserted = yield* upsert(writer, collection, statement, update);
    if (inserted) return inserted;
  }
}

/** The first match; undefined when it had to wait, so that the search begins anew. */
function* updateFirst(
  writer: Writer,
  collection: Collection,
  statement: UpdateStatement,
  update: Update,
): Step<UpdateResult | undefined> {
  const began = writer.epoch();
  for (const row of runQuery(writer, collection, { ...statement, limit: 1 })) {
    if (!row) {
      yield undefined;
      continue;
    }
    const current = writer.epoch() === began ? row : reread(writer, collection, row, statement);
    if (!current) return undefined;
    const outcome = applyTo(writer, collection, current, update);
    if (outcome.wait) {
      yield outcome.wait;
      statement.pace.due();
      return undefined;
    }
    return { matched: 1, modified: outcome.changed ? 1 : 0, before: current.doc, after: outcome.doc };
  }
  return { matched: 0, modified: 0 };
}

function* updateMany(
  writer: Writer,
  collection: Collection,
  statement: UpdateStatement,
  update: Update,
): Step<UpdateResult> {
  const done = new Set<string>();
  const result: UpdateResult = { matched: 0, modified: 0 };
  for (const found of runQuery(writer, collection, statement)) {
    let row: Row | undefined = found ?? undefined;
    if (!row) {
      yield undefined;
      continue;
    }
    const text = row.key.toString('latin1');
    if (done.has(text)) continue;
    done.add(text);
    while (row) {
      const outcome = applyTo(writer, collection, row, update);
      if (!outcome.wait) {
        result.matched++;
        if (outcome.changed) result.modified++;
        break;
      }
      yield outcome.wait;
      statement.pace.due();
      row = reread(writer, collection, row, statement);
    }
    if (writer.due()) yield undefined;
  }
  return result;
}

function applyTo(writer: Writer, collection: Collection, row: Row, update: Update) {
  const { doc, changed } = update.apply(row.doc, row.positional, false);
  if (!changed) return { doc, changed };
  const raw = encode(doc);
  if (raw.length > MAX_DOCUMENT)
    throw new CommandError(
      17419,
      `the updated document would have ${raw.length} bytes, more than ${MAX_DOCUMENT}`,
    );
  refuseDeep(raw, doc);
  const wait = writeDocument(writer, collection, { before: row, after: { key: row.key, raw, doc } });
  return { doc, changed, wait };
}

/** Inserts what the filter and the update say; undefined when it had to wait. */
function* upsert(
  writer: Writer,
  collection: Collection,
  statement: UpdateStatement,
  update: Update,
): Step<UpdateResult | undefined> {
  const seed = seedFromFilter(statement.filter, update.replacement);
  const { doc } = update.apply(seed, undefined, true);
  const stored = storedForm(encode(doc));
  refuseDeep(stored.raw, stored.doc);
  const after = toStored(collection, stored.raw, stored.doc);
  const wait = writeDocument(writer, collection, { after });
  if (wait) {
    yield wait;
    mustLive(collection);
    statement.pace.due();
    return undefined;
  }
  return { matched: 0, modified: 0, upserted: { id: stored.doc['_id'] }, after: stored.doc };
}

export interface DeleteResult {
  deleted: number;
  before?: Doc;
}

/** Deletes the first match or all. */
export function* deleteDocuments(
  writer: Writer,
  collection: Collection,
  query: Query & { multi: boolean },
): Step<DeleteResult> {
  let deleted = 0;
  search: for (;;) {
    const bound = query.multi ? query : { ...query, limit: 1 };
    const began = writer.epoch();
    for (const found of runQuery(writer, collection, bound)) {
      let row: Row | undefined = found ?? undefined;
      if (!row) {
        yield undefined;
        continue;
      }
      if (!query.multi && writer.epoch() !== began) row = reread(writer, collection, row, query);
      if (!row) continue search;
      while (row) {
        const wait = writeDocument(writer, collection, { before: row });
        if (!wait) {
          deleted++;
          if (!query.multi) return { deleted, before: row.doc };
          break;
        }
        yield wait;
        query.pace.due();
        if (!query.multi) continue search;
        row = reread(writer, collection, row, query);
      }
      if (writer.due()) yield undefined;
    }
    return { deleted };
  }
}
