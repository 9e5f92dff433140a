import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Names of the copies that commands make beside the data, before the number of their process. */
export const EXPORT_PREFIX = '.export-';
export const RESTORE_PREFIX = '.restoring-';

/** Name of the copy that a compaction makes, which holds the store. */
export const COMPACT_STAGE = '.compacting';

/** Whether a process of this number is there. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes away what commands that were killed left in a folder. What has this process's own number is of an earlier life of it. */
export function clearDead(dir: string): void {
  for (const name of readdirSync(dir)) {
    const prefix = [EXPORT_PREFIX, RESTORE_PREFIX].find((one) => name.startsWith(one));
    const pid = prefix === undefined ? 0 : Number(name.slice(prefix.length));
    if (pid > 0 && (pid === process.pid || !lives(pid)))
      rmSync(path.join(dir, name), { recursive: true, force: true });
  }
}

/** The same for whoever holds the store of a folder. */
export function clearLeavings(dir: string): void {
  rmSync(path.join(dir, COMPACT_STAGE), { recursive: true, force: true });
  clearDead(dir);
}
