import { CommandError, type Doc, isDoc } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import type { Collection } from '../store/catalog.ts';
import { compileUpdate } from '../update/update.ts';
import { deleteDocuments, insertDocument, type UpdateStatement, updateDocuments } from '../update/writes.ts';
import type { Statement } from './batch.ts';
import { type Context, evalContext, writePace } from './command.ts';
import { docs, optionalDoc } from './fields.ts';

export const insertStatement = (context: Context, collection: Collection, raw: Buffer): Statement =>
  function* (writer) {
    yield* insertDocument(writer, collection, raw, writePace(context, writer));
    return { n: 1 };
  };

/** One update, in the words that `update` and `bulkWrite` have in common. */
export interface UpdateRequest {
  filter: Doc;
  /** A document, or a pipeline. */
  update: unknown;
  /** What the command calls it. */
  updateName: string;
  arrayFilters?: Doc[] | undefined;
  sort?: Doc | undefined;
  hint?: unknown;
  multi: boolean;
  upsert: boolean;
}

/** The update of a statement: a document, or a pipeline. */
export function updateValue(value: unknown, name: string): Doc | Doc[] {
  if (Array.isArray(value)) return docs({ [name]: value }, name);
  if (isDoc(value)) return value;
  throw new CommandError(9, `${name} must be a document or a pipeline`);
}

/** Answers how many documents matched (`n`) and changed (`nModified`), or the `_id` of the one it made. */
export const updateStatement =
  (context: Context, collection: Collection | undefined, read: () => UpdateRequest): Statement =>
  (writer) =>
    updated(context, collection, { read, writer });

function* updated(
  context: Context,
  collection: Collection | undefined,
  { read, writer }: { read: () => UpdateRequest; writer: Parameters<Statement>[0] },
): ReturnType<Statement> {
  const { update, updateName, ...request } = read();
  if (request.multi && context.retryable !== undefined)
    throw new CommandError(72, 'Cannot use (or request) retryable writes with multi=true');
  if (request.multi && request.sort) throw new CommandError(9, 'Cannot specify sort with multi=true');
  const statement = {
    ...request,
    update: updateValue(update, updateName),
    context: evalContext(context, optionalDoc(context.body, 'let')),
    pace: writePace(context, writer),
  };
  if (!collection) {
    checkUpdate(statement);
    return { n: 0, nModified: 0 };
  }
  const result = yield* updateDocuments(writer, collection, statement);
  return {
    n: result.upserted ? 1 : result.matched,
    nModified: result.modified,
    ...(result.upserted && { upserted: result.upserted.id, wasUpsert: true }),
  };
}

/** Refuses an update that is wrong even where there is nothing to update. */
export function checkUpdate(statement: Omit<UpdateStatement, 'pace'>): void {
  const { filter, update, arrayFilters, upsert, multi, context } = statement;
  compileFilter(filter, context);
  const compiled = compileUpdate(update, { ...context, upsert, ...(arrayFilters && { arrayFilters }) });
  if (compiled.replacement && multi)
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
}

export interface DeleteRequest {
  filter: Doc;
  hint?: unknown;
  multi: boolean;
}

export const deleteStatement =
  (context: Context, collection: Collection | undefined, read: () => DeleteRequest): Statement =>
  (writer) =>
    deleted(context, collection, { read, writer });

function* deleted(
  context: Context,
  collection: Collection | undefined,
  { read, writer }: { read: () => DeleteRequest; writer: Parameters<Statement>[0] },
): ReturnType<Statement> {
  const request = read();
  if (request.multi && context.retryable !== undefined)
    throw new CommandError(72, 'Cannot use (or request) retryable writes with limit=0');
  const evaluation = evalContext(context, optionalDoc(context.body, 'let'));
  if (!collection) {
    compileFilter(request.filter, evaluation);
    return { n: 0 };
  }
  const result = yield* deleteDocuments(writer, collection, {
    ...request,
    context: evaluation,
    pace: writePace(context, writer),
  });
  return { n: result.deleted };
}
