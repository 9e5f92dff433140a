import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { answersFor } from '../embedded/process/claim.ts';
import { STORE_FILE } from '../embedded/process/folder.ts';
import { clearDead, EXPORT_PREFIX } from '../embedded/process/leavings.ts';
import { backup, openExisting } from '../embedded/store/backup.ts';
import { served } from './served.ts';
import { connect, mustBeSet } from './side.ts';
import { type Transferred, transfer } from './transfer.ts';

export interface Export {
  /** The data folder. */
  dir: string;
  /** Address of the MongoDB to fill. */
  to: string;
  /** Only this database. */
  only?: string | undefined;
  leaveOut: readonly string[];
  overwrite: boolean;
  /** Where the copy lies meanwhile; in the data folder by default. */
  temporary?: string | undefined;
  say(line: string): void;
}

/**
 * Copies a data folder to a MongoDB. The program may be running on it: what is sent is a copy of one moment, taken first, which needs
 * up to as much room as the data and is gone afterwards.
 */
export async function exportTo(given: Export): Promise<Transferred> {
  const { dir, say } = given;
  const store = openExisting(dir);
  const serving = await answersFor(store).finally(() => store.close());
  const to = await connect(given.to);
  try {
    if (serving !== undefined && to.ours && to.me === serving)
      throw new Error(`${to.address.name} is the engine that serves ${dir} itself: name another server`);
    mustBeSet(to);
    const work = workFolder(given.temporary ?? dir);
    const clear = () => rmSync(work, { recursive: true, force: true });
    process.once('exit', clear);
    try {
      await takeCopy(dir, work, say);
      return await served(work, dir, (from) => transfer({ ...given, from, to, source: identity(dir) }));
    } finally {
      clear();
      process.off('exit', clear);
    }
  } finally {
    await to.client.close();
  }
}

/** Tells this data folder from others; its path is nobody's business at the target. */
const identity = (dir: string) =>
  createHash('sha256')
    .update(`${hostname()}\n${realpathSync(dir)}`)
    .digest('hex');

/** A folder for the copy. Those of commands that were killed go first. */
function workFolder(base: string): string {
  mkdirSync(base, { recursive: true, mode: 0o700 });
  clearDead(base);
  return path.join(base, `${EXPORT_PREFIX}${process.pid}`);
}

async function takeCopy(dir: string, work: string, say: (line: string) => void): Promise<void> {
  const { size } = statSync(path.join(dir, STORE_FILE));
  say(`taking a copy of this moment of ${dir} (up to ${size} bytes, gone afterwards)`);
  try {
    await backup(dir, work);
  } catch (error) {
    throw new Error(
      `${(error as Error).message}. The copy needs up to ${size} bytes; --temporary DIR puts it where there is room`,
    );
  }
}
