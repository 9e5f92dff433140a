import { compileSort } from '../bson/order.ts';
import { CommandError, type Doc } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import { compileProjection } from '../query/projection.ts';
import type { StatementResult } from '../session/sessions.ts';
import type { Writer } from '../store/view.ts';
import { deleteDocuments, type Step, updateDocuments } from '../update/writes.ts';
import { int32 } from '../wire/raw.ts';
import { runBatch } from './batch.ts';
import { type Command, type Context, evalContext, runWrite, writable, writePace } from './command.ts';
import { flag, optionalDoc, optionalDocs, refuse, text } from './fields.ts';
import { checkUpdate, updateValue } from './statements.ts';

export const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'hint',
    'let',
    'collation',
    'bypassDocumentValidation',
    'stmtId',
  ],
  transactional: true,
  retryable: true,
  async run(context) {
    const { body, catalog, db } = context;
    refuse(body, ['collation']);
    const name = text(body, body['findAndModify'] === undefined ? 'findandmodify' : 'findAndModify');
    const removing = flag(body, 'remove');
    if (removing === (body['update'] !== undefined))
      throw new CommandError(9, "Either an update or 'remove'=true must be specified, and not both");
    if (removing && (flag(body, 'upsert') || flag(body, 'new')))
      throw new CommandError(9, "Cannot specify 'upsert' or 'new' when 'remove' is true");
    check(context, removing);
    const collection =
      removing || !flag(body, 'upsert') ? catalog.get(db, name) : await writable(context, name);
    const statement = (writer: Writer): Step<StatementResult> => {
      if (!collection) return none(removing);
      return removing ? removeOne(context, writer, collection) : updateOne(context, writer, collection);
    };
    const batch = { context, ordered: true, statements: [statement], numbers: [0] };
    const { results, errors, retried } = await runWrite(context, (writer) => runBatch(writer, batch));
    if (errors[0]) throw errors[0].error;
    const { at: _, ...reply } = results[0]!;
    return { doc: { ...reply, ...(retried.length > 0 && { retriedStmtId: int32(0) }) } };
  },
};

// biome-ignore lint/correctness/useYield: a write that has nothing to do
function* none(removing: boolean): Step<StatementResult> {
  return { lastErrorObject: { n: int32(0), ...(!removing && { updatedExisting: false }) }, value: null };
}

type Target = NonNullable<ReturnType<Context['catalog']['get']>>;

function queryOf(context: Context, writer: Writer) {
  const { body } = context;
  return {
    filter: optionalDoc(body, 'query') ?? {},
    sort: optionalDoc(body, 'sort'),
    hint: body['hint'],
    multi: false,
    context: evalContext(context, optionalDoc(body, 'let')),
    pace: writePace(context, writer),
  };
}

/** Refuses what is wrong even where there is nothing to change. */
function check(context: Context, removing: boolean): void {
  const { body } = context;
  const filter = optionalDoc(body, 'query') ?? {};
  const evaluation = evalContext(context, optionalDoc(body, 'let'));
  const sort = optionalDoc(body, 'sort');
  if (sort && Object.keys(sort).length > 0 && !('$natural' in sort)) compileSort(sort);
  const fields = optionalDoc(body, 'fields') ?? {};
  compileProjection(fields, evaluation, filter);
  if (flag(body, 'new') && Object.keys(fields).some((name) => name === '$' || name.endsWith('.$')))
    throw new CommandError(2, 'cannot use a positional projection and return the new document');
  if (removing) compileFilter(filter, evaluation);
  else
    checkUpdate({
      filter,
      update: updateValue(body['update'], 'update'),
      arrayFilters: optionalDocs(body, 'arrayFilters'),
      multi: false,
      upsert: flag(body, 'upsert'),
      context: evaluation,
    });
}

function projected(context: Context, value: Doc | undefined): Doc | null {
  const { body } = context;
  const fields = optionalDoc(body, 'fields');
  if (!value || !fields || Object.keys(fields).length === 0) return value ?? null;
  const evaluation = evalContext(context, optionalDoc(body, 'let'));
  const filter = optionalDoc(body, 'query') ?? {};
  const hit = flag(body, 'new') ? null : compileFilter(filter, evaluation).match(value);
  return compileProjection(fields, evaluation, filter)(value, hit?.positional);
}

function* removeOne(context: Context, writer: Writer, collection: Target): Step<StatementResult> {
  const { deleted, before } = yield* deleteDocuments(writer, collection, queryOf(context, writer));
  return { lastErrorObject: { n: int32(deleted) }, value: projected(context, before) };
}

function* updateOne(context: Context, writer: Writer, collection: Target): Step<StatementResult> {
  const { body } = context;
  const result = yield* updateDocuments(writer, collection, {
    ...queryOf(context, writer),
    update: updateValue(body['update'], 'update'),
    arrayFilters: optionalDocs(body, 'arrayFilters'),
    upsert: flag(body, 'upsert'),
  });
  const { upserted, before, after, matched } = result;
  const value = flag(body, 'new') ? after : before;
  return {
    lastErrorObject: {
      n: int32(upserted ? 1 : matched),
      updatedExisting: matched > 0,
      ...(upserted && { upserted: upserted.id }),
    },
    value: projected(context, value),
  };
}
