import type { Random } from '../../../../../test/random.ts';

/** The serial model that transactions are compared with, and the deeds it knows. */

/** `u` is unique where it is there, `n` and `t` (a list) are indexed. */
export interface Item {
  _id: number;
  u?: number;
  n: number;
  t: number[];
}

export type State = ReadonlyMap<number, Item>;

export type Deed =
  | { kind: 'insert'; item: Item }
  | { kind: 'set'; id: number; change: Partial<Omit<Item, '_id'>>; unset?: 'u' }
  | { kind: 'inc'; id: number; by: number }
  | { kind: 'push'; id: number; value: number }
  | { kind: 'delete'; id: number };

export type Outcome = 'done' | 'nothing' | 'duplicate' | 'conflict' | 'waits';

const IDS = 7;
const UNIQUES = 5;

export const whole = (random: Random, below: number): number => Math.floor(random() * below);

export function drawDeed(random: Random): Deed {
  const id = whole(random, IDS);
  const list = (): number[] => Array.from({ length: whole(random, 3) }, () => whole(random, 4));
  switch (whole(random, 8)) {
    case 0:
    case 1: {
      const item: Item = { _id: id, n: whole(random, 5), t: list() };
      if (random() < 0.7) item.u = whole(random, UNIQUES);
      return { kind: 'insert', item };
    }
    case 2:
      return { kind: 'set', id, change: { u: whole(random, UNIQUES) } };
    case 3:
      return { kind: 'set', id, change: {}, unset: 'u' };
    case 4:
      return { kind: 'set', id, change: { n: whole(random, 5), t: list() } };
    case 5:
      return { kind: 'inc', id, by: whole(random, 3) };
    case 6:
      return { kind: 'push', id, value: whole(random, 4) };
    default:
      return { kind: 'delete', id };
  }
}

/** What a deed makes of the document it meets; undefined where there is nothing to do. */
function changed(deed: Deed, before: Item | undefined): Item | null | undefined {
  switch (deed.kind) {
    case 'insert':
      return deed.item;
    case 'set': {
      if (!before) return undefined;
      const next = { ...before, ...deed.change };
      if (deed.unset) delete next.u;
      return JSON.stringify(sortedItem(next)) === JSON.stringify(sortedItem(before)) ? undefined : next;
    }
    case 'inc':
      return before && deed.by !== 0 ? { ...before, n: before.n + deed.by } : undefined;
    case 'push':
      return before && { ...before, t: [...before.t, deed.value] };
    case 'delete':
      return before && null;
  }
}

export const sortedItem = ({ _id, u, n, t }: Item) => [_id, u ?? null, n, t];

const idOf = (deed: Deed): number => (deed.kind === 'insert' ? deed.item._id : deed.id);

/** The unique keys that a change takes or lets go: these, with the document, are what it holds. */
function keysTouched(before: Item | undefined, after: Item | null): string[] {
  const keys = [`id ${(after ?? before)!._id}`];
  if (before?.u === after?.u) return keys;
  if (before?.u !== undefined) keys.push(`u ${before.u}`);
  if (after?.u !== undefined && after !== null) keys.push(`u ${after.u}`);
  return keys;
}

/** One open transaction as the model has it: a copy of all that was committed when it began, and what it did to it. */
export interface Branch {
  began: number;
  state: Map<number, Item>;
  written: Map<number, Item | null>;
  held: Set<string>;
}

/** The serial model: one committed state, branches beside it, and who holds or last wrote each key. */
export class Model {
  committed = new Map<number, Item>();
  readonly branches = new Set<Branch>();
  private readonly lastWrite = new Map<string, number>();
  private time = 0;

  begin(): Branch {
    const branch: Branch = {
      began: this.time,
      state: new Map(this.committed),
      written: new Map(),
      held: new Set(),
    };
    this.branches.add(branch);
    return branch;
  }

  /** A deed inside a branch: the first writer of a key wins, whoever comes second or saw less has a conflict. */
  inside(branch: Branch, deed: Deed): Outcome {
    const id = idOf(deed);
    const before = branch.state.get(id);
    const after = changed(deed, before);
    if (after === undefined) return 'nothing';
    const meets = deed.kind === 'insert' ? undefined : before;
    for (const key of keysTouched(meets, after)) {
      const other = this.holder(key);
      if (other === branch) continue;
      if (other || (this.lastWrite.get(key) ?? 0) > branch.began) return 'conflict';
      branch.held.add(key);
    }
    if (duplicate(branch.state, deed, meets, after)) return 'duplicate';
    put(branch.state, id, after);
    branch.written.set(id, after);
    return 'done';
  }

  /** A plain write: waits while a branch holds one of its keys. */
  outside(deed: Deed): Outcome {
    const id = idOf(deed);
    const before = this.committed.get(id);
    const after = changed(deed, before);
    if (after === undefined) return 'nothing';
    const meets = deed.kind === 'insert' ? undefined : before;
    const keys = keysTouched(meets, after);
    if (keys.some((key) => this.holder(key))) return 'waits';
    if (duplicate(this.committed, deed, meets, after)) return 'duplicate';
    put(this.committed, id, after);
    this.time += 1;
    for (const key of keys) this.lastWrite.set(key, this.time);
    return 'done';
  }

  commit(branch: Branch): void {
    this.branches.delete(branch);
    if (branch.written.size === 0) return;
    this.time += 1;
    for (const [id, after] of branch.written) put(this.committed, id, after);
    for (const key of branch.held) this.lastWrite.set(key, this.time);
  }

  abort(branch: Branch): void {
    this.branches.delete(branch);
  }

  private holder(key: string): Branch | undefined {
    return [...this.branches].find((branch) => branch.held.has(key));
  }
}

function put(state: Map<number, Item>, id: number, after: Item | null): void {
  if (after) state.set(id, after);
  else state.delete(id);
}

function duplicate(state: State, deed: Deed, before: Item | undefined, after: Item | null): boolean {
  if (!after) return false;
  if (deed.kind === 'insert' && state.has(after._id)) return true;
  if (after.u === undefined || after.u === before?.u) return false;
  return [...state.values()].some((item) => item.u === after.u && item._id !== after._id);
}
