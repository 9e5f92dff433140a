import { type Binary, type Long, UUID } from 'bson';
import { CommandError, type Doc, decode, encode, isDoc, numberOf } from '../bson/values.ts';
import type { Store } from '../store/store.ts';
import { noSuchTransaction, type Transactions, type Txn } from '../store/transactions.ts';
import { readRange } from '../store/view.ts';
import type { Peer } from './peer.ts';

/** Minutes after which an unused session is forgotten, as the handshake says. */
export const SESSION_MINUTES = 30;

/** Milliseconds that a transaction outlives the connections that carried it, while others of its client are open. */
const ORPHAN_MS = 5000;

/** What a statement of a retryable write answered, kept so that its repetition answers alike. */
export type StatementResult = Doc;

/** Statement number under which a committed transaction is kept. */
const COMMITTED = 0xffffffff;

export interface Session {
  id: string;
  bytes: Buffer;
  lastUse: number;
  txnNumber: bigint;
  txn?: Txn | undefined;
  /** How the transaction of `txnNumber` ended. */
  outcome?: 'committed' | 'aborted' | undefined;
  commit?: Promise<void> | undefined;
  /** The end of the numbered command that is at work. */
  turn: Promise<void>;
  /** Cursors opened under this session. */
  cursors: Set<string>;
  /** Keys of the records that it has in the table `retries`. */
  records: Buffer[];
}

function recordKey(session: Session, txnNumber: bigint, statement: number): Buffer {
  const key = Buffer.alloc(28);
  session.bytes.copy(key);
  key.writeBigUInt64BE(txnNumber, 16);
  key.writeUInt32BE(statement, 24);
  return key;
}

/** Sessions, their retryable writes (kept in the table `retries`) and their transactions. */
export class Sessions {
  private readonly byId = new Map<string, Session>();
  private readonly store: Store;
  private readonly transactions: Transactions;

  constructor(store: Store, transactions: Transactions) {
    this.store = store;
    this.transactions = transactions;
    for (const { key, value } of readRange(store.retries, { limit: Number.MAX_SAFE_INTEGER })) {
      const session = this.byBytes(Buffer.from(key.subarray(0, 16)));
      const txnNumber = key.readBigUInt64BE(16);
      session.records.push(key);
      if (txnNumber > session.txnNumber) session.outcome = undefined;
      if (txnNumber >= session.txnNumber && key.readUInt32BE(24) === COMMITTED) session.outcome = 'committed';
      if (txnNumber > session.txnNumber) session.txnNumber = txnNumber;
      session.lastUse = Math.max(session.lastUse, numberOf(decode(value)['at']) ?? 0);
    }
  }

  private byBytes(bytes: Buffer): Session {
    const id = bytes.toString('hex');
    let session = this.byId.get(id);
    if (!session) {
      session = {
        id,
        bytes,
        lastUse: 0,
        txnNumber: -1n,
        cursors: new Set(),
        records: [],
        turn: Promise.resolve(),
      };
      this.byId.set(id, session);
    }
    return session;
  }

  all(): Session[] {
    return [...this.byId.values()];
  }

  /** The session of a command's `lsid`. */
  of(lsid: unknown): Session {
    const id = isDoc(lsid) ? (lsid['id'] as Binary | undefined) : undefined;
    const bytes = id?._bsontype === 'Binary' && id.sub_type === 4 ? Buffer.from(id.value()) : undefined;
    if (bytes?.length !== 16) throw new CommandError(9, 'lsid.id must be a UUID');
    const session = this.byBytes(bytes);
    session.lastUse = Date.now();
    return session;
  }

  start(): { session: Session; lsid: Doc } {
    const id = new UUID();
    const session = this.byBytes(Buffer.from(id.buffer));
    session.lastUse = Date.now();
    return { session, lsid: { id: id.toBinary() } };
  }

  /** Waits for the numbered commands of the session that came before; the answer lets the next one in. */
  async checkOut(session: Session): Promise<() => void> {
    const before = session.turn;
    let done: () => void = () => {};
    session.turn = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }

  /** Moves a session on to the number of a retryable write. */
  retryable(session: Session, txnNumber: bigint): void {
    this.advance(session, txnNumber);
    if (session.txn || session.outcome)
      throw new CommandError(
        217,
        `the number ${txnNumber} of this session belongs to a transaction, not to a retryable write`,
      );
  }

  private advance(session: Session, txnNumber: bigint): void {
    if (txnNumber < session.txnNumber)
      throw new CommandError(
        225,
        `Cannot use transaction number ${txnNumber} on this session: a newer one, ${session.txnNumber}, was begun.`,
      );
    if (txnNumber === session.txnNumber) return;
    if (session.txn) this.transactions.abort(session.txn);
    session.txn = undefined;
    session.outcome = undefined;
    session.commit = undefined;
    session.txnNumber = txnNumber;
  }

  /** Begins the transaction that a first command asks for. */
  begin(session: Session, txnNumber: bigint): Txn {
    if (txnNumber === session.txnNumber && (session.txn || session.outcome))
      throw new CommandError(117, `transaction ${txnNumber} of this session was begun before`);
    this.advance(session, txnNumber);
    session.txn = this.transactions.begin();
    return session.txn;
  }

