import { once } from 'node:events';
import net from 'node:net';
import { answersFor, claim, EngineRunning, release } from '../process/claim.ts';
import { type Store, storageError } from './store.ts';

/**
 * Takes an open store as an engine would, so that none can serve it, and closes it when `work` is done.
 *
 * @param deed what is done with it, for whoever wants to start an engine: "is being compacted"
 */
export async function holding<T>(store: Store, deed: string, work: () => Promise<T>): Promise<T> {
  const listener = net.createServer((connection) => connection.destroy());
  let claimed = false;
  try {
    await claimFor(store, listener, deed);
    claimed = true;
    mustBeAlone(store);
    return await work();
  } finally {
    // Who was refused has nothing to give back: the record is the engine's that serves.
    if (claimed) release(store);
    if (listener.listening) {
      listener.close();
      await once(listener, 'close');
    }
    await store.close();
  }
}

async function claimFor(store: Store, listener: net.Server, deed: string): Promise<void> {
  // An engine whose socket is out of reach (in a /tmp of its own, in a container) would lose the store to this claim.
  if ((await answersFor(store)) === undefined) mustBeAlone(store);
  try {
    await claim(store, listener, { port: 0, deed });
  } catch (error) {
    if (!(error instanceof EngineRunning))
      throw error instanceof Error && /^MDB_|^E[A-Z]+:|File too large|No space/.test(error.message)
        ? storageError(error)
        : error;
    throw new Error(`${error.message}: stop the program first`);
  }
}

/** A process that reads the old file would be left with its lock file gone. */
export function mustBeAlone(store: Store): void {
  const others = store.readers().filter((pid) => pid !== process.pid);
  if (others.length > 0)
    throw new Error(
      `process ${others[0]} reads the data of ${store.dir} (a check, a backup, an export, or an engine whose socket is out of reach from here): wait until it is done, or stop the program`,
    );
}
