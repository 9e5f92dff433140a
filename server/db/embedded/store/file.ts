import { chmodSync, linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { prepareFolder, STORE_FILE } from '../process/folder.ts';
import { limitOf } from './limits.ts';
import { damageOf } from './pages.ts';

/** `none` never waits for the disk: only for data that is thrown away (a crash of the machine may damage the file). */
export type Durability = 'fsync' | 'none';

/** Address space that the file may grow into; memory and disk are taken only as they are used. */
const MAP_SIZE = 256 * 2 ** 30;
const MOST_READERS = 1024;
/** LMDB takes 64 bytes for a reader, and less than a page beside. */
const LOCK_BYTES = MOST_READERS * 64 + 4096;

/**
 * One asynchronous write at a time, begun as soon as it is there. LMDB-js would gather writes by itself, and keeps a promise of that
 * for itself, which a full disk rejects and which would so end the process. (Its types do not know the second option.)
 */
const BEGUN_AT_ONCE = { eventTurnBatching: false, txnStartThreshold: 0 };

/** Which file a path names at this moment: device and inode; undefined when there is none. */
export function fileAt(file: string): string | undefined {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found && `${found.dev}:${found.ino}`;
  } catch {
    // The folder is none, or shut: whoever opens the file says so.
    return undefined;
  }
}

export const lockOf = (file: string) => `${file}-lock`;

/** Opens LMDB's file of a folder, making it if need be. Throws a sentence for the person. */
export function openFile(dir: string, durability: Durability): RootDatabase<Buffer, Buffer> {
  prepareFolder(dir);
  const file = path.join(dir, STORE_FILE);
  checkPages(file, { leaves: false });
  if (limitOf('Max address space') < MAP_SIZE) throw narrow(file);
  let env: RootDatabase<Buffer, Buffer>;
  try {
    reserveLock(file);
    env = open<Buffer, Buffer>({
      path: file,
      noSubdir: true,
      maxDbs: 2048,
      maxReaders: MOST_READERS,
      mapSize: MAP_SIZE,
      overlappingSync: false,
      noSync: durability === 'none',
      noMemInit: false,
      ...BEGUN_AT_ONCE,
      keyEncoding: 'binary',
      encoding: 'binary',
      cache: false,
    });
  } catch (error) {
    throw openError(file, error);
  }
  // Readers of a process that was killed would keep old pages for ever.
  env.readerCheck();
  chmodSync(file, 0o600);
  return env;
}

/** Opens a named table of the file, making it if need be. */
export const openTable = (env: RootDatabase<Buffer, Buffer>, name: string): Database<Buffer, Buffer> =>
  env.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary', cache: false });

/**
 * Makes the file of readers with all its bytes on disk. LMDB makes it full of holes and maps it: on a full disk the system would end
 * the process that first writes into one.
 */
function reserveLock(file: string): void {
  if (fileAt(lockOf(file)) !== undefined) return;
  const made = `${lockOf(file)}.${process.pid}`;
  try {
    writeFileSync(made, Buffer.alloc(LOCK_BYTES), { mode: 0o600, flush: true });
    // Another process may have made it meanwhile, and uses it: it must not be written over.
    if (fileAt(lockOf(file)) === undefined) linkSync(made, lockOf(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(made, { force: true });
  }
}

/** Refuses a file whose pages would lead LMDB out of it. One that is not there yet, or has nothing in it, is none to check. */
export function checkPages(file: string, options: { leaves: boolean }): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const damage = damageOf(file, options);
  if (damage !== undefined)
    throw new Error(
      `${file} is damaged: ${damage}. Move it away and put a backup in its place: npm run db -- restore DIR`,
    );
}

const narrow = (file: string) =>
  new Error(
    `${file} cannot be opened: it is mapped into ${MAP_SIZE / 2 ** 30} GiB of address space, which costs no memory, but a limit forbids it (ulimit -v): lift the limit for this process`,
  );

function openError(file: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (/Cannot allocate memory|ENOMEM/i.test(text)) return narrow(file);
  if (/No space left|ENOSPC|EDQUOT|File too large|EFBIG/i.test(text))
    return new Error(`${file} cannot be opened: the disk is full (${text})`);
  if (/MDB_INVALID|MDB_CORRUPTED|MDB_PAGE_NOTFOUND|MDB_VERSION_MISMATCH|MDB_PANIC/i.test(text))
    return new Error(
      `${file} is damaged or not a store of this program: restore a backup (npm run db -- restore DIR) (${text})`,
    );
  return new Error(`${file} cannot be opened: ${text}`);
}
