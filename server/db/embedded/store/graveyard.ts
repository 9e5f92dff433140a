import type { Store } from './store.ts';
import { readRange, type Table, type Wait } from './view.ts';

/** Pages up to which a table is dropped at once: a few milliseconds. */
const AT_ONCE = 1000;
/** Milliseconds of one slice of clearing away. */
const SLICE_MS = 4;
const CHUNK = 256;

const MARK = 'dead:';
const markOf = (name: string) => Buffer.from(MARK + name);
const MARKS = { start: Buffer.from(MARK), end: Buffer.from('dead;') };

/** Names of the tables that belong to no collection: the engine clears them away in slices, a check leaves them alone. */
export const buried = (store: Store): string[] =>
  readRange(store.meta, { ...MARKS, limit: Number.MAX_SAFE_INTEGER }).map(({ key }) =>
    key.subarray(MARK.length).toString(),
  );

/** Whether a key of the table `meta` is the mark of one of these tables. */
export const isMarkOf = (key: Buffer, names: ReadonlySet<string>): boolean =>
  key.indexOf(MARK) === 0 && names.has(key.subarray(MARK.length).toString());

/**
 * Where tables lie before their collection or index is on disk and after it is gone. What a crash leaves of either is found here at
 * the next start. LMDB drops a table in one go that takes as long as the table is large, so a large one is emptied by key first.
 */
export class Graveyard {
  private readonly store: Store;
  /** Tables of collections and indexes that are being made. */
  private readonly unborn = new Set<string>();
  private sweeping = false;
  private again = false;

  constructor(store: Store) {
    this.store = store;
  }

  /** Makes a table that is cleared away unless a job adopts it. */
  async born(name: string): Promise<Table> {
    this.unborn.add(name);
    try {
      return await this.store.inBetween(() =>
        this.store.env.transactionSync(() => {
          this.store.fence();
          this.store.meta.db.putSync(markOf(name), Buffer.from([1]));
          return this.store.table(name);
        }),
      );
    } catch (error) {
      this.unborn.delete(name);
      throw error;
    }
  }

  /** Inside the step that writes its collection or index to the catalog. */
  adopt(table: Table): void {
    this.store.meta.db.removeSync(markOf(table.name));
  }

  /** A table that was born is now in the catalog, or never will be. */
  settled(tables: Table[]): void {
    for (const { name } of tables) this.unborn.delete(name);
    this.sweep();
  }

  /** Inside the step that strikes its collection or index from the catalog; `sweep` comes after it. */
  bury(table: Table): void {
    table.dropped = true;
    this.store.meta.db.putSync(markOf(table.name), Buffer.from([1]));
  }

  /** At the start: tables of older files, and of crashes before there was a graveyard, that nothing in the catalog owns. */
  buryStrays(owned: Set<string>): void {
    const marked = new Set(buried(this.store));
    const strays = this.store.tableNames().filter((name) => /^[ci]\d+$/.test(name) && !owned.has(name));
    const unmarked = strays.filter((name) => !marked.has(name));
    if (unmarked.length > 0)
      this.store.env.transactionSync(() => {
        for (const name of unmarked) this.store.meta.db.putSync(markOf(name), Buffer.from([1]));
      });
    if (marked.size + unmarked.length > 0) this.sweep();
  }

  /** Clears away what is buried, in the background. */
  sweep(): void {
    this.again = true;
    if (this.sweeping) return;
    this.sweeping = true;
    this.work().finally(() => {
      this.sweeping = false;
    });
  }

  private async work(): Promise<void> {
    while (this.again) {
      this.again = false;
      const store = this.store;
      try {
        const dead = await store.inBetween(() =>
          buried(store)
            .filter((name) => !this.unborn.has(name))
            .map((name) => store.table(name)),
        );
        for (const table of dead) await store.submit(() => clearAway(store, table));
      } catch {
        // The store is closing or its disk is full: what is left is cleared away after the next drop or at the next start.
        return;
      }
    }
  }
}

function* clearAway(store: Store, table: Table): Generator<Wait | undefined, void> {
  if (!store.meta.db.get(markOf(table.name))) return;
  let until = performance.now() + SLICE_MS;
  while (pagesOf(table.db) > AT_ONCE) {
    for (const key of [...table.db.getKeys({ limit: CHUNK })]) table.db.removeSync(key);
    if (performance.now() < until) continue;
    yield undefined;
    until = performance.now() + SLICE_MS;
  }
  table.dropped = true;
  table.db.dropSync();
  store.meta.db.removeSync(markOf(table.name));
}

/** Pages of a table in use, as LMDB counts them. */
export function pagesOf(db: Table['db']): number {
  const { treeBranchPageCount, treeLeafPageCount, overflowPages } = db.getStats() as Record<string, number>;
  return treeBranchPageCount! + treeLeafPageCount! + overflowPages!;
}
