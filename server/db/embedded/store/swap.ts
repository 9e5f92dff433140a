import { linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { STORE_FILE } from '../process/folder.ts';
import { sync } from './copy.ts';
import { lockOf } from './file.ts';
import type { Store } from './store.ts';

/** Makes an empty folder beside the data for the new store, gives it to `work`, and takes it away whatever happens. */
export async function staged<T>(dir: string, name: string, work: (stage: string) => Promise<T>): Promise<T> {
  const stage = path.join(dir, name);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true, mode: 0o700 });
  try {
    return await work(stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * Puts the store of a staging folder in the place of a data folder's: at any moment one of the two is there, whole. While the old one
 * is held, nobody can have it open for writing: whoever opens it meanwhile waits, and finds that it was replaced.
 */
export function swap(dir: string, stage: string, held?: Store): void {
  const file = path.join(dir, STORE_FILE);
  const exchange = () => {
    held?.fence();
    renameSync(path.join(stage, STORE_FILE), file);
    // What LMDB keeps there of the old file is wrong for the new one.
    rmSync(lockOf(file), { force: true });
  };
  if (held) held.env.transactionSync(exchange);
  else exchange();
  sync(dir);
}

/**
 * Puts the store of a staging folder into a folder that has none. One that a program has made there meanwhile is not replaced: it is
 * being served, and what is written to it would be gone.
 */
export function place(dir: string, stage: string): void {
  const file = path.join(dir, STORE_FILE);
  try {
    linkSync(path.join(stage, STORE_FILE), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(
      `${dir} was given a ${STORE_FILE} meanwhile, perhaps by the program that was started on it: it was left as it is. Stop the program and look which data is the right one`,
    );
  }
  sync(dir);
}