  /** The open transaction that a further command belongs to. */
  running(session: Session, txnNumber: bigint): Txn {
    if (txnNumber < session.txnNumber) this.advance(session, txnNumber);
    if (txnNumber !== session.txnNumber)
      throw noSuchTransaction(`${txnNumber} was never begun on this session`);
    if (session.outcome === 'committed')
      throw new CommandError(256, `Transaction ${txnNumber} has been committed.`);
    if (!session.txn?.open) throw noSuchTransaction(`transaction ${txnNumber} has been aborted`);
    session.txn.orphaned = undefined;
    return session.txn;
  }

  abort(session: Session): void {
    if (!session.txn?.open) return;
    this.transactions.abort(session.txn);
    session.outcome = 'aborted';
  }

  /** Commits; a repetition answers as the first did. */
  async commit(session: Session, txnNumber: bigint): Promise<void> {
    if (txnNumber === session.txnNumber && session.commit) return session.commit;
    if (txnNumber === session.txnNumber && session.outcome === 'committed') return;
    const txn = this.running(session, txnNumber);
    session.commit = this.transactions
      .commit(txn, () => this.record(session, txnNumber, [[COMMITTED, {}]]))
      .then(
        () => {
          session.outcome = 'committed';
        },
        (error) => {
          session.outcome = 'aborted';
          session.commit = undefined;
          throw commitFailure(error);
        },
      );
    return session.commit;
  }

  /** What a statement answered before, if it ran. Only inside a job. */
  recorded(session: Session, txnNumber: bigint, statement: number): StatementResult | undefined {
    const kept = this.store.retries.db.get(recordKey(session, txnNumber, statement));
    return kept && decode(kept);
  }

  /** Keeps what statements answered; inside the job that wrote. Records of earlier numbers go. */
  record(session: Session, txnNumber: bigint, results: [number, StatementResult][]): void {
    const { db } = this.store.retries;
    const own = (key: Buffer) => key.readBigUInt64BE(16) === txnNumber;
    for (const key of session.records) if (!own(key)) db.removeSync(key);
    session.records = session.records.filter(own);
    for (const [statement, result] of results) {
      const key = recordKey(session, txnNumber, statement);
      db.putSync(key, encode({ ...result, at: Date.now() }));
      session.records.push(key);
    }
  }

  /** Forgets a session that the client has ended: its transaction is aborted, its cursors are the answer. */
  end(session: Session): string[] {
    this.abort(session);
    return [...session.cursors];
  }

  /**
   * Aborts the transactions that only this connection carried: at once if its client is gone with it; if other connections of the
   * client are open it may only have lost this one, and has a while to go on or to repeat its commit.
   */
  connectionClosed(connection: Peer, clientLives: boolean): void {
    for (const session of this.byId.values()) {
      const { txn } = session;
      if (!txn?.open) continue;
      if (txn.connections.delete(connection) && txn.connections.size === 0)
        txn.orphaned = { at: Date.now(), kin: connection.kin };
      if (txn.orphaned && txn.orphaned.kin === connection.kin && !clientLives) this.abort(session);
    }
  }

  /** Aborts transactions that are too old and forgets sessions that are idle; the answer lists their cursors. */
  async reap(lifetimeSeconds: number): Promise<string[]> {
    const now = Date.now();
    const idle: Session[] = [];
    for (const session of this.byId.values()) {
      const { txn } = session;
      if (txn?.open && now - txn.started >= lifetimeSeconds * 1000) this.abort(session);
      if (txn?.orphaned && now - txn.orphaned.at >= ORPHAN_MS) this.abort(session);
      if (now - session.lastUse > SESSION_MINUTES * 60_000 && !session.txn?.open) idle.push(session);
    }
    if (idle.length === 0) return [];
    const { retries } = this.store;
    await this.store.submit(function* () {
      for (const session of idle) {
        if (session.lastUse > now) continue;
        // A byte longer than any of its keys, and so after them all.
        const end = Buffer.concat([session.bytes, Buffer.alloc(13, 0xff)]);
        for (const { key } of readRange(retries, { start: session.bytes, end, limit: 10_000 }))
          retries.db.removeSync(key);
        yield undefined;
      }
    });
    for (const session of idle) if (session.lastUse <= now) this.byId.delete(session.id);
    return idle.flatMap((session) => [...session.cursors]);
  }

  abortAll(): void {
    for (const session of this.byId.values()) this.abort(session);
  }
}

/** A disk that failed in the middle of a commit leaves it open whether the commit holds. */
function commitFailure(error: unknown): unknown {
  if (!(error instanceof CommandError) || error.code !== 1) return error;
  return new CommandError(error.code, error.message, { labels: ['UnknownTransactionCommitResult'] });
}

/** A command's txnNumber. */
export const txnNumberOf = (value: unknown): bigint => {
  const number = typeof value === 'bigint' ? value : (value as Long | undefined)?.toString();
  if (number === undefined || !/^\d+$/.test(String(number)))
    throw new CommandError(14, 'txnNumber must be a long');
  return BigInt(number);
};
