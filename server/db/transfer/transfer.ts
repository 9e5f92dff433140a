import { checkContent, checkShape } from './check.ts';
import { type Copied, copy } from './copy.ts';
import { databasesOf, expires, inventory, type Listed, sameIndex } from './inventory.ts';
import { Progress } from './progress.ts';
import { countOf } from './reading.ts';
import { indexName, refusals } from './refusals.ts';
import type { Side } from './side.ts';
import { Hold, stateIn } from './state.ts';
import { dropIndexes, makeIndexes, mustBeFree, prepare } from './target.ts';

export interface Transfer {
  from: Side;
  to: Side;
  /** Tells this data from other data: an unfinished copy of the same is gone on with. */
  source: string;
  /** Only this database. */
  only?: string | undefined;
  /** Collections (`db.collection`) and indexes (`db.collection:index`) that are not copied. */
  leaveOut: readonly string[];
  /** Databases at the target that hold other things are made equal to the source. */
  overwrite: boolean;
  say(line: string): void;
}

export interface Transferred {
  databases: number;
  collections: number;
  documents: number;
  indexes: number;
}

/**
 * Makes databases of one server equal to those of another: documents byte for byte, indexes with their options. May be killed at any
 * moment and started again. Returns when every document has been read on both sides and compared. Throws a sentence.
 */
export async function transfer(given: Transfer): Promise<Transferred> {
  const { from, to, only, overwrite, source, say } = given;
  if (from.me === to.me && from.set === to.set && from.address.name === to.address.name)
    throw new Error(`${to.address.name} is the source itself: name another server`);
  const plan = await planOf(given);
  const databases = [...plan.keys()];
  const { resumed, earlier } = await mustBeFree({ to, databases, source, overwrite });
  if (resumed) say(`going on with the copy that was begun at ${to.address.name}`);
  const hold = new Hold(to, databases);
  await hold.take(source);
  if (only === undefined)
    await dropGone(
      given,
      earlier.filter((db) => !plan.has(db)),
    );
  const all = [...plan.values()].flat();
  for (const [db, collections] of plan) await fill(given, { db, collections, hold });
  let indexes = 0;
  for (const one of all) {
    await dropIndexes(to, one, (spec) => !one.indexes.some((wanted) => sameIndex(spec, wanted)));
    if (one.indexes.some((spec) => !expires(spec))) say(`${one.ns}: making indexes`);
    await makeIndexes(
      to,
      one,
      one.indexes.filter((spec) => !expires(spec)),
    );
    await hold.look(one.db);
    indexes += one.indexes.length;
  }
  let documents = 0;
  for (const one of all) documents += await check(given, one, hold);
  // Now they may begin to delete: until here that would have looked like a difference.
  for (const one of all) await makeIndexes(to, one, one.indexes.filter(expires));
  for (const [db, collections] of plan) await checkShape(to, db, collections);
  await hold.finish();
  return { databases: databases.length, collections: all.length, documents, indexes };
}

/** What is to be copied: collections and indexes by database. */
async function planOf({ from, to, only, leaveOut, say }: Transfer): Promise<Map<string, Listed[]>> {
  const there = await databasesOf(from);
  if (only !== undefined && !there.includes(only))
    throw new Error(`${from.address.name} has no database ${only}; it has ${there.join(', ') || 'none'}`);
  const left = new Set(leaveOut);
  const leave = (name: string) => {
    if (!leaveOut.includes(name)) return false;
    left.delete(name);
    say(`left out: ${name}`);
    return true;
  };
  const plan = new Map<string, Listed[]>();
  for (const db of only === undefined ? there : [only]) {
    if (await stateIn(from, db))
      throw new Error(
        `${db} at ${from.address.name} is itself a copy that was not finished: finish that first`,
      );
    const collections = (await inventory(from, db))
      .filter(({ ns }) => !leave(ns))
      .map((one) => ({ ...one, indexes: one.indexes.filter((spec) => !leave(indexName(one.ns, spec))) }));
    if (collections.length > 0) plan.set(db, collections);
  }
  if (left.size > 0)
    throw new Error(
      `--leave-out names what is not there: ${[...left].join(', ')} (write db.collection or db.collection:index)`,
    );
  if (plan.size === 0) throw new Error(`${from.address.name} holds nothing to copy`);
  if (to.ours) mustFit([...plan.values()].flat());
  return plan;
}

function mustFit(collections: readonly Listed[]): void {
  const wrong = refusals(collections);
  if (wrong.length === 0) return;
  const lines = wrong.map(({ name, why }) => `  ${name}: ${why}`);
  throw new Error(
    `the embedded engine cannot hold all of this; nothing was copied:\n${lines.join('\n')}\nTo copy the rest, add --leave-out NAME for each`,
  );
}

/** Databases that the source has lost since an earlier run brought them. */
async function dropGone({ to, source, say }: Transfer, databases: readonly string[]): Promise<void> {
  for (const db of databases) {
    if ((await stateIn(to, db))?.source !== source) continue;
    await to.client.db(db).dropDatabase();
    say(`${db}: the source no longer has it, dropped`);
  }
}

interface Filling {
  db: string;
  collections: readonly Listed[];
  hold: Hold;
}

async function fill({ from, to, say }: Transfer, { db, collections, hold }: Filling): Promise<void> {
  const existed = await prepare(to, db, collections);
  for (const of of collections) {
    const total = await countOf(from, of);
    const progress = new Progress({ ns: of.ns, deed: 'copied', total, say });
    const done = await copy({
      from,
      to,
      of,
      existed: existed.has(of.name),
      // Between two moments of the source a unique value may have gone from one document to another.
      beforeChange: () => dropIndexes(to, of, (spec) => spec['unique'] === true),
      onDone: async (count) => {
        if (progress.at(count)) await hold.look(db);
      },
    });
    progress.end(toldOf(done));
  }
}

const toldOf = ({ kept, removed }: Copied) =>
  [kept > 0 && `${kept} were there`, removed > 0 && `${removed} old ones removed`].filter(Boolean).join(', ');

async function check({ from, to, say }: Transfer, of: Listed, hold: Hold): Promise<number> {
  const progress = new Progress({ ns: of.ns, deed: 'compared', total: await countOf(from, of), say });
  const { documents, sha256 } = await checkContent({
    from,
    to,
    of,
    onDone: async (count) => {
      if (progress.at(count)) await hold.look(of.db);
    },
  });
  progress.end(`equal on both sides, sha256 ${sha256.slice(0, 16)}`, documents);
  return documents;
}
