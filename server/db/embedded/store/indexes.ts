import { equalValues } from '../bson/order.ts';
import { CommandError, type Doc, decode, isDoc, numberOf } from '../bson/values.ts';
import type { Engine } from '../core.ts';
import { compileFilter } from '../query/match.ts';
import { refuseForPartial } from '../query/partial.ts';
import { type Control, checkControl } from '../session/control.ts';
import type { Step } from '../update/writes.ts';
import { type Collection, type Index, makeIndex } from './catalog.ts';
import { duplicateKey } from './documents.ts';
import { entriesOf, learn } from './keys.ts';
import { readRange, type Wait, type Writer } from './view.ts';

const KNOWN = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
  'hidden',
]);
const UNSUPPORTED = [
  'collation',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'wildcardProjection',
  'storageEngine',
  'clustered',
  'prepareUnique',
];
/** Documents read at a time while an index is built. */
const CHUNK = 64;
const MAX_FIELDS = 32;
const MAX_INDEXES = 63;

/** The name an index has if none is given. */
const nameOf = (key: Doc) =>
  Object.entries(key)
    .map(([field, value]) => `${field}_${numberOf(value) ?? String(value)}`)
    .join('_');

/** A checked index specification: only what holds, with its name. */
export function checkSpec(given: Doc): Doc {
  const { key } = given;
  const bad = (why: string) =>
    new CommandError(67, `Error in specification ${JSON.stringify(given)} :: caused by :: ${why}`);
  if (!isDoc(key) || Object.keys(key).length === 0) throw bad('Index keys cannot be empty.');
  if (Object.keys(key).length > MAX_FIELDS) throw bad(`an index has at most ${MAX_FIELDS} fields`);
  for (const [field, value] of Object.entries(key)) {
    if (typeof value === 'string') throw bad(`the embedded engine has no index of type '${value}'`);
    const number = numberOf(value);
    if (number === undefined || number === 0 || Number.isNaN(number))
      throw bad(`the value of '${field}' must be 1 or -1`);
    if (field === '' || field.split('.').some((part) => part === '')) throw bad('an empty field name');
    if (field.includes('$**')) throw bad('the embedded engine has no wildcard indexes');
    if (field.startsWith('$')) throw bad(`the field name '${field}' begins with $`);
  }
  const unsupported = UNSUPPORTED.find((name) => given[name] !== undefined);
  if (unsupported)
    throw new CommandError(115, `the embedded engine does not support the index option '${unsupported}'`);
  const unknown = Object.keys(given).find((name) => !KNOWN.has(name));
  if (unknown) throw new CommandError(197, `The field '${unknown}' is not valid for an index specification.`);
  if (given['hidden'] === true)
    throw new CommandError(115, "the embedded engine does not support 'hidden' indexes");
  const spec: Doc = { v: 2, key, name: given['name'] ?? nameOf(key) };
  if (typeof spec['name'] !== 'string' || spec['name'] === '')
    throw bad('the name must be a string that is not empty');
  for (const option of ['unique', 'sparse'] as const) if (isSet(given[option])) spec[option] = true;
  checkPartial(given, spec, bad);
  checkExpiry(given, spec, bad);
  return spec;
}

const isSet = (value: unknown) => value === true || (numberOf(value) ?? 0) !== 0;

function checkPartial(given: Doc, spec: Doc, bad: (why: string) => CommandError): void {
  const partial = given['partialFilterExpression'];
  if (partial === undefined) return;
  if (!isDoc(partial)) throw bad('partialFilterExpression must be an object');
  if (spec['sparse']) throw bad('cannot mix "partialFilterExpression" and "sparse" options');
  refuseForPartial(partial);
  compileFilter(partial, { now: new Date(0) });
  spec['partialFilterExpression'] = partial;
}

function checkExpiry(given: Doc, spec: Doc, bad: (why: string) => CommandError): void {
  const value = given['expireAfterSeconds'];
  if (value === undefined) return;
  const seconds = numberOf(value);
  if (seconds === undefined || seconds < 0 || seconds > 2 ** 31 - 1)
    throw bad('TTL index "expireAfterSeconds" must be a number from 0 to 2147483647');
  if (Object.keys(spec['key'] as Doc).length > 1) throw bad('TTL indexes are single-field indexes');
  spec['expireAfterSeconds'] = value;
}

const sameOptions = (a: Doc, b: Doc) =>
  ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'].every((option) =>
    equalValues(a[option] ?? null, b[option] ?? null),
  );

