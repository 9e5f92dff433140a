import { CommandError, type Doc, encode, numberOf } from '../bson/values.ts';
import { int32 } from '../wire/raw.ts';
import { batchReply, checkLength, runStatements, sum } from './batch.ts';
import { type Command, type Context, writable } from './command.ts';
import { checkFields, doc, docs, flag, optionalDoc, optionalDocs, refuse, text } from './fields.ts';
import {
  type DeleteRequest,
  deleteStatement,
  insertStatement,
  type UpdateRequest,
  updateStatement,
} from './statements.ts';

const COMMON = ['ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds', 'let'];

/** The statements of a command. */
function listOf(context: Context, name: string): Doc[] {
  const list = docs(context.body, name);
  checkLength(list.length);
  return list;
}

export const insert: Command = {
  fields: ['documents', ...COMMON],
  transactional: true,
  retryable: true,
  async run(context) {
    const { body, sequences } = context;
    const raws = sequences.get('documents') ?? listOf(context, 'documents').map((one) => encode(one));
    checkLength(raws.length);
    const collection = await writable(context, text(body, 'insert'));
    const outcome = await runStatements(
      context,
      raws.map((raw) => insertStatement(context, collection, raw)),
    );
    return batchReply(outcome, { n: int32(sum(outcome, 'n')) });
  },
};

const UPDATE_FIELDS = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'arrayFilters',
  'hint',
  'collation',
  'sort',
  'upsertSupplied',
]);

const readUpdate = (one: Doc) => (): UpdateRequest => {
  checkFields('updates', one, UPDATE_FIELDS);
  refuse(one, ['collation', 'c']);
  return {
    filter: doc(one, 'q'),
    update: one['u'],
    updateName: 'u',
    arrayFilters: optionalDocs(one, 'arrayFilters'),
    sort: optionalDoc(one, 'sort'),
    hint: one['hint'],
    multi: flag(one, 'multi'),
    upsert: flag(one, 'upsert'),
  };
};

export const update: Command = {
  fields: ['updates', ...COMMON],
  transactional: true,
  retryable: true,
  async run(context) {
    const list = listOf(context, 'updates');
    const name = text(context.body, 'update');
    const makes = list.some((one) => flag(one, 'upsert'));
    const collection = makes ? await writable(context, name) : context.catalog.get(context.db, name);
    const outcome = await runStatements(
      context,
      list.map((one) => updateStatement(context, collection, readUpdate(one))),
    );
    const upserted = outcome.results.flatMap((result, index) =>
      result?.['wasUpsert'] ? [{ index: int32(index), _id: result['upserted'] }] : [],
    );
    return batchReply(outcome, {
      n: int32(sum(outcome, 'n')),
      nModified: int32(sum(outcome, 'nModified')),
      ...(upserted.length > 0 && { upserted }),
    });
  },
};

const DELETE_FIELDS = new Set(['q', 'limit', 'hint', 'collation']);

const readDelete = (one: Doc) => (): DeleteRequest => {
  checkFields('deletes', one, DELETE_FIELDS);
  refuse(one, ['collation']);
  const limit = numberOf(one['limit']);
  if (limit !== 0 && limit !== 1)
    throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  return { filter: doc(one, 'q'), hint: one['hint'], multi: limit === 0 };
};

const remove: Command = {
  fields: ['deletes', ...COMMON],
  transactional: true,
  retryable: true,
  async run(context) {
    const list = listOf(context, 'deletes');
    const collection = context.catalog.get(context.db, text(context.body, 'delete'));
    const outcome = await runStatements(
      context,
      list.map((one) => deleteStatement(context, collection, readDelete(one))),
    );
    return batchReply(outcome, { n: int32(sum(outcome, 'n')) });
  },
};

export { remove as delete };
