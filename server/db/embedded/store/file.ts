import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { prepareFolder, STORE_FILE } from '../process/folder.ts';

/** `none` never waits for the disk: only for data that is thrown away (a crash of the machine may damage the file). */
export type Durability = 'fsync' | 'none';

/** Address space that the file may grow into; memory and disk are taken only as they are used. */
const MAP_SIZE = 256 * 2 ** 30;

/** Which file a path names at this moment: device and inode; undefined when there is none. */
export function fileAt(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

export const lockOf = (file: string) => `${file}-lock`;

/** Opens LMDB's file of a folder, making it if need be. Throws a sentence for the person. */
export function openFile(dir: string, durability: Durability): RootDatabase<Buffer, Buffer> {
  prepareFolder(dir);
  const file = path.join(dir, STORE_FILE);
  let env: RootDatabase<Buffer, Buffer>;
  try {
    env = open<Buffer, Buffer>({
      path: file,
      noSubdir: true,
      maxDbs: 2048,
      maxReaders: 1024,
      mapSize: MAP_SIZE,
      overlappingSync: false,
      noSync: durability === 'none',
      noMemInit: false,
      keyEncoding: 'binary',
      encoding: 'binary',
      cache: false,
    });
  } catch (error) {
    throw openError(file, error);
  }
  // Readers of a process that was killed would keep old pages for ever.
  env.readerCheck();
  chmodSync(file, 0o600);
  return env;
}

function openError(file: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (/Cannot allocate memory|ENOMEM/i.test(text))
    return new Error(
      `${file} cannot be opened: it is mapped into ${MAP_SIZE / 2 ** 30} GiB of address space, which costs no memory, but a limit forbids it (ulimit -v): lift the limit for this process (${text})`,
    );
  if (/No space left|ENOSPC|EDQUOT|File too large|EFBIG/i.test(text))
    return new Error(`${file} cannot be opened: the disk is full (${text})`);
  if (/MDB_INVALID|MDB_CORRUPTED|MDB_PAGE_NOTFOUND|MDB_VERSION_MISMATCH|MDB_PANIC/i.test(text))
    return new Error(
      `${file} is damaged or not a store of this program: restore a backup (npm run db -- restore DIR) (${text})`,
    );
  return new Error(`${file} cannot be opened: ${text}`);
}
