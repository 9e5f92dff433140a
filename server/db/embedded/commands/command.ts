import { Long } from 'bson';
import type { Doc } from '../bson/values.ts';
import type { Engine } from '../core.ts';
import { evaluateLet } from '../expression/expression.ts';
import type { EvalContext } from '../query/match.ts';
import type { Pace, Row } from '../query/query.ts';
import { type Control, checkControl, type Slices } from '../session/control.ts';
import { FIRST_BATCH, nextBatch, type RawSource } from '../session/cursors.ts';
import type { Peer } from '../session/peer.ts';
import type { Session } from '../session/sessions.ts';
import type { Kept } from '../session/snapshots.ts';
import type { CatalogView, Collection } from '../store/catalog.ts';
import type { Txn } from '../store/transactions.ts';
import type { View, Writer } from '../store/view.ts';
import type { Step } from '../update/writes.ts';
import { MAX_DOCUMENT, type Reply } from '../wire/raw.ts';

/** What a command runs with. */
export interface Context {
  engine: Engine;
  /** The collections as this command sees them. */
  catalog: CatalogView;
  db: string;
  body: Doc;
  sequences: Map<string, Buffer[]>;
  connection: Peer;
  session?: Session | undefined;
  /** The transaction it belongs to. */
  txn?: Txn | undefined;
  /** The moment it reads at, outside a transaction. */
  snapshot?: Kept | undefined;
  /** Of a retryable write outside a transaction. */
  retryable?: bigint | undefined;
  control: Control;
  now: Date;
}

export interface Command {
  /** Fields beside those that every command may have. */
  fields: readonly string[];
  /** May run inside a transaction; `later`: not as its first command. */
  transactional?: boolean | 'later';
  /** May carry a txnNumber outside a transaction. */
  retryable?: boolean;
  run(context: Context): Promise<Reply> | Reply;
}

export const viewOf = (context: Context): View =>
  context.txn ?? context.snapshot?.view ?? context.engine.store.live;

/** What filters and expressions are evaluated with; `variables` as the command's `let` has them. */
export const evalContext = (context: Context, variables?: Doc): EvalContext => ({
  now: context.now,
  ...(variables && { let: evaluateLet(variables, context.now) }),
});

/** Rows of a query as an async sequence that lets others work in between. */
export async function* paced(rows: Iterable<Row | null>, slices: Slices): AsyncGenerator<Row> {
  for (const row of rows) {
    if (row) yield row;
    else await slices.turn();
  }
}

/** Runs a write: in the next write transaction of the store, or at once in the command's own transaction. */
export async function runWrite<T>(context: Context, start: (writer: Writer) => Step<T>): Promise<T> {
  const { txn, engine, control } = context;
  if (!txn) return engine.store.submit(start, control.deadline);
  txn.begin();
  const job = start(txn);
  for (;;) {
    const step = job.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
    checkControl(control);
    txn.begin();
  }
}

/** A pace for writes: the time limit is checked, the step's own clock is the writer's. */
export const writePace = (context: Context, writer: Writer): Pace => ({
  due() {
    checkControl(context.control);
    return writer.due();
  },
});

export interface CursorRequest {
  ns: string;
  source: RawSource;
  batchSize?: number | undefined;
  /** All that will ever come; the cursor is closed with the last of them. */
  limit?: number | undefined;
  singleBatch?: boolean;
  noTimeout?: boolean;
}

/** The first batch of a new cursor, which stays open if there is more. */
export async function openCursor(context: Context, request: CursorRequest): Promise<Reply> {
  const { ns, source, limit } = request;
  const reading = { source, pending: undefined as Buffer | undefined };
  const size = Math.min(request.batchSize ?? FIRST_BATCH, limit || Number.POSITIVE_INFINITY);
  const { documents, done } = await nextBatch(reading, size, request.singleBatch ? MAX_DOCUMENT : undefined);
  const ended =
    done || request.singleBatch || (limit !== undefined && limit > 0 && documents.length >= limit);
  if (ended && !done) await source.return?.();
  const id = ended
    ? ZERO
    : context.engine.cursors.add({
        ns,
        source,
        pending: reading.pending,
        session: context.session,
        txn: context.txn,
        control: context.control,
        noTimeout: request.noTimeout ?? false,
      }).id;
  return { doc: {}, batch: { kind: 'firstBatch', documents, id, ns } };
}

const ZERO = Long.fromNumber(0);

export const nothing: AsyncIterator<Buffer> = {
  next: () => Promise.resolve({ done: true, value: undefined }),
};

/** The collection a writing command works on; made if it is not there, inside a transaction for that alone. */
export async function writable(context: Context, name: string, db = context.db): Promise<Collection> {
  const { catalog, txn, engine } = context;
  const found = catalog.get(db, name);
  if (found) return found;
  return txn ? engine.transactions.create(txn, db, name) : engine.catalog.create(db, name);
}
