import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import path from 'node:path';

/** Name of the store's file in a data folder. */
export const STORE_FILE = 'store.mdb';

/** What else may lie in a data folder before the engine has ever served it. */
const OURS = new Set(['secret.key']);

const MAGIC = 0xbeefc0de;
/** Where LMDB's mark stands in the file. */
const MAGIC_AT = 24;

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Makes a folder for data that is not there yet, for this user alone. Throws a sentence for the person. */
export function makeFolder(dir: string): void {
  if (!existsSync(dir)) {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new Error(`the data folder ${dir} cannot be made: ${reason(error)}`);
    }
  }
  if (!statSync(dir).isDirectory()) throw new Error(`${dir} is not a folder: name a folder for the data`);
}

/** Makes a data folder, or checks that it is one that the engine can work on. Throws a sentence for the person. */
export function prepareFolder(dir: string): void {
  makeFolder(dir);
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`the data folder ${dir} cannot be written: ${reason(error)}`);
  }
  if (hasStore(dir)) {
    checkFile(path.join(dir, STORE_FILE));
    return;
  }
  const strange = readdirSync(dir, { withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() &&
      !OURS.has(entry.name) &&
      !entry.name.startsWith('.') &&
      !entry.name.startsWith(STORE_FILE),
  );
  if (strange.length > 0)
    throw new Error(
      `${dir} holds other files (${strange[0]!.name}${strange.length > 1 ? ', …' : ''}) and no ${STORE_FILE}: name an empty folder, or the right one`,
    );
}

/** Whether a folder holds a store. */
export const hasStore = (dir: string) => existsSync(path.join(dir, STORE_FILE));

/** Whether this process may write a folder and the store in it: no medium that is read-only, no folder of another user. */
export function isWritable(dir: string): boolean {
  try {
    for (const one of [dir, path.join(dir, STORE_FILE)]) accessSync(one, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a folder's store has nothing in it: an engine died while it made it, or a copy of it was cut off. */
export const isEmptyStore = (dir: string) => statSync(path.join(dir, STORE_FILE)).size === 0;

/** Refuses a file that is no store, before LMDB maps it. `readOnly`: it need not be writable. */
export function checkFile(file: string, { readOnly = false } = {}): void {
  let head: Buffer;
  try {
    accessSync(file, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
    const descriptor = openSync(file, 'r');
    head = Buffer.alloc(MAGIC_AT + 4);
    readSync(descriptor, head, 0, head.length, 0);
    closeSync(descriptor);
  } catch (error) {
    throw new Error(`${file} cannot be read${readOnly ? '' : ' and written'}: ${reason(error)}`);
  }
  const { size } = statSync(file);
  if (size === 0) return;
  if (size < 8192 || head.readUInt32LE(MAGIC_AT) !== MAGIC)
    throw new Error(
      `${file} is damaged or not a store of this program: restore a backup (npm run db -- restore DIR)`,
    );
}