/** Whether an index of this specification is there already. Throws 85 or 86 for one that contradicts it. */
export function isPresent(collection: Collection, spec: Doc): boolean {
  const key = spec['key'] as Doc;
  if (equalValues(key, { _id: 1 })) {
    for (const option of ['sparse', 'partialFilterExpression', 'expireAfterSeconds'])
      if (spec[option] !== undefined)
        throw new CommandError(197, `The field '${option}' is not valid for an _id index specification.`);
    return true;
  }
  const name = spec['name'] as string;
  if (name === '_id_') throw new CommandError(67, "The index name '_id_' is reserved for the _id index");
  const sameName = collection.indexes.find((index) => index.name === name);
  if (sameName) {
    if (!equalValues(sameName.key, key))
      throw new CommandError(
        86,
        `An existing index has the same name as the requested index, but another key: ${name}`,
      );
    if (!sameOptions(sameName.spec, spec))
      throw new CommandError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${name}`,
      );
    return true;
  }
  const sameKey = collection.indexes.find(
    (index) =>
      equalValues(index.key, key) &&
      equalValues(index.partial?.spec ?? null, spec['partialFilterExpression'] ?? null),
  );
  if (!sameKey) return false;
  throw new CommandError(
    85,
    sameOptions(sameKey.spec, spec)
      ? `Index already exists with a different name: ${sameKey.name}`
      : `An equivalent index already exists with the same key but other options: ${sameKey.name}`,
  );
}

/** Builds an index over what is there, in steps between which others work; writes keep it from the first step on. */
export async function buildIndexes(
  engine: Engine,
  collection: Collection,
  specs: Doc[],
  control: Control,
): Promise<void> {
  if (collection.indexes.length + specs.length > MAX_INDEXES)
    throw new CommandError(
      67,
      `add index fails, too many indexes for ${collection.ns} (at most ${MAX_INDEXES} beside _id)`,
    );
  const made: Index[] = [];
  const { catalog, store } = engine;
  try {
    for (const spec of specs) made.push(makeIndex(spec, await catalog.indexTable()));
    await store.submit((writer) => build(engine, writer, { collection, made, control }));
  } catch (error) {
    collection.indexes = collection.indexes.filter((index) => !made.includes(index));
    collection.changed = store.seq;
    for (const { table } of made) table.dropped = true;
    throw error;
  } finally {
    catalog.graveyard.settled(made.map(({ table }) => table));
  }
}

interface Build {
  collection: Collection;
  made: Index[];
  control: Control;
}

function* build(engine: Engine, writer: Writer, { collection, made, control }: Build): Step<void> {
  const { catalog, store } = engine;
  writer.enter(collection);
  for (const index of made) {
    index.building = true;
    collection.indexes.push(index);
  }
  collection.changed = store.seq;
  try {
    yield* backfill(writer, collection, made, control);
    // Readers see the index with its last entry, not before.
    yield undefined;
    writer.enter(collection);
    for (const index of made) {
      index.building = false;
      catalog.graveyard.adopt(index.table);
    }
    catalog.changed(collection);
  } catch (error) {
    collection.indexes = collection.indexes.filter((index) => !made.includes(index));
    collection.changed = store.seq;
    throw error;
  }
}

function* backfill(writer: Writer, collection: Collection, made: Index[], control: Control): Step<void> {
  let start: Buffer | undefined;
  for (;;) {
    const chunk = readRange(collection.docs, { ...(start && { start }), limit: CHUNK });
    let wait: Wait | undefined;
    for (const { key, value } of chunk) {
      wait = addEntries(writer, collection, made, { doc: decode(value), key });
      start = wait ? key : Buffer.concat([key, Buffer.from([0])]);
      if (wait) break;
    }
    if (!wait && chunk.length < CHUNK) return;
    if (!wait && !writer.due()) continue;
    // What was read is old after this: writers that had their turn have kept the index for what they changed.
    yield wait;
    checkControl(control);
    writer.enter(collection);
  }
}

/** Adds the entries of one document to all indexes, or to none: then the answer says what to wait for. */
function addEntries(
  writer: Writer,
  collection: Collection,
  made: Index[],
  { doc, key }: { doc: Doc; key: Buffer },
): Wait | undefined {
  const all = made.map((index) => ({ index, entries: entriesOf(index, doc, key) }));
  for (const { index, entries } of all) {
    if (!index.unique) continue;
    for (const entry of entries.keys) {
      const wait = writer.claim(index.table, entry);
      if (wait) return wait;
    }
  }
  for (const { index, entries } of all) {
    learn(collection, index, entries);
    entries.keys.forEach((entry, i) => {
      const owner = index.unique && writer.get(index.table, entry);
      if (owner && !owner.equals(key))
        throw duplicateKey(collection, index.key, index.name, entries.values[i]!);
      writer.put(index.table, entry, key);
    });
  }
  return undefined;
}

/** Removes indexes of a collection. */
export async function dropIndexes(
  { store, catalog }: Engine,
  collection: Collection,
  indexes: Index[],
): Promise<void> {
  await store.once((writer) => {
    writer.enter(collection);
    collection.indexes = collection.indexes.filter((index) => !indexes.includes(index));
    catalog.changed(collection);
    for (const { table } of indexes) catalog.graveyard.bury(table);
  });
  catalog.graveyard.sweep();
}
