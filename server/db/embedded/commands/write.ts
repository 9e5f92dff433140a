import { CommandError, type Doc, encode, isDoc, numberOf } from '../bson/values.ts';
import type { StatementResult } from '../session/sessions.ts';
import type { Collection } from '../store/catalog.ts';
import type { Writer } from '../store/view.ts';
import { deleteDocuments, insertDocument, type Step, updateDocuments } from '../update/writes.ts';
import { int32, type Reply } from '../wire/raw.ts';
import { type Command, type Context, evalContext, runWrite, writable, writePace } from './command.ts';
import { checkFields, doc, docs, flag, optionalDoc, optionalDocs, refuse, text } from './fields.ts';

/** Errors that end the whole command; all others are one statement's. */
const FATAL = new Set([1, 50, 91, 112, 175, 237, 246, 251, 11601, 14031]);

/** One statement of a batch and what it answers. */
type Statement = (writer: Writer) => Step<StatementResult>;

interface Batch {
  context: Context;
  ordered: boolean;
  statements: Statement[];
  /** Statement numbers for retries; by default 0, 1, 2… */
  numbers: number[];
}

export interface BatchOutcome {
  results: (StatementResult | undefined)[];
  errors: { index: number; error: CommandError }[];
  retried: number[];
}

/** Runs statements one after the other; what each answers is kept in the same commit as what it wrote. */
export function* runBatch(
  writer: Writer,
  { context, ordered, statements, numbers }: Batch,
): Step<BatchOutcome> {
  const { session, retryable, engine } = context;
  const outcome: BatchOutcome = { results: [], errors: [], retried: [] };
  let fresh: [number, StatementResult][] = [];
  const keep = () => {
    if (session && retryable !== undefined && fresh.length > 0)
      engine.sessions.record(session, retryable, fresh);
    fresh = [];
  };
  for (const [index, statement] of statements.entries()) {
    const number = numbers[index] ?? index;
    const before =
      session && retryable !== undefined ? engine.sessions.recorded(session, retryable, number) : undefined;
    if (before) {
      outcome.results[index] = before;
      outcome.retried.push(number);
      continue;
    }
    try {
      const job = statement(writer);
      for (;;) {
        const step = job.next();
        if (step.done) {
          outcome.results[index] = step.value;
          fresh.push([number, step.value]);
          break;
        }
        keep();
        yield step.value;
      }
    } catch (error) {
      if (!(error instanceof CommandError) || FATAL.has(error.code)) throw error;
      outcome.errors.push({ index, error });
      if (ordered || context.txn) break;
    }
    if (writer.due()) {
      keep();
      yield undefined;
    }
  }
  keep();
  return outcome;
}

/** A statement's error as an element of `writeErrors`. */
export const writeError = (index: number, { code, message, extra }: CommandError): Doc => ({
  index: int32(index),
  code: int32(code),
  errmsg: message,
  ...extra,
});

function batchReply(outcome: BatchOutcome, doc: Doc): Reply {
  return {
    doc: {
      ...doc,
      ...(outcome.errors.length > 0 && {
        writeErrors: outcome.errors.map(({ index, error }) => writeError(index, error)),
      }),
      ...(outcome.retried.length > 0 && { retriedStmtIds: outcome.retried.map(int32) }),
    },
  };
}

const sum = (outcome: BatchOutcome, name: string) =>
  outcome.results.reduce((total, result) => total + (numberOf(result?.[name]) ?? 0), 0);

