import type { UUID } from 'bson';
import type { Direction } from '../bson/order.ts';
import { CommandError, type Doc, numberOf } from '../bson/values.ts';
import { compileFilter, type Filter } from '../query/match.ts';
import type { Table } from './view.ts';

export interface Index {
  name: string;
  key: Doc;
  fields: string[];
  directions: Direction[];
  unique: boolean;
  sparse: boolean;
  partial?: { spec: Doc; filter: Filter };
  /** Documents go this many seconds after the date in the first field. */
  expireAfterSeconds?: number;
  /** Some document had an array in an indexed field; never unset. */
  multikey: boolean;
  /** The fields in which some document had an array; none is ever taken away. */
  arrays: Set<string>;
  /** Some key was too long and holds a hash: the order of its keys is not the order of values. Never unset. */
  truncated: boolean;
  /** Being built: written to, not yet read from. */
  building: boolean;
  /** The specification as the client gave it, for listIndexes. */
  spec: Doc;
  table: Table;
}

export interface Collection {
  db: string;
  name: string;
  ns: string;
  id: number;
  uuid: UUID;
  docs: Table;
  indexes: Index[];
  count: number;
  /** An `_id` was too long for a key, so that documents do not lie in the order of `_id`. */
  truncatedIds: boolean;
  /** Write transaction after which it or its indexes last changed. */
  changed: number;
  dropped: boolean;
  /** A flag of it or of its indexes must go to disk with the next write transaction. */
  dirty: boolean;
  /** So must its counter. */
  counted: boolean;
}

const COLLECTION_NAME = /^[^$\0]+$/;

/** Refuses names that MongoDB refuses. */
export function checkNamespace(db: string, name: string): void {
  const wrong = (why: string) => new CommandError(73, `Invalid namespace specified '${db}.${name}': ${why}`);
  if (db === '' || /[\s/\\."$\0]/.test(db))
    throw wrong('a database name is empty or holds one of / \\ . " $ or a space');
  if (name === '' || !COLLECTION_NAME.test(name)) throw wrong('a collection name is empty or holds $');
  if (name.startsWith('.') || name.endsWith('.')) throw wrong('a collection name begins or ends with a dot');
  if (name.startsWith('system.')) throw wrong('names that begin with system. are reserved');
  if (Buffer.byteLength(`${db}.${name}`) > 255) throw wrong('it is longer than 255 bytes');
}

/** The index of a checked specification over its table. */
export function makeIndex(spec: Doc, table: Table): Index {
  const key = spec['key'] as Doc;
  const partial = spec['partialFilterExpression'] as Doc | undefined;
  const expires = spec['expireAfterSeconds'];
  const index: Index = {
    name: spec['name'] as string,
    key,
    fields: Object.keys(key),
    directions: Object.values(key).map((value) => (numberOf(value)! < 0 ? -1 : 1)),
    unique: spec['unique'] === true,
    sparse: spec['sparse'] === true,
    multikey: false,
    arrays: new Set(),
    truncated: false,
    building: false,
    spec,
    table,
  };
  if (partial) index.partial = { spec: partial, filter: compileFilter(partial, { now: new Date(0) }) };
  if (expires !== undefined) index.expireAfterSeconds = numberOf(expires)!;
  return index;
}
