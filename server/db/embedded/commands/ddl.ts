import { Binary } from 'bson';
import { equalValues } from '../bson/order.ts';
import { CommandError, type Doc, isDoc } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import type { Collection } from '../store/catalog.ts';
import { buildIndexes, checkSpec, dropIndexes as dropThem, isPresent } from '../store/indexes.ts';
import { writeConflict } from '../store/transactions.ts';
import { int32 } from '../wire/raw.ts';
import { type Command, type Context, writable } from './command.ts';
import { docs, flag, optionalDoc, refuse, text } from './fields.ts';
import { cursorOver } from './find.ts';

const NOT_CREATED = [
  'capped',
  'timeseries',
  'clusteredIndex',
  'validator',
  'viewOn',
  'pipeline',
  'collation',
  'encryptedFields',
  'expireAfterSeconds',
  'changeStreamPreAndPostImages',
  'size',
  'max',
  'storageEngine',
  'indexOptionDefaults',
];

export const create: Command = {
  fields: [...NOT_CREATED, 'validationLevel', 'validationAction', 'autoIndexId', 'idIndex', 'flags'],
  transactional: true,
  async run(context) {
    const { body, catalog, db } = context;
    refuse(body, NOT_CREATED);
    const name = text(body, 'create');
    const found = catalog.get(db, name);
    if (found && context.txn && found.changed > context.txn.seq) throw writeConflict();
    if (found) throw new CommandError(48, `Collection ${db}.${name} already exists.`);
    await writable(context, name);
    return { doc: {} };
  },
};

export const drop: Command = {
  fields: [],
  async run({ body, engine: { catalog }, db }) {
    const name = text(body, 'drop');
    const collection = catalog.get(db, name);
    if (!collection) return { doc: {} };
    const nIndexesWas = int32(collection.indexes.length + 1);
    await catalog.drop(collection);
    return { doc: { ns: collection.ns, nIndexesWas } };
  },
};

export const dropDatabase: Command = {
  fields: [],
  async run({ engine: { catalog }, db }) {
    const collections = catalog.ofDb(db);
    await Promise.all(collections.map((collection) => catalog.drop(collection)));
    return { doc: collections.length > 0 ? { dropped: db } : {} };
  },
};

export const listCollections: Command = {
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run(context) {
    const { body, catalog, db, now } = context;
    const filter = compileFilter(optionalDoc(body, 'filter') ?? {}, { now });
    const nameOnly = flag(body, 'nameOnly');
    const found = catalog
      .ofDb(db)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        (one): Doc => ({
          name: one.name,
          type: 'collection',
          options: {},
          info: { readOnly: false, uuid: new Binary(one.uuid.buffer, 4) },
          idIndex: { v: int32(2), key: { _id: int32(1) }, name: '_id_' },
        }),
      )
      .filter((one) => filter.test(one))
      .map((one) => (nameOnly ? { name: one['name'], type: one['type'] } : one));
    return cursorOver(context, `${db}.$cmd.listCollections`, found);
  },
};

export const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ body, catalog, now }) {
    const filter = compileFilter(optionalDoc(body, 'filter') ?? {}, { now });
    const names = [...new Set(catalog.all().map((one) => one.db))].sort();
    const list = names
      .map((name): Doc => ({ name, sizeOnDisk: 0, empty: false }))
      .filter((one) => filter.test(one))
      .map((one) => (flag(body, 'nameOnly') ? { name: one['name'] } : one));
    return { doc: { databases: list, ...(!flag(body, 'nameOnly') && { totalSize: 0, totalSizeMb: 0 }) } };
  },
};

const ID_SPEC = (): Doc => ({ v: int32(2), key: { _id: int32(1) }, name: '_id_' });

/** Indexes inside a transaction: only of a collection that it has made itself and left empty, as in MongoDB. */
async function indexInside(context: Context, collection: Collection, missing: Doc[]): Promise<void> {
  const { txn, engine } = context;
  const refused = (which: string) =>
    new CommandError(
      263,
      `Cannot create new indexes on ${which} collection ${collection.ns} in a multi-document transaction.`,
    );
  if (!txn!.created.has(collection.ns)) throw refused('existing');
  if (txn!.range(collection.docs, { limit: 1 }).length > 0) throw refused('non-empty');
  for (const spec of missing) await engine.transactions.addIndex(txn!, collection, spec);
}

export const createIndexes: Command = {
  fields: ['indexes', 'commitQuorum'],
  transactional: true,
  async run(context) {
    const { body, catalog, db, engine } = context;
    const name = text(body, 'createIndexes');
    const specs = docs(body, 'indexes').map(checkSpec);
    if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
    const existed = catalog.get(db, name) !== undefined;
    const collection = await writable(context, name);
    const before = collection.indexes.length + 1;
    const missing = specs.filter((spec) => !isPresent(collection, spec));
    if (missing.length > 0 && context.txn) await indexInside(context, collection, missing);
    else if (missing.length > 0)
      await engine.indexBuilds.run(async () => {
        const still = missing.filter((spec) => !isPresent(collection, spec));
        if (still.length > 0) await buildIndexes(engine, collection, still, context.control);
      });
    return {
      doc: {
        numIndexesBefore: int32(before),
        numIndexesAfter: int32(collection.indexes.length + 1),
        createdCollectionAutomatically: !existed,
        ...(missing.length === 0 && { note: 'all indexes already exist' }),
      },
    };
  },
};

export const listIndexes: Command = {
  fields: ['cursor'],
  run(context) {
    const { body, db, engine } = context;
    const collection = engine.mustHave(db, text(body, 'listIndexes'));
    const ready = collection.indexes.filter((index) => !index.building);
    const specs = [ID_SPEC(), ...ready.map(({ spec }) => ({ ...spec, v: int32(2) }))];
    return cursorOver(context, collection.ns, specs);
  },
};

function chosen(collection: Collection, wanted: unknown): Collection['indexes'] {
  if (wanted === '*') return collection.indexes.filter((index) => !index.building);
  if (wanted === '_id_' || (isDoc(wanted) && equalValues(wanted, { _id: 1 })))
    throw new CommandError(72, 'cannot drop _id index');
  if (Array.isArray(wanted)) return wanted.flatMap((one) => chosen(collection, one));
  const found = collection.indexes.filter((index) =>
    typeof wanted === 'string' ? index.name === wanted : isDoc(wanted) && equalValues(index.key, wanted),
  );
  if (found.length === 0) throw new CommandError(27, `index not found with name [${JSON.stringify(wanted)}]`);
  if (found.length > 1)
    throw new CommandError(181, `${found.length} indexes have this key: name one of them`);
  if (found[0]!.building) throw new CommandError(12587, `the index ${found[0]!.name} is being built`);
  return found;
}

export const dropIndexes: Command = {
  fields: ['index'],
  async run({ body, db, engine }) {
    const collection = engine.mustHave(db, text(body, 'dropIndexes'));
    const before = collection.indexes.length + 1;
    await dropThem(engine, collection, chosen(collection, body['index']));
    return { doc: { nIndexesWas: int32(before) } };
  },
};
