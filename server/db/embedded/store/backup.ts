import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { answers, answersFor, forget } from '../process/claim.ts';
import { checkFile, hasStore, isEmptyStore, STORE_FILE } from '../process/folder.ts';
import { socketOf } from '../process/launcher.ts';
import { Store } from './store.ts';
import { type Verified, verify } from './verify.ts';

function sync(target: string): void {
  const descriptor = openSync(target, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Opens the store of a folder that must have one, beside an engine that may be running on it. */
export function openExisting(dir: string): Store {
  if (!hasStore(dir))
    throw new Error(`${dir} holds no data (no ${STORE_FILE}): name the data folder with --path DIR`);
  if (isEmptyStore(dir)) throw new Error(`${path.join(dir, STORE_FILE)} is empty: there is no data in it`);
  return new Store(dir, 'fsync');
}

/** Copies one consistent state of a store, while an engine may be writing it, into a folder that must not have one. Nothing but the store is copied: the key of secrets stays behind. */
export async function backup(dir: string, target: string): Promise<{ file: string; bytes: number }> {
  if (hasStore(target))
    throw new Error(`${target} holds a store already: name an empty folder for the backup`);
  const store = openExisting(dir);
  const file = path.join(target, STORE_FILE);
  const partial = `${file}.partial`;
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    rmSync(partial, { force: true });
    await store.env.backup(partial, true);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new Error(`the backup to ${target} failed: ${(error as Error).message}`);
  } finally {
    await store.close();
  }
  sync(partial);
  renameSync(partial, file);
  await forget(target);
  sync(target);
  return { file, bytes: statSync(file).size };
}

export interface Restore {
  /** The folder of the backup. */
  from: string;
  /** The data folder. */
  dir: string;
  /** Replace what is there. */
  force: boolean;
  progress(line: string): void;
}

/** Puts a checked backup in the place of a data folder's store. The old one goes only when the new one is there. */
export async function restore({ from, dir, force, progress }: Restore): Promise<Verified> {
  if (!hasStore(from)) throw new Error(`${from} holds no backup (no ${STORE_FILE})`);
  checkFile(path.join(from, STORE_FILE));
  if (isEmptyStore(from)) throw new Error(`the backup in ${from} is empty: nothing of it can be restored`);
  if (path.resolve(from) === path.resolve(dir))
    throw new Error('the backup and the data folder are one and the same');
  if (hasStore(dir)) {
    if (!force) throw new Error(`${dir} holds data already: --force replaces it`);
    const served = await engineOf(dir);
    if (served) throw new Error(`an engine serves ${dir} at ${served}: stop the program first`);
  }
  const stage = path.join(dir, '.restoring');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true, mode: 0o700 });
  try {
    progress(`copying ${from}`);
    await backup(from, stage);
    const staged = openExisting(stage);
    const checked = verify(staged, progress);
    await staged.close();
    if (checked.faults.length > 0) throw new Error(`the backup is not sound: ${checked.faults[0]}`);
    renameSync(path.join(stage, STORE_FILE), path.join(dir, STORE_FILE));
    const lock = path.join(dir, `${STORE_FILE}-lock`);
    if (existsSync(lock)) rmSync(lock);
    sync(dir);
    return checked;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Where an engine serves a folder at this moment, if one does. What is damaged beyond opening is what a backup is for. */
async function engineOf(dir: string): Promise<string | undefined> {
  let store: Store;
  try {
    store = openExisting(dir);
  } catch {
    const socket = socketOf(dir);
    return (await answers(socket)) ? socket : undefined;
  }
  return answersFor(store).finally(() => store.close());
}
