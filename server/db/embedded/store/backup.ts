import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { answers, answersFor, forget } from '../process/claim.ts';
import { checkFile, hasStore, isEmptyStore, isWritable, STORE_FILE } from '../process/folder.ts';
import { socketOf } from '../process/launcher.ts';
import { clearDead, RESTORE_PREFIX } from '../process/leavings.ts';
import { copyStore, sync } from './copy.ts';
import { checkPages } from './file.ts';
import { holding } from './hold.ts';
import { Store } from './store.ts';
import { place, staged, swap } from './swap.ts';
import { type Verified, verify } from './verify.ts';

/** Opens the store of a folder that must have one, beside an engine that may be running on it. */
export function openExisting(dir: string): Store {
  if (!hasStore(dir))
    throw new Error(`${dir} holds no data (no ${STORE_FILE}): name the data folder with --path DIR`);
  if (isEmptyStore(dir)) throw new Error(`${path.join(dir, STORE_FILE)} is empty: there is no data in it`);
  checkPages(path.join(dir, STORE_FILE), { leaves: true });
  return new Store(dir, 'fsync');
}

/**
 * Copies one consistent state of a store, while an engine may be writing it, into a folder. Nothing but the store is copied: the key of
 * secrets stays behind. A copy that fails leaves nothing of itself.
 *
 * @param options.replace a backup that lies there gives way, once the new one is whole
 */
export async function backup(
  dir: string,
  target: string,
  options: { replace?: boolean } = {},
): Promise<{ file: string; bytes: number }> {
  if (path.resolve(dir) === path.resolve(target))
    throw new Error(`${target} is the data folder itself: name another folder for the backup`);
  if (hasStore(target)) await mustGiveWay(target, options.replace === true);
  const store = openExisting(dir);
  try {
    return await copyInto(store, target);
  } catch (error) {
    throw new Error(`the backup to ${target} failed: ${(error as Error).message}`);
  }
}

/** Puts a copy of a store into a folder, which is whole there or not at all, and closes the store. */
async function copyInto(store: Store, target: string): Promise<{ file: string; bytes: number }> {
  const file = path.join(target, STORE_FILE);
  const partial = `${file}.partial`;
  let made: string | undefined;
  try {
    made = mkdirSync(target, { recursive: true, mode: 0o700 });
    rmSync(partial, { force: true });
    await copyStore(store, partial);
    renameSync(partial, file);
    rmSync(`${file}-lock`, { force: true });
  } catch (error) {
    removeTraces(partial, made);
    throw error;
  } finally {
    await store.close();
  }
  await strike(target);
  sync(target);
  return { file, bytes: statSync(file).size };
}

/** The record of the engine of the original says nothing in a copy: where the disk has no room to strike it, it stays. */
async function strike(target: string): Promise<void> {
  try {
    await forget(target);
  } catch (error) {
    if (!/no space left|disk is full/i.test((error as Error).message)) throw error;
  }
}

/** A store in the folder of a backup stands in its way, and so does an engine that serves it. */
async function mustGiveWay(target: string, replace: boolean): Promise<void> {
  if (!replace)
    throw new Error(
      `${target} holds a store already: name an empty folder for the backup, or --replace to put the new one in its place`,
    );
  const served = await engineOf(target);
  if (served) throw new Error(`an engine serves ${target} at ${served}: that is no folder for a backup`);
}

/** Takes away the half copy and the folders that were made for it. */
function removeTraces(partial: string, made: string | undefined): void {
  try {
    rmSync(partial, { force: true });
    if (made === undefined) return;
    for (let folder = path.dirname(partial); folder.length >= made.length; folder = path.dirname(folder))
      rmdirSync(folder);
  } catch {
    // What cannot be written, which the person is told, or what somebody else has put something into, stays.
  }
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
  checkFile(path.join(from, STORE_FILE), { readOnly: true });
  if (isEmptyStore(from)) throw new Error(`the backup in ${from} is empty: nothing of it can be restored`);
  if (path.resolve(from) === path.resolve(dir))
    throw new Error('the backup and the data folder are one and the same');
  const replaces = hasStore(dir);
  const held = replaces ? await replaceable(dir, force) : undefined;
  const work = () =>
    restoreInto(dir, from, {
      put: (stage) => (replaces ? swap(dir, stage, held) : place(dir, stage)),
      progress,
    });
  return held ? holding(held, 'is being restored', work) : work();
}

/** The store that a restore replaces, open; undefined where it is damaged beyond opening, which is what a backup is for. */
async function replaceable(dir: string, force: boolean): Promise<Store | undefined> {
  if (!force) throw new Error(`${dir} holds data already: --force replaces it`);
  const store = openable(dir);
  if (store) return store;
  const served = await engineOf(dir);
  if (served) throw new Error(`an engine serves ${dir} at ${served}: stop the program first`);
  return undefined;
}

function openable(dir: string): Store | undefined {
  try {
    return openExisting(dir);
  } catch {
    return undefined;
  }
}

interface RestoreInto {
  /** Puts the checked store of a staging folder into its place. */
  put(stage: string): void;
  progress: Restore['progress'];
}

async function restoreInto(dir: string, from: string, { put, progress }: RestoreInto): Promise<Verified> {
  if (existsSync(dir)) clearDead(dir);
  return staged(dir, `${RESTORE_PREFIX}${process.pid}`, async (stage) => {
    progress(`copying ${from}`);
    try {
      if (isWritable(from)) await copyInto(openExisting(from), stage);
      else await copyAsItLies(from, stage);
    } catch (error) {
      throw new Error(`the backup in ${from} cannot be put back: ${(error as Error).message}`);
    }
    const copied = openExisting(stage);
    let checked: Verified;
    try {
      checked = verify(copied, progress);
    } finally {
      await copied.close();
    }
    if (checked.faults.length > 0) throw new Error(`the backup is not sound: ${checked.faults[0]}`);
    put(stage);
    return checked;
  });
}

/** LMDB writes beside what it reads; on a medium that cannot be written nobody changes the backup while it is copied. */
async function copyAsItLies(from: string, stage: string): Promise<void> {
  const file = path.join(stage, STORE_FILE);
  copyFileSync(path.join(from, STORE_FILE), file);
  chmodSync(file, 0o600);
  sync(file);
  checkPages(file, { leaves: true });
  await forget(stage);
}

/** Where an engine serves a folder at this moment, if one does. What is damaged beyond opening is what a backup is for. */
async function engineOf(dir: string): Promise<string | undefined> {
  const store = openable(dir);
  if (store) return answersFor(store).finally(() => store.close());
  const socket = socketOf(dir);
  return (await answers(socket)) ? socket : undefined;
}
