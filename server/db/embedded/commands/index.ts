import { Binary, Long, Timestamp } from 'bson';
import { CommandError, type Doc, numberOf } from '../bson/values.ts';
import type { Engine } from '../core.ts';
import { txnNumberOf } from '../session/sessions.ts';
import { storageError } from '../store/store.ts';
import { TRANSIENT } from '../store/transactions.ts';
import { int32, type Reply } from '../wire/raw.ts';
import type { Request } from '../wire/wire.ts';
import * as admin from './admin.ts';
import { aggregate, distinct } from './aggregate.ts';
import type { Command, Context } from './command.ts';
import * as ddl from './ddl.ts';
import { explain } from './explain.ts';
import { checkFields, optionalDoc, text, whole } from './fields.ts';
import { count, find, getMore, killCursors } from './find.ts';
import { findAndModify } from './findAndModify.ts';
import { abortTransaction, commitTransaction } from './transaction.ts';
import * as write from './write.ts';

const commands = new Map<string, Command>(
  Object.entries({
    ...admin,
    ...ddl,
    ismaster: admin.isMaster,
    buildinfo: admin.buildInfo,
    insert: write.insert,
    update: write.update,
    delete: write.delete,
    find,
    getMore,
    killCursors,
    count,
    aggregate,
    distinct,
    explain,
    findAndModify,
    findandmodify: findAndModify,
    commitTransaction,
    abortTransaction,
  }).filter((entry): entry is [string, Command] => typeof entry[1] === 'object' && 'run' in entry[1]),
);

/** Commands that MongoDB has and this engine refuses by name. */
const REFUSED = new Set([
  'bulkWrite',
  'mapReduce',
  'collMod',
  'renameCollection',
  'convertToCapped',
  'cloneCollectionAsCapped',
  'compact',
  'reIndex',
  'validate',
  'dbStats',
  'saslStart',
  'authenticate',
  'createUser',
  'createSearchIndexes',
  'listSearchIndexes',
  'currentOp',
  'killOp',
  'top',
  'fsync',
  'replSetGetStatus',
]);

/** Codes after which a driver may send the same retryable write again. */
const RETRYABLE = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);
const TRANSIENT_CODES = new Set([24, 112, 246, 251]);

