import { ObjectId } from 'bson';
import { CommandError, type Doc } from './bson/values.ts';
import { Cursors } from './session/cursors.ts';
import { FailPoints } from './session/failPoints.ts';
import { Operations } from './session/operations.ts';
import { type Peer, Peers } from './session/peer.ts';
import { Sessions } from './session/sessions.ts';
import { Snapshots } from './session/snapshots.ts';
import { Catalog, type Collection } from './store/catalog.ts';
import type { Store } from './store/store.ts';
import { Transactions } from './store/transactions.ts';

/** Lets one piece of work run after the other. */
class Turns {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.catch(() => {});
    return next;
  }
}

/** The store with everything that lives above it; commands work on this. */
export class Engine {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly transactions: Transactions;
  readonly sessions: Sessions;
  readonly snapshots: Snapshots;
  readonly cursors = new Cursors();
  readonly peers = new Peers();
  readonly operations = new Operations();
  /** Index builds, one at a time. */
  readonly indexBuilds = new Turns();
  readonly started = Date.now();
  readonly electionId = new ObjectId();
  /** How the client reaches this engine; the handshake names it as the only member. */
  readonly address: string;
  /** Seconds that a transaction may stay open. */
  transactionLifetime = 60;
  /** Seconds that the moment of a snapshot read can be read at again. */
  snapshotWindow = 300;
  /** Whether documents of TTL indexes go when their time is over; off while data is copied out of here or in. */
  expiring = true;
  /** Told of each command before it runs, sections and all but the documents of inserts; whoever sets it may not change the body. */
  heard: ((body: Doc, from: Peer) => void) | undefined;
  /** There only where the engine was started with test commands. */
  readonly failPoints: FailPoints | undefined;
  private lastTime = { seconds: 0, increment: 0 };

  constructor(store: Store, address: string, { testCommands = false } = {}) {
    this.store = store;
    this.address = address;
    this.failPoints = testCommands ? new FailPoints() : undefined;
    this.catalog = new Catalog(this.store).attach();
    this.transactions = new Transactions(this.store, this.catalog);
    this.snapshots = new Snapshots(this.store);
    this.catalog.oldestSnapshot = () => Math.min(this.transactions.oldest(), this.snapshots.oldest());
    this.sessions = new Sessions(this.store, this.transactions);
  }

  /** The collection, or an error that names it. */
  mustHave(db: string, name: string): Collection {
    const collection = this.catalog.get(db, name);
    if (!collection) throw new CommandError(26, `ns does not exist: ${db}.${name}`);
    return collection;
  }

  /** The logical clock of replies: never twice the same, never back. */
  clock(): { seconds: number; increment: number } {
    const seconds = Math.max(Math.floor(Date.now() / 1000), this.lastTime.seconds);
    const increment = seconds === this.lastTime.seconds ? this.lastTime.increment + 1 : 1;
    this.lastTime = { seconds, increment };
    return this.lastTime;
  }

  /** Ends transactions and cursors, runs `last` after the last write, and closes the file. */
  async close(last: () => void): Promise<void> {
    this.sessions.abortAll();
    this.cursors.closeAll();
    this.snapshots.closeAll();
    await this.store.close(last);
  }
}
