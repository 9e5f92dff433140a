import type { Doc } from '../embedded/bson/values.ts';
import { collectionsOf, expires, indexesOf, type Listed, sameIndex } from './inventory.ts';
import { ordered } from './raw.ts';
import { at, type Side } from './side.ts';
import { removeState, stateIn } from './state.ts';
import { MAJORITY } from './writing.ts';

export interface Claim {
  to: Side;
  databases: string[];
  /** Which data is brought. */
  source: string;
  /** Databases that hold other things are made equal all the same. */
  overwrite: boolean;
}

/** How a database at the target was found. */
type Found = 'empty' | 'begun' | 'done' | 'other' | 'foreign';

/** Refuses a target that holds anything but what an earlier run of the same transfer brought. */
export async function mustBeFree(claim: Claim): Promise<{ resumed: boolean; earlier: string[] }> {
  const { to, databases, overwrite } = claim;
  const found = new Map<string, Found>();
  const earlier = new Set<string>();
  for (const db of databases) found.set(db, await lookAt(claim, db, earlier));
  const all = (state: Found) => databases.filter((db) => found.get(db) === state);
  if (overwrite) return { resumed: all('begun').length > 0, earlier: [] };
  if (all('done').length > 0) {
    for (const db of [...all('done'), ...all('begun')]) await removeState(to, db);
    throw new Error(
      `the copy at ${to.address.name} had been finished and compared; only its notes were left, and are gone now. --overwrite brings over what has changed since`,
    );
  }
  if (all('other').length > 0)
    throw new Error(
      `${all('other').join(', ')} at ${to.address.name} holds the unfinished copy of other data: name another database server, or --overwrite to replace what is there`,
    );
  if (all('foreign').length > 0)
    throw new Error(
      `${to.address.name} already has data in ${all('foreign').join(', ')}: name an empty server. --overwrite makes these databases equal to the source and deletes what else is in them`,
    );
  return { resumed: all('begun').length > 0, earlier: [...earlier] };
}

async function lookAt({ to, source }: Claim, db: string, earlier: Set<string>): Promise<Found> {
  const state = await stateIn(to, db);
  if (!state) return (await collectionsOf(to, db)).length === 0 ? 'empty' : 'foreign';
  if (state.source !== source) return 'other';
  for (const one of state.databases) earlier.add(one);
  return state.phase === 'done' ? 'done' : 'begun';
}

/** Whether a collection at the target was made by a plain `create`: only such a one is filled. */
const isPlain = ({ type, options }: Pick<Listed, 'type' | 'options'>) =>
  type === 'collection' && Object.keys(options).every((field) => field === 'uuid');

/**
 * Makes a database's collections those of the source, empty where they are new. What the source does not have goes, and so do
 * indexes that delete by themselves. @returns the collections that were there before
 */
export async function prepare(to: Side, db: string, wanted: readonly Listed[]): Promise<Set<string>> {
  const database = to.client.db(db);
  const existed = new Set<string>();
  const names = new Set(wanted.map(({ name }) => name));
  for (const one of await collectionsOf(to, db)) {
    if (names.has(one.name) && isPlain(one)) {
      existed.add(one.name);
      await dropIndexes(to, one, expires);
    } else await at(to, one.ns, () => database.command({ drop: one.name, writeConcern: MAJORITY }));
  }
  for (const { name, ns } of wanted)
    if (!existed.has(name))
      await at(to, ns, () => database.command({ create: name, writeConcern: MAJORITY }));
  return existed;
}

type Named = Pick<Listed, 'db' | 'name' | 'ns'>;

/** Drops those indexes of a collection. */
export async function dropIndexes(to: Side, of: Named, which: (spec: Doc) => boolean): Promise<void> {
  for (const spec of (await indexesOf(to, of)).filter(which))
    await at(to, of.ns, () =>
      to.client.db(of.db).command({ dropIndexes: of.name, index: spec['name'], writeConcern: MAJORITY }),
    );
}

/** Makes the indexes that are not there yet; one that is there otherwise is made anew. @returns how many were made */
export async function makeIndexes(to: Side, of: Named, wanted: readonly Doc[]): Promise<number> {
  const there = await indexesOf(to, of);
  const missing = wanted.filter((spec) => !there.some((other) => sameIndex(spec, other)));
  if (missing.length === 0) return 0;
  await at(to, of.ns, () =>
    to.client.db(of.db).command({
      createIndexes: of.name,
      indexes: missing.map((spec) => ordered(withoutNamespace(spec))),
      writeConcern: MAJORITY,
    }),
  );
  return missing.length;
}

/** Old servers wrote the collection's name into the specification; new ones refuse it. */
function withoutNamespace(spec: Doc): Doc {
  const { ns: _ns, background: _background, ...rest } = spec;
  return rest;
}
