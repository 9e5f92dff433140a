import { CommandError, type Doc, decode, encode, integerOf, isDoc } from '../bson/values.ts';
import type { StatementResult } from '../session/sessions.ts';
import type { Collection } from '../store/catalog.ts';
import { embeddedBytes, int32, type Reply } from '../wire/raw.ts';
import { type BatchOutcome, checkLength, retriedIds, runStatements, type Statement, sum } from './batch.ts';
import { type Command, type Context, openCursor, writable } from './command.ts';
import {
  checkFields,
  doc,
  docs,
  flag,
  mustBeAdmin,
  namespaceOf,
  optionalDoc,
  optionalDocs,
  refuse,
  text,
  whole,
} from './fields.ts';
import { deleteStatement, insertStatement, updateStatement } from './statements.ts';

type Kind = 'insert' | 'update' | 'delete';

const FIELDS: Readonly<Record<Kind, ReadonlySet<string>>> = {
  insert: new Set(['insert', 'document']),
  update: new Set([
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'upsertSupplied',
    'arrayFilters',
    'hint',
    'constants',
    'collation',
    'sort',
    'sampleId',
  ]),
  delete: new Set(['delete', 'filter', 'multi', 'hint', 'collation', 'sampleId']),
};

/** One write of the command, as it came. */
interface Operation {
  kind: Kind;
  op: Doc;
  /** Place of its namespace in `nsInfo`. */
  namespace: number;
  /** The document of an insert, in the client's own bytes. */
  inserted?: Buffer;
}

function operationOf(op: Doc, raw: Buffer | undefined, index: number): Operation {
  const [first] = Object.keys(op);
  if (first !== 'insert' && first !== 'update' && first !== 'delete')
    throw new CommandError(
      9,
      `BulkWrite ops entry ${index} must begin with insert, update or delete, not '${first ?? ''}'`,
    );
  checkFields(`ops.${index}`, op, FIELDS[first]);
  const namespace = integerOf(op[first]);
  if (namespace === undefined)
    throw new CommandError(14, `BSON field 'ops.${index}.${first}' is the wrong type, expected int`);
  if (first !== 'insert') {
    refuse(op, ['collation', 'constants']);
    doc(op, 'filter');
    if (first === 'update' && op['updateMods'] === undefined)
      throw new CommandError(40414, `BSON field 'ops.${index}.updateMods' is missing but a required field`);
    return { kind: first, op, namespace };
  }
  const document = doc(op, 'document');
  const bytes = raw && embeddedBytes(raw, 'document');
  return { kind: first, op, namespace, inserted: bytes ?? encode(document) };
}

function operationsOf({ body, sequences }: Context): Operation[] {
  const raws = sequences.get('ops');
  checkLength(raws?.length ?? docs(body, 'ops').length);
  if (raws) return raws.map((raw, i) => operationOf(decode(raw), raw, i));
  return docs(body, 'ops').map((op, i) => operationOf(op, undefined, i));
}

interface Namespace {
  db: string;
  name: string;
}

function namespacesOf({ body }: Context): Namespace[] {
  const seen = new Set<string>();
  return docs(body, 'nsInfo').map((info) => {
    checkFields('nsInfo', info, new Set(['ns', 'collectionUUID', 'encryptionInformation']));
    refuse(info, ['collectionUUID', 'encryptionInformation']);
    const ns = text(info, 'ns');
    if (seen.has(ns)) throw new CommandError(2, `nsInfo names the namespace '${ns}' twice`);
    seen.add(ns);
    return namespaceOf(ns);
  });
}

const makes = ({ kind, op }: Operation) => kind === 'insert' || (kind === 'update' && flag(op, 'upsert'));

/** The collection of every namespace; made where a document may come to stand in it. */
async function collectionsOf(
  context: Context,
  namespaces: Namespace[],
  operations: Operation[],
): Promise<(Collection | undefined)[]> {
  for (const [index, { namespace }] of operations.entries())
    if (!namespaces[namespace])
      throw new CommandError(2, `BulkWrite ops entry ${index} has an invalid nsInfo index.`);
  const made = new Set(operations.filter(makes).map(({ namespace }) => namespace));
  const collections: (Collection | undefined)[] = [];
  for (const [i, { db, name }] of namespaces.entries())
    collections.push(made.has(i) ? await writable(context, name, db) : context.catalog.get(db, name));
  return collections;
}

