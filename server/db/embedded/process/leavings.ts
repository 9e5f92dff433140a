import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Names of the copies that commands make beside the data, before the number of their process. */
export const EXPORT_PREFIX = '.export-';
export const RESTORE_PREFIX = '.restoring-';

/** Name of the copy that a compaction makes, which holds the store. */
export const COMPACT_STAGE = '.compacting';

/** Whether a process of this number is there. One that has ended and that nobody has asked after yet is not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !hasEnded(pid);
}

/** Where the system tells: the state stands after the name, which may hold anything. */
function hasEnded(pid: number): boolean {
  try {
    const told = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return /^[ZX]/.test(told.slice(told.lastIndexOf(')') + 2));
  } catch {
    return false;
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
