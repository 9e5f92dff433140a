import type { Engine } from '../core.ts';
import { deleteDocuments } from '../update/writes.ts';

const EVERY_MS = 1000;
const TTL_EVERY = 60;

/** Ends what is too old: transactions, idle sessions and cursors, documents of TTL indexes. */
export class Reaper {
  private readonly engine: Engine;
  private readonly timer: NodeJS.Timeout;
  private rounds = 0;
  private working = false;

  constructor(engine: Engine) {
    this.engine = engine;
    this.timer = setInterval(() => void this.round(), EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      const { engine } = this;
      engine.cursors.reap();
      engine.snapshots.reap();
      for (const cursor of await engine.sessions.reap(engine.transactionLifetime))
        engine.cursors.close(cursor);
      if (this.rounds++ % TTL_EVERY === 0 && engine.expiring) await expire(engine, new Date());
    } catch {
      // The store is closing or full: the next round tries again, and commands report it.
    } finally {
      this.working = false;
    }
  }
}

/** Deletes what TTL indexes say is over at that time. */
export async function expire(engine: Engine, now: Date): Promise<number> {
  let deleted = 0;
  for (const collection of engine.catalog.all()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined || index.building || collection.dropped) continue;
      const before = new Date(now.getTime() - index.expireAfterSeconds * 1000);
      const filter = { [index.fields[0]!]: { $lte: before }, ...index.partial?.spec };
      const result = await engine.store.submit((writer) =>
        deleteDocuments(writer, collection, {
          filter,
          hint: index.name,
          multi: true,
          context: { now },
          pace: { due: () => writer.due() },
        }),
      );
      deleted += result.deleted;
    }
  }
  return deleted;
}
