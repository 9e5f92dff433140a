import { readFileSync, statfsSync, statSync } from 'node:fs';

/** Free bytes below which a write that was cut off means a full disk. */
export const FULL_BELOW = 2 ** 20;

/** What the system lets this process have: bytes; infinity where it says nothing (it does on Linux). */
export function limitOf(name: 'Max address space' | 'Max file size'): number {
  let text: string;
  try {
    text = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  const soft = new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Bytes that this user may still write to the disk of a folder. */
export function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Bytes by which a file may still grow. */
export const roomFor = (folder: string, file: string): number =>
  Math.min(roomIn(folder), limitOf('Max file size') - (statSync(file, { throwIfNoEntry: false })?.size ?? 0));
