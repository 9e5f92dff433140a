import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { RootDatabase, Transaction } from 'lmdb';
import { STORE_FILE } from '../process/folder.ts';
import { bytesOf, copyError, mustFit, sync } from './copy.ts';
import { openFile, openTable } from './file.ts';
import { buried, isMarkOf } from './graveyard.ts';
import { roomIn } from './limits.ts';
import { packedBytes } from './packed.ts';
import type { Store } from './store.ts';
import type { Entry, Table } from './view.ts';

/** Bytes of keys and values that one write transaction takes. */
const BATCH_BYTES = 8 * 2 ** 20;
/** Bytes after which the person hears how far it is. */
const TOLD_BYTES = 64 * 2 ** 20;
const META = 'meta';

/**
 * Writes one moment of an open store anew, table by table in the order of keys, so that its pages are full, into an empty folder. It is
 * on disk when this resolves. Tables that belong to no collection any more are left out. Nobody may write the store meanwhile.
 */
export async function rewriteStore(
  store: Store,
  folder: string,
  progress: (line: string) => void,
): Promise<void> {
  const dead = new Set(buried(store));
  const tables = store
    .tableNames()
    .filter((name) => !dead.has(name))
    .map((name) => store.table(name));
  // Tables must be open before a snapshot that reads them.
  store.env.resetReadTxn();
  const snapshot = store.env.useReadTransaction();
  try {
    // Written anew, what is in use takes less than now, or little more where it is next to nothing: it is counted where that decides.
    if (roomIn(folder) < 2 * bytesOf(store, tables)) mustFit(folder, packedBytes(tables, snapshot));
    await writeTables({ tables, snapshot, dead, folder, progress });
  } finally {
    end(snapshot);
  }
}

function end(snapshot: Transaction): void {
  try {
    snapshot.done();
  } catch {
    // A page that is none has spoiled it, which is being said.
  }
}

interface Tables {
  tables: Table[];
  /** The moment at which they are read. */
  snapshot: Transaction;
  /** Names of the tables that are left out, and with them the marks that say so. */
  dead: Set<string>;
  folder: string;
  progress(line: string): void;
}

async function writeTables(given: Tables): Promise<void> {
  const { tables, snapshot, folder } = given;
  const file = path.join(folder, STORE_FILE);
  try {
    const env = openFile(folder, 'none');
    try {
      const rewriting = new Rewriting(env, given);
      for (const table of tables) await rewriting.table(table);
    } finally {
      await env.close();
    }
    sync(file);
  } catch (error) {
    throw copyError(error as Error, { file, needed: () => packedBytes(tables, snapshot) });
  }
}

class Rewriting {
  private readonly env: RootDatabase<Buffer, Buffer>;
  private readonly given: Tables;
  private bytes = 0;
  private told = 0;

  constructor(env: RootDatabase<Buffer, Buffer>, given: Tables) {
    this.env = env;
    this.given = given;
  }

  async table({ name, db }: Table): Promise<void> {
    const target = { name, db: openTable(this.env, name) };
    const { entryCount } = db.getStats() as { entryCount: number };
    let found = 0;
    let batch: Entry[] = [];
    let bytes = 0;
    for (const entry of db.getRange({ transaction: this.given.snapshot })) {
      found++;
      if (name === META && isMarkOf(entry.key, this.given.dead)) continue;
      batch.push(entry);
      bytes += entry.key.length + entry.value.length;
      if (bytes < BATCH_BYTES) continue;
      this.write(target, batch, bytes);
      batch = [];
      bytes = 0;
      // Whoever asks meanwhile whether the store is held gets an answer.
      await turn();
    }
    this.write(target, batch, bytes);
    if (found !== entryCount) throw damaged(`the table ${name} has ${found} entries, not ${entryCount}`);
  }

  private write(target: Pick<Table, 'name' | 'db'>, batch: Entry[], bytes: number): void {
    this.env.transactionSync(() => {
      for (const { key, value } of batch) append(target, key, value);
    });
    this.bytes += bytes;
    if (this.bytes < this.told + TOLD_BYTES) return;
    this.told = this.bytes;
    this.given.progress(`copied ${this.bytes} bytes of documents and entries`);
  }
}

/** LMDB appends without a search and fills each page; it does not do so, and says so, where a key does not follow the one before. */
function append({ name, db }: Pick<Table, 'name' | 'db'>, key: Buffer, value: Buffer): void {
  // LMDB-js answers, whatever its types say.
  const done = db.putSync(key, value, { append: true }) as unknown;
  if (done !== true) throw damaged(`the keys of the table ${name} are out of order`);
}

const damaged = (what: string) => new Error(`MDB_CORRUPTED: ${what}`);
