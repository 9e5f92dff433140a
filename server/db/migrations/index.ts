import type { Connection } from 'mongoose';
import type { Log } from '../../log.ts';
import { collections } from './001-collections.ts';
import { bodies } from './002-bodies.ts';
import { desk } from './003-desk.ts';
import { visitors } from './004-visitors.ts';
import { facts } from './005-facts.ts';
import { search } from './006-search.ts';
import { records } from './007-records.ts';
import { duplicates } from './008-duplicates.ts';
import { identities } from './009-identities.ts';
import { posts } from './010-posts.ts';
import { listening } from './012-listening.ts';
import { sentiment } from './013-sentiment.ts';
import { advocates } from './014-advocates.ts';
import { recordNumbers } from './015-record-numbers.ts';
import { evidence } from './016-evidence.ts';
import { handles } from './017-handles.ts';
import { missing } from './018-missing.ts';
import { bought } from './019-bought.ts';
import { verified } from './020-verified.ts';
import { dates } from './021-dates.ts';
import { ownNumbers } from './022-own-numbers.ts';
import { heldLease } from './lease.ts';

/** One step of the data's shape. It must be able to begin again after a crash half-way. */
export interface Migration {
  /** Number and name; never changed once published. */
  id: string;
  run(db: Connection, log: Log): Promise<void>;
}

/** In order; new ones are added at the end. */
export const migrations: readonly Migration[] = [
  collections,
  bodies,
  desk,
  visitors,
  facts,
  search,
  records,
  duplicates,
  identities,
  posts,
  listening,
  sentiment,
  advocates,
  recordNumbers,
  evidence,
  handles,
  missing,
  bought,
  verified,
  dates,
  ownNumbers,
];

interface Applied {
  _id: string;
  at: Date;
}

/**
 * Brings the data to this program's shape: in order, by one process at a time, and from where it stopped if it was stopped.
 *
 * @param options.before called once before data that already exists is changed, e.g. to back it up
 * @param options.steps for tests; the product's own otherwise
 * @returns the ids of what was run
 * @throws when the data was written by a newer program
 */
export async function migrate(options: {
  db: Connection;
  log: Log;
  nodeId: string;
  leaseMs: number;
  before?: (pending: string[]) => Promise<void>;
  steps?: readonly Migration[];
}): Promise<string[]> {
  const steps = options.steps ?? migrations;
  const applied = options.db.collection<Applied>('migrations');
  if ((await pendingOf(options.db, steps)).length === 0) return [];

  return heldLease(options, 'migrations', async (stillHeld) => {
    // Another process may have done it all while this one waited.
    const pending = await pendingOf(options.db, steps);
    if (pending.length === 0) return [];
    if (pending.length < steps.length) await options.before?.(pending.map((step) => step.id));
    for (const step of pending) {
      stillHeld();
      options.log.info({ migration: step.id }, 'migrating');
      await step.run(options.db, options.log);
      stillHeld();
      await applied.updateOne({ _id: step.id }, { $set: { at: new Date() } }, { upsert: true });
    }
    return pending.map((step) => step.id);
  });
}

async function pendingOf(db: Connection, steps: readonly Migration[]): Promise<Migration[]> {
  const known = new Set(steps.map((step) => step.id));
  const done = (await db.collection<Applied>('migrations').find({}).sort({ _id: 1 }).toArray()).map(
    (entry) => entry._id,
  );
  const newer = done.filter((id) => !known.has(id));
  if (newer.length)
    throw new Error(
      `This data was written by a newer version of the program (it has ${newer.join(', ')}). Start that version, or restore a backup from before it.`,
    );
  return steps.filter((step) => !done.includes(step.id));
}
