import { statSync } from 'node:fs';
import path from 'node:path';
import { forget } from '../process/claim.ts';
import { STORE_FILE } from '../process/folder.ts';
import { COMPACT_STAGE } from '../process/leavings.ts';
import { openExisting } from './backup.ts';
import { sync } from './copy.ts';
import { holding, mustBeAlone } from './hold.ts';
import { rewriteStore } from './rewrite.ts';
import type { Store } from './store.ts';
import { staged, swap } from './swap.ts';
import { verify } from './verify.ts';

export interface Compacted {
  /** Bytes of the store's file. */
  before: number;
  after: number;
  collections: number;
  documents: number;
}

/**
 * Gives back to the disk what a store does not use: writes what is in use into a new file beside it, checks that, and puts it in the
 * place of the old one. Nobody may serve the folder meanwhile. Killed at any moment, or with a full disk, it leaves the old file or the new.
 */
export async function compact(dir: string, progress: (line: string) => void): Promise<Compacted> {
  const store = openExisting(dir);
  return holding(store, 'is being compacted', () => compactHeld(store, progress));
}

async function compactHeld(store: Store, progress: (line: string) => void): Promise<Compacted> {
  const { dir } = store;
  const file = path.join(dir, STORE_FILE);
  const before = statSync(file).size;
  return staged(dir, COMPACT_STAGE, async (stage) => {
    progress(`copying what is in use of ${before} bytes`);
    const copy = path.join(stage, STORE_FILE);
    await rewriteStore(store, stage, progress);
    await forget(stage);
    const made = openExisting(stage);
    let checked: ReturnType<typeof verify>;
    try {
      checked = verify(made, progress);
    } finally {
      await made.close();
    }
    const { collections, documents, faults } = checked;
    if (faults.length > 0)
      throw new Error(
        `${dir} is not sound and was left as it is: ${faults[0]} (npm run db -- check tells all)`,
      );
    sync(copy);
    const after = statSync(copy).size;
    progress('putting the new file in the place of the old one');
    mustBeAlone(store);
    swap(dir, stage, store);
    return { before, after, collections, documents };
  });
}
