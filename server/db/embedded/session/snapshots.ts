import type { Timestamp } from 'bson';
import { CommandError } from '../bson/values.ts';
import { Moment } from '../store/moment.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './sessions.ts';

/** Moments that are held at most: each keeps LMDB from using the pages of then again. */
const MOST = 64;

/** A moment that reads may name by its time. */
export interface Kept {
  time: Timestamp;
  view: Moment;
  /** When it is let go, in milliseconds since 1970. */
  until: number;
  session: Session | undefined;
}

/** The moments of snapshot reads outside transactions (readConcern `snapshot`), each for a few minutes. */
export class Snapshots {
  private readonly store: Store;
  private readonly kept = new Map<string, Kept>();
  private last: Moment | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  /** The present moment, known by this time from now on. Where nothing was written since, it is the one before. */
  take(time: Timestamp, seconds: number, session: Session | undefined): Kept {
    const { store } = this;
    const same = this.last && !this.last.over && this.last.seq === store.synced && store.seq === store.synced;
    const view = (same ? this.last! : new Moment(store)).hold();
    this.last = view;
    const kept = { time, view, until: Date.now() + seconds * 1000, session };
    this.kept.set(time.toString(), kept);
    if (this.kept.size > MOST) this.drop(this.kept.values().next().value!);
    return kept;
  }

  /** The moment of an earlier answer. */
  at(time: Timestamp, now: Timestamp): Kept {
    const kept = this.kept.get(time.toString());
    if (kept) return kept;
    if (time.greaterThan(now))
      throw new CommandError(
        72,
        'readConcern atClusterTime value must not be greater than the current clusterTime',
      );
    throw new CommandError(
      239,
      `Read timestamp ${time.getHighBits()}.${time.getLowBits()} is not available: a snapshot is kept for a few minutes under the time that the read that took it answered.`,
    );
  }

  private drop(kept: Kept): void {
    this.kept.delete(kept.time.toString());
    kept.view.letGo();
  }

  /** Lets go of what a session took. */
  endOf(session: Session): void {
    for (const kept of [...this.kept.values()]) if (kept.session === session) this.drop(kept);
  }

  /** Lets go of what is too old. */
  reap(now = Date.now()): void {
    for (const kept of [...this.kept.values()]) if (kept.until <= now) this.drop(kept);
  }

  closeAll(): void {
    this.reap(Number.POSITIVE_INFINITY);
  }

  get size(): number {
    return this.kept.size;
  }

  /** Number of the last write transaction that all of them see. */
  oldest(): number {
    return Math.min(this.store.synced, ...[...this.kept.values()].map(({ view }) => view.seq));
  }
}
