import { CommandError, type Doc } from '../bson/values.ts';
import type { Control } from './control.ts';
import type { Peer } from './peer.ts';

/** A command that is being run. */
export interface Operation {
  id: number;
  name: string;
  db: string;
  body: Doc;
  peer: Peer;
  control: Control;
  since: number;
}

/** What `serverStatus` counts since the start, by the words of MongoDB. */
export interface OperationCounts {
  insert: number;
  query: number;
  update: number;
  delete: number;
  getmore: number;
  command: number;
}

const KIND: Readonly<Record<string, keyof OperationCounts>> = {
  find: 'query',
  getMore: 'getmore',
};
const LISTS: Readonly<Record<string, 'insert' | 'update' | 'delete'>> = {
  documents: 'insert',
  updates: 'update',
  deletes: 'delete',
};

/** The commands that are being run, and how many there were. */
export class Operations {
  readonly running = new Map<number, Operation>();
  readonly counts: OperationCounts = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 };
  private made = 0;

  begin(operation: Omit<Operation, 'id' | 'since'>, sequences: ReadonlyMap<string, unknown[]>): Operation {
    const id = ++this.made;
    const begun = { ...operation, id, since: Date.now() };
    this.running.set(id, begun);
    this.count(begun, sequences);
    return begun;
  }

  private count({ name, body }: Operation, sequences: ReadonlyMap<string, unknown[]>): void {
    for (const [field, kind] of Object.entries(LISTS)) {
      if (name !== kind) continue;
      const list = sequences.get(field) ?? body[field];
      this.counts[kind] += Array.isArray(list) ? list.length : 0;
      return;
    }
    this.counts[KIND[name] ?? 'command']++;
  }

  end({ id }: Operation): void {
    this.running.delete(id);
  }

  /** Lets a command stop at its next turn. */
  kill(id: number): void {
    const operation = this.running.get(id);
    if (operation) operation.control.stopped = new CommandError(11601, 'operation was interrupted by killOp');
  }
}
