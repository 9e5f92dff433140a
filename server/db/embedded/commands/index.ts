import { Binary, Long, Timestamp } from 'bson';
import { CommandError, type Doc, decode } from '../bson/values.ts';
import type { Engine } from '../core.ts';
import type { Operation } from '../session/operations.ts';
import { introduce, type Peer } from '../session/peer.ts';
import { txnNumberOf } from '../session/sessions.ts';
import { CatalogThen } from '../store/moment.ts';
import { storageError } from '../store/store.ts';
import { int32, type Reply } from '../wire/raw.ts';
import type { Request } from '../wire/wire.ts';
import type { Command, Context } from './command.ts';
import { checkReadConcern, checkWriteConcern, type ReadConcern, type UnmetConcern } from './concerns.ts';
import { failAfter, failBefore } from './failPoint.ts';
import { errorReply, labelsOf } from './failure.ts';
import { checkFields, text, whole } from './fields.ts';
import { commandNamed } from './registry.ts';

/** Fields that a command takes as raw documents where the client sent them as a section of their own. */
const RAW_SECTIONS: Readonly<Record<string, string>> = { insert: 'documents', bulkWrite: 'ops' };

function takeSections(name: string, command: Command, { body, sequences }: Request): void {
  for (const [field, documents] of sequences) {
    if (field in body) throw new CommandError(9, `the field '${field}' is given twice`);
    if (!command.fields.includes(field))
      throw new CommandError(40415, `BSON field '${name}.${field}' is an unknown field.`);
    if (RAW_SECTIONS[name] !== field) body[field] = documents.map((raw) => decode(raw));
  }
}

/** A context before its command is known: enough for a fail point to look at. */
function contextOf(engine: Engine, request: Request, connection: Peer): Context {
  const { body, sequences } = request;
  const limit = whole(body, 'maxTimeMS');
  return {
    engine,
    catalog: engine.catalog,
    db: text(body, '$db'),
    body,
    sequences,
    connection,
    control: { deadline: limit ? Date.now() + limit : Number.POSITIVE_INFINITY, peer: connection },
    now: new Date(),
  };
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
    if (body['startTransaction'] !== undefined)
      throw new CommandError(72, 'startTransaction needs autocommit: false');
    if (!command.retryable)
      throw new CommandError(72, `${name} is no retryable write: it takes no txnNumber`);
    engine.sessions.retryable(session, number);
    context.retryable = number;
    return;
  }
  if (body['autocommit'] !== false) throw new CommandError(72, 'autocommit must be false where it is given');
  if (!command.transactional)
    throw new CommandError(263, `Cannot run '${name}' in a multi-document transaction.`);
  const starts = body['startTransaction'];
  if (starts !== undefined && starts !== true)
    throw new CommandError(72, 'startTransaction must be true where it is given');
  if (starts && command.transactional === 'later')
    throw new CommandError(263, `Cannot run '${name}' as the first command of a multi-document transaction.`);
  context.txn = starts ? engine.sessions.begin(session, number) : engine.sessions.running(session, number);
  context.txn.connections.add(context.connection);
}

/** Lets a command see the moment that it reads at, if that is not the present. */
function enterMoment(context: Context, { level, atClusterTime }: ReadConcern): void {
  const { engine, txn, session } = context;
  if (txn) context.catalog = new CatalogThen(engine.catalog, txn);
  if (txn || level !== 'snapshot') return;
  const now = time(engine);
  context.snapshot = atClusterTime
    ? engine.snapshots.at(atClusterTime, now)
    : engine.snapshots.take(now, engine.snapshotWindow, session);
  context.catalog = new CatalogThen(engine.catalog, context.snapshot.view);
}

/** Tells the client the moment of a snapshot read, for it to name in the next. */
function withMoment(reply: Reply, { snapshot }: Context): Reply {
  if (!snapshot) return reply;
  const atClusterTime = snapshot.time;
  if (reply.batch) return { ...reply, batch: { ...reply.batch, atClusterTime } };
  return { ...reply, doc: { ...reply.doc, atClusterTime } };
}

/** Runs one command; never throws. */
export async function runCommand(engine: Engine, request: Request, connection: Peer): Promise<Reply> {
  const { body } = request;
  const name = Object.keys(body)[0] ?? '';
  let context: Context | undefined;
  let operation: Operation | undefined;
  let checkIn: (() => void) | undefined;
  try {
    context = contextOf(engine, request, connection);
    const command = commandNamed(engine, name);
    const { db, control } = context;
    operation = engine.operations.begin({ name, db, body, peer: connection, control }, request.sequences);
    takeSections(name, command, request);
    introduce(connection, body);
    engine.heard?.(body, connection);
    await failBefore(context, name);
    checkFields(name, body, new Set(command.fields));
    const concern = checkReadConcern(name, body);
    const unmet = checkWriteConcern(name, body);
    if (body['lsid'] !== undefined) context.session = engine.sessions.of(body['lsid']);
    if (context.session && body['txnNumber'] !== undefined)
      checkIn = await engine.sessions.checkOut(context.session);
    enterSession(name, command, context);
    enterMoment(context, concern);
    const reply = await command.run(context);
    if (context.txn && reply.failed) engine.sessions.abort(context.session!);
    return answer(context, { name, unmet }, withMoment(reply, context));
  } catch (error) {
    const failure = storageError(error);
    if (context?.txn && failure.code !== 237) engine.sessions.abort(context.session!);
    return { doc: { ...errorReply(failure, body, name), ...clock(engine) } };
  } finally {
    checkIn?.();
    if (operation) engine.operations.end(operation);
  }
}

/** A command's answer with what every answer has. */
function answer(
  context: Context,
  { name, unmet }: { name: string; unmet: UnmetConcern | undefined },
  reply: Reply,
): Reply {
  const injected = failAfter(context, name);
  const concern = injected?.writeConcernError ?? (unmet && { ...unmet, code: int32(unmet.code) });
  const all = { ...clock(context.engine), ok: 1 };
  if (!concern) return { ...reply, doc: { ...reply.doc, ...all } };
  const concernCode = Number(concern['code']);
  const labels = injected?.errorLabels ?? labelsOf({ name, body: context.body, concernCode });
  const more = { writeConcernError: concern, ...(labels.length > 0 && { errorLabels: labels }) };
  return { ...reply, doc: { ...reply.doc, ...more, ...all } };
}

function time(engine: Engine): Timestamp {
  const { seconds, increment } = engine.clock();
  return new Timestamp({ t: seconds, i: increment });
}

function clock(engine: Engine): Doc {
  const now = time(engine);
  return {
    operationTime: now,
    $clusterTime: {
      clusterTime: now,
      signature: { hash: new Binary(Buffer.alloc(20), 0), keyId: Long.fromNumber(0) },
    },
  };
}
