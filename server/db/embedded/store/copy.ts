import { chmodSync, closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pagesOf } from './graveyard.ts';
import { roomIn } from './limits.ts';
import type { Store } from './store.ts';

/** Puts a file or a folder's list of names on disk. */
export function sync(target: string): void {
  const descriptor = openSync(target, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Bytes that a compacted copy of a store has: its two heads, the list of its tables and the pages they use. */
export function liveBytes(store: Store): number {
  const stats = store.env.getStats() as { pageSize: number };
  const tables = store.tableNames().map((name) => store.table(name));
  const pages = [store.env, ...tables.map(({ db }) => db)].reduce((total, db) => total + pagesOf(db), 2);
  return pages * stats.pageSize;
}

/**
 * Copies one moment of an open store, without its free pages, to a file that is on disk when this resolves. A disk that is too small
 * is told with the bytes that are missing; a copy that fails leaves nothing.
 */
export async function copyStore(store: Store, file: string): Promise<void> {
  const folder = path.dirname(file);
  const needed = liveBytes(store);
  const room = roomIn(folder);
  if (room < needed)
    throw new Error(
      `the disk of ${folder} is too full: the copy needs ${needed} bytes, ${room} are free, ${needed - room} are missing`,
    );
  try {
    rmSync(file, { force: true });
    await store.env.backup(file, true);
    chmodSync(file, 0o600);
    sync(file);
  } catch (error) {
    const written = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    rmSync(file, { force: true });
    throw copyError(error as Error, { file, needed, written });
  }
}

function copyError(
  error: Error,
  { file, needed, written }: { file: string; needed: number; written: number },
): Error {
  if (/ENOSPC|No space|EDQUOT|quota|EFBIG|too large/i.test(error.message))
    return new Error(
      `${file} cannot be written whole: it needs ${needed} bytes, the disk took ${written}, ${Math.max(0, needed - written)} are missing (${error.message})`,
    );
  if (/MDB_INCOMPATIBLE|MDB_CORRUPTED|MDB_PAGE_NOTFOUND/.test(error.message))
    return new Error(
      `${file} cannot be written: the pages of the store do not fit together, it is damaged (${error.message}): restore a backup`,
    );
  return new Error(`${file} cannot be written: ${error.message}`);
}