function statementOf(context: Context, collection: Collection | undefined, operation: Operation): Statement {
  const { kind, op, inserted } = operation;
  if (kind === 'insert') return insertStatement(context, collection!, inserted!);
  const found = () => ({ filter: doc(op, 'filter'), hint: op['hint'], multi: flag(op, 'multi') });
  if (kind === 'delete') return deleteStatement(context, collection, found);
  return updateStatement(context, collection, () => ({
    ...found(),
    update: op['updateMods'],
    updateName: 'updateMods',
    arrayFilters: optionalDocs(op, 'arrayFilters'),
    sort: optionalDoc(op, 'sort'),
    upsert: flag(op, 'upsert'),
  }));
}

/** What the cursor says of a write that was made. */
function described(kind: Kind, idx: number, result: StatementResult): Doc {
  return {
    ok: 1,
    idx: int32(idx),
    n: int32(Number(result['n'])),
    ...(kind === 'update' && { nModified: int32(Number(result['nModified'])) }),
    ...(result['wasUpsert'] === true && { upserted: { _id: result['upserted'] } }),
  };
}

const refused = (kind: Kind, idx: number, { code, message, extra }: CommandError): Doc => ({
  ok: 0,
  idx: int32(idx),
  code: int32(code),
  errmsg: message,
  n: int32(0),
  ...(kind === 'update' && { nModified: int32(0) }),
  ...extra,
});

/** One document for every write that was tried, in the order of the writes. */
function itemsOf(operations: Operation[], { results, errors }: BatchOutcome, errorsOnly: boolean): Doc[] {
  const failed = new Map(errors.map(({ index, error }) => [index, error]));
  return operations.flatMap(({ kind }, index) => {
    const error = failed.get(index);
    if (error) return [refused(kind, index, error)];
    const result = results[index];
    return result && !errorsOnly ? [described(kind, index, result)] : [];
  });
}

function countsOf(operations: Operation[], outcome: BatchOutcome): Doc {
  const { results, errors } = outcome;
  const only = (wanted: (operation: Operation, result: StatementResult) => boolean) => ({
    ...outcome,
    results: results.filter((result, i) => result && wanted(operations[i]!, result)),
  });
  const upserts = only(({ kind }, result) => kind === 'update' && result['wasUpsert'] === true);
  const matches = only(({ kind }, result) => kind === 'update' && result['wasUpsert'] !== true);
  return {
    nErrors: int32(errors.length),
    nInserted: int32(
      sum(
        only(({ kind }) => kind === 'insert'),
        'n',
      ),
    ),
    nMatched: int32(sum(matches, 'n')),
    nModified: int32(sum(matches, 'nModified')),
    nUpserted: int32(upserts.results.length),
    nDeleted: int32(
      sum(
        only(({ kind }) => kind === 'delete'),
        'n',
      ),
    ),
    ...retriedIds(outcome),
  };
}

async function* raws(items: Doc[]): AsyncGenerator<Buffer> {
  for (const item of items) yield encode(item);
}

async function answered(context: Context, operations: Operation[], outcome: BatchOutcome): Promise<Reply> {
  const items = itemsOf(operations, outcome, flag(context.body, 'errorsOnly'));
  const cursor = optionalDoc(context.body, 'cursor');
  const reply = await openCursor(context, {
    ns: 'admin.$cmd.bulkWrite',
    source: raws(items),
    // Without a batch size all go into the first batch, as far as they fit.
    batchSize: (cursor && whole(cursor, 'batchSize')) ?? Number.POSITIVE_INFINITY,
    limit: items.length,
  });
  return { ...reply, doc: countsOf(operations, outcome), failed: outcome.errors.length > 0 };
}

/** Writes to several collections in one command (MongoDB 8.0); what each did comes through a cursor. */
export const bulkWrite: Command = {
  fields: [
    'ops',
    'nsInfo',
    'ordered',
    'errorsOnly',
    'cursor',
    'let',
    'bypassDocumentValidation',
    'stmtId',
    'stmtIds',
  ],
  transactional: true,
  retryable: true,
  async run(context) {
    mustBeAdmin(context.db, 'bulkWrite');
    const cursor = context.body['cursor'];
    if (cursor !== undefined && !isDoc(cursor))
      throw new CommandError(14, "BSON field 'bulkWrite.cursor' is the wrong type, expected object");
    const operations = operationsOf(context);
    const collections = await collectionsOf(context, namespacesOf(context), operations);
    const statements = operations.map((one) => statementOf(context, collections[one.namespace], one));
    return answered(context, operations, await runStatements(context, statements));
  },
};
