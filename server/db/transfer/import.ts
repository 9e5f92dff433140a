import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { answersFor, EngineRunning } from '../embedded/process/claim.ts';
import { hasStore, isEmptyStore, prepareFolder } from '../embedded/process/folder.ts';
import { Catalog } from '../embedded/store/catalog.ts';
import { Store } from '../embedded/store/store.ts';
import { place, swap } from '../embedded/store/swap.ts';
import { served } from './served.ts';
import { connect } from './side.ts';
import { type Transferred, transfer } from './transfer.ts';

export interface Import {
  /** The data folder; it must hold no data. */
  dir: string;
  /** Address of the MongoDB to read. */
  from: string;
  /** Only this database. */
  only?: string | undefined;
  leaveOut: readonly string[];
  say(line: string): void;
}

/** Where the data is gathered until all of it is there and compared: the program never meets half of it. */
const STAGE = '.importing';

/**
 * Fills an empty data folder from a MongoDB. Nobody should write there meanwhile: a document that changes between copying and
 * comparing makes the command fail, and the next run brings it over.
 */
export async function importFrom(given: Import): Promise<Transferred> {
  const { dir, say } = given;
  await mustBeEmpty(dir);
  const from = await connect(given.from);
  const stage = path.join(dir, STAGE);
  try {
    mkdirSync(stage, { recursive: true, mode: 0o700 });
    const source = `${from.set ?? 'single'} ${from.address.name}`;
    const done = await served(stage, dir, (to) =>
      transfer({ ...given, from, to, source, overwrite: false }),
    ).catch(async (error: unknown) => {
      if (!(error instanceof EngineRunning)) await dropIfEmpty(stage);
      if (error instanceof EngineRunning)
        throw new Error(`another import into ${dir} is at work: let it end first`);
      throw withAdvice(error as Error, stage);
    });
    await mustBeEmpty(dir);
    say(`putting the data into ${dir}`);
    if (hasStore(dir)) swap(dir, stage);
    else place(dir, stage);
    rmSync(stage, { recursive: true, force: true });
    return done;
  } finally {
    await from.client.close();
  }
}

/** What was begun with another source, or other words, stands in the way until it is taken away. */
function withAdvice(error: Error, stage: string): Error {
  if (!error.message.includes('unfinished copy of other data')) return error;
  return new Error(
    `${stage} holds an unfinished import from another server: go on with that one, or delete this folder`,
  );
}

/** An engine that never stored anything leaves a store without collections: that is empty too. */
async function mustBeEmpty(dir: string): Promise<void> {
  prepareFolder(dir);
  if (!hasStore(dir) || isEmptyStore(dir)) return;
  const store = new Store(dir, 'fsync');
  try {
    const serving = await answersFor(store);
    if (serving !== undefined)
      throw new Error(`an engine serves ${dir} at ${serving}: stop the program first`);
    const [first, ...more] = new Catalog(store).all();
    if (first)
      throw new Error(
        `${dir} holds data already (${first.ns}${more.length > 0 ? ` and ${more.length} more collections` : ''}): import needs an empty folder, name one with --path DIR`,
      );
  } finally {
    await store.close();
  }
}

/** A stage to which nothing has come is no import that could be gone on with. */
async function dropIfEmpty(stage: string): Promise<void> {
  if (!hasStore(stage) || isEmptyStore(stage)) return rmSync(stage, { recursive: true, force: true });
  const store = new Store(stage, 'fsync');
  const empty = new Catalog(store).all().length === 0;
  await store.close();
  if (empty) rmSync(stage, { recursive: true, force: true });
}