function prepare(
  engine: Engine,
  request: Request,
  connection: object,
): { name: string; command: Command; context: Context } {
  const { body } = request;
  const name = Object.keys(body)[0] ?? '';
  const command = commands.get(name);
  if (!command && REFUSED.has(name))
    throw new CommandError(115, `the embedded engine does not support the command '${name}'`);
  if (!command) throw new CommandError(59, `no such command: '${name}'`);
  for (const [field, documents] of request.sequences) {
    if (field in body) throw new CommandError(9, `the field '${field}' is given twice`);
    if (field !== 'documents' || name !== 'insert') body[field] = documents.map(decodeRaw);
    else if (!command.fields.includes(field))
      throw new CommandError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
  checkFields(name, body, new Set(command.fields));
  checkConcerns(body);
  const limit = whole(body, 'maxTimeMS');
  const context: Context = {
    engine,
    catalog: engine.catalog,
    db: text(body, '$db'),
    body,
    sequences: request.sequences,
    connection,
    control: { deadline: limit ? Date.now() + limit : Number.POSITIVE_INFINITY },
    now: new Date(),
  };
  if (body['lsid'] !== undefined) context.session = engine.sessions.of(body['lsid']);
  return { name, command, context };
}

import { decode } from '../bson/values.ts';

const decodeRaw = (raw: Buffer) => decode(raw);

function checkConcerns(body: Doc): void {
  const read = optionalDoc(body, 'readConcern');
  const level = read?.['level'];
  if (level !== undefined && !['local', 'available', 'majority', 'snapshot'].includes(String(level)))
    throw new CommandError(115, `the embedded engine does not support readConcern '${String(level)}'`);
  if (level === 'snapshot' && body['autocommit'] === undefined)
    throw new CommandError(
      115,
      "the embedded engine supports readConcern 'snapshot' inside transactions only",
    );
  if (read?.['atClusterTime'] !== undefined)
    throw new CommandError(115, 'the embedded engine does not read at a past cluster time');
  const w = optionalDoc(body, 'writeConcern')?.['w'];
  const number = numberOf(w);
  if (number !== undefined ? number > 1 : w !== undefined && w !== 'majority')
    throw number !== undefined
      ? new CommandError(
          100,
          'Not enough data-bearing nodes: the embedded engine is the only member of its set',
        )
      : new CommandError(79, `No write concern mode named '${String(w)}' found in replica set configuration`);
}

/** Finds the transaction or retryable write that a command belongs to. */
function enterSession(name: string, command: Command, context: Context): void {
  const { body, session, engine } = context;
  if (body['txnNumber'] === undefined) {
    if (body['autocommit'] !== undefined || body['startTransaction'] !== undefined)
      throw new CommandError(72, 'autocommit and startTransaction need a txnNumber');
    return;
  }
  if (!session) throw new CommandError(72, 'a txnNumber needs an lsid');
  const number = txnNumberOf(body['txnNumber']);
  if (name === 'commitTransaction' || name === 'abortTransaction') return;
  if (body['autocommit'] === undefined) {
    if (!command.retryable)
      throw new CommandError(72, `${name} is no retryable write: it takes no txnNumber`);
    engine.sessions.retryable(session, number);
    context.retryable = number;
    return;
  }
  if (body['autocommit'] !== false) throw new CommandError(72, 'autocommit must be false where it is given');
  if (!command.transactional)
    throw new CommandError(263, `Cannot run '${name}' in a multi-document transaction.`);
  context.txn =
    body['startTransaction'] === true
      ? engine.sessions.begin(session, number)
      : engine.sessions.running(session, number);
  context.txn.connections.add(context.connection);
}

/** Runs one command; never throws. */
export async function runCommand(engine: Engine, request: Request, connection: object): Promise<Reply> {
  let name = Object.keys(request.body)[0] ?? '';
  let context: Context | undefined;
  try {
    const prepared = prepare(engine, request, connection);
    ({ name, context } = prepared);
    enterSession(name, prepared.command, context);
    const reply = await prepared.command.run(context);
    if (context.txn && Array.isArray(reply.doc['writeErrors'])) engine.sessions.abort(context.session!);
    return { ...reply, doc: { ...reply.doc, ...clock(engine), ok: 1 } };
  } catch (error) {
    const failure = storageError(error);
    if (context?.txn && failure.code !== 237) engine.sessions.abort(context.session!);
    return { doc: { ...errorReply(failure, request, name), ...clock(engine) } };
  }
}

function errorReply(error: CommandError, { body }: Request, name: string): Doc {
  const labels = new Set(error.labels);
  const inTransaction = body['autocommit'] === false;
  const ending = name === 'commitTransaction' || name === 'abortTransaction';
  const retryable = RETRYABLE.has(error.code);
  if (!inTransaction) labels.delete(TRANSIENT);
  else if (TRANSIENT_CODES.has(error.code) || (retryable && !ending)) labels.add(TRANSIENT);
  if (retryable && (ending || (body['txnNumber'] !== undefined && !inTransaction)))
    labels.add('RetryableWriteError');
  return {
    ok: 0,
    errmsg: error.message,
    code: int32(error.code),
    codeName: error.codeName,
    ...(labels.size > 0 && { errorLabels: [...labels] }),
    ...error.extra,
  };
}

function clock(engine: Engine): Doc {
  const { seconds, increment } = engine.clock();
  const time = new Timestamp({ t: seconds, i: increment });
  return {
    operationTime: time,
    $clusterTime: {
      clusterTime: time,
      signature: { hash: new Binary(Buffer.alloc(20), 0), keyId: Long.fromNumber(0) },
    },
  };
}