/** The statements of a command, from its sequence of raw documents or from its body. */
function listOf(context: Context, name: string): Doc[] {
  const list = docs(context.body, name);
  if (list.length === 0 || list.length > 100_000)
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and 100000. Got ${list.length} operations.`,
    );
  return list;
}

function numbersOf({ body }: Context): number[] {
  const ids = body['stmtIds'];
  if (Array.isArray(ids)) return ids.map((id) => numberOf(id) ?? 0);
  const first = numberOf(body['stmtId']);
  return first === undefined ? [] : [first];
}

async function runStatements(context: Context, statements: Statement[]): Promise<BatchOutcome> {
  const ordered = flag(context.body, 'ordered', true);
  const batch = { context, ordered, statements, numbers: numbersOf(context) };
  return runWrite(context, (writer) => runBatch(writer, batch));
}

const COMMON = ['ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds', 'let'];

export const insert: Command = {
  fields: ['documents', ...COMMON],
  transactional: true,
  retryable: true,
  async run(context) {
    const raws = context.sequences.get('documents') ?? listOf(context, 'documents').map((one) => encode(one));
    if (raws.length === 0 || raws.length > 100_000)
      throw new CommandError(
        16,
        `Write batch sizes must be between 1 and 100000. Got ${raws.length} operations.`,
      );
    const collection = await writable(context, text(context.body, 'insert'));
    const outcome = await runStatements(
      context,
      raws.map((raw) => insertStatement(context, collection, raw)),
    );
    return batchReply(outcome, { n: int32(sum(outcome, 'n')) });
  },
};

export const insertStatement = (context: Context, collection: Collection, raw: Buffer): Statement =>
  function* (writer) {
    yield* insertDocument(writer, collection, raw, writePace(context, writer));
    return { n: 1 };
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

/** The update of a statement: a document, or a pipeline. */
export function updateValue(value: unknown, name: string): Doc | Doc[] {
  if (Array.isArray(value)) return docs({ [name]: value }, name);
  if (isDoc(value)) return value;
  throw new CommandError(9, `${name} must be a document or a pipeline`);
}

const updateStatement = (context: Context, collection: Collection, one: Doc): Statement =>
  function* (writer) {
    checkFields('updates', one, UPDATE_FIELDS);
    refuse(one, ['collation', 'c']);
    const multi = flag(one, 'multi');
    if (multi && context.retryable !== undefined)
      throw new CommandError(72, 'Cannot use (or request) retryable writes with multi=true');
    const variables = optionalDoc(context.body, 'let');
    const result = yield* updateDocuments(writer, collection, {
      filter: doc(one, 'q'),
      update: updateValue(one['u'], 'u'),
      arrayFilters: optionalDocs(one, 'arrayFilters'),
      sort: optionalDoc(one, 'sort'),
      hint: one['hint'],
      multi,
      upsert: flag(one, 'upsert'),
      context: evalContext(context, variables),
      pace: writePace(context, writer),
    });
    return {
      n: result.upserted ? 1 : result.matched,
      nModified: result.modified,
      ...(result.upserted && { upserted: result.upserted.id, wasUpsert: true }),
    };
  };

export const update: Command = {
  fields: ['updates', ...COMMON],
  transactional: true,
  retryable: true,
  async run(context) {
    const list = listOf(context, 'updates');
    const collection = await writable(context, text(context.body, 'update'));
    const outcome = await runStatements(
      context,
      list.map((one) => updateStatement(context, collection, one)),
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

const deleteStatement = (context: Context, collection: Collection | undefined, one: Doc): Statement =>
  function* (writer) {
    checkFields('deletes', one, DELETE_FIELDS);
    refuse(one, ['collation']);
    const limit = numberOf(one['limit']);
    if (limit !== 0 && limit !== 1)
      throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
    if (limit === 0 && context.retryable !== undefined)
      throw new CommandError(72, 'Cannot use (or request) retryable writes with limit=0');
    const query = {
      filter: doc(one, 'q'),
      hint: one['hint'],
      multi: limit === 0,
      context: evalContext(context, optionalDoc(context.body, 'let')),
      pace: writePace(context, writer),
    };
    if (!collection) return { n: 0 };
    const { deleted } = yield* deleteDocuments(writer, collection, query);
    return { n: deleted };
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
      list.map((one) => deleteStatement(context, collection, one)),
    );
    return batchReply(outcome, { n: int32(sum(outcome, 'n')) });
  },
};

export { remove as delete };
