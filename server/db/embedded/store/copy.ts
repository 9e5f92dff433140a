import { chmodSync, closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pagesOf } from './graveyard.ts';
import { FULL_BELOW, roomFor, roomIn } from './limits.ts';
import type { Store } from './store.ts';
import type { Table } from './view.ts';

/** Puts a file or a folder's list of names on disk. */
export function sync(target: string): void {
  const descriptor = openSync(target, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Bytes that LMDB's copy of a store has: its two heads, the list of its tables and the pages they use. */
export const liveBytes = (store: Store): number =>
  bytesOf(
    store,
    store.tableNames().map((name) => store.table(name)),
  );

/** Bytes of the pages that some tables of a store use, and of what leads to them. */
export function bytesOf(store: Store, tables: Table[]): number {
  const { pageSize } = store.env.getStats() as { pageSize: number };
  return [store.env, ...tables.map(({ db }) => db)].reduce((total, db) => total + pagesOf(db), 2) * pageSize;
}

/** Refuses a disk that has less room than a copy needs. */
export function mustFit(folder: string, needed: number): void {
  const room = roomIn(folder);
  if (room < needed)
    throw new Error(
      `the disk of ${folder} is too full: the copy needs ${needed} bytes, ${room} are free, ${needed - room} are missing`,
    );
}

/**
 * Copies one moment of an open store, without its free pages, to a file that is on disk when this resolves. A disk that is too small
 * is told with the bytes that are missing; a copy that fails leaves nothing.
 */
export async function copyStore(store: Store, file: string): Promise<void> {
  const needed = liveBytes(store);
  mustFit(path.dirname(file), needed);
  try {
    rmSync(file, { force: true });
    await store.env.backup(file, true);
    chmodSync(file, 0o600);
    sync(file);
  } catch (error) {
    const failure = copyError(error as Error, { file, needed: () => needed });
    rmSync(file, { force: true });
    throw failure;
  }
}

interface Cut {
  file: string;
  /** Bytes of the whole copy. */
  needed(): number;
}

/** What went wrong with a copy, for the person. Called while the half copy is still there. */
export function copyError(error: Error, { file, needed }: Cut): Error {
  if (isFull(error, file)) {
    const written = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const whole = needed();
    return new Error(
      `${file} cannot be written whole: it needs ${whole} bytes, the disk took ${written}, ${Math.max(0, whole - written)} are missing (${error.message})`,
    );
  }
  if (/MDB_INCOMPATIBLE|MDB_CORRUPTED|MDB_PAGE_NOTFOUND/.test(error.message))
    return new Error(
      `${file} cannot be written: the pages of the store do not fit together, it is damaged (${error.message}): restore a backup`,
    );
  return new Error(`${file} cannot be written: ${error.message}`);
}

/** A disk that took only a part of a write is full, though LMDB calls it an error of input or output. */
const isFull = ({ message }: Error, file: string): boolean =>
  /ENOSPC|No space|EDQUOT|quota|EFBIG|too large/i.test(message) ||
  (/EIO|Input\/output/i.test(message) && roomFor(path.dirname(file), file) < FULL_BELOW);
