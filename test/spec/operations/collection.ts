import type mongoose from 'mongoose';
import { driverLacks } from '../failure.ts';
import { type ArgumentKind, type Arguments, common, type Deed, held, typed, without } from './arguments.ts';
import { writeModels } from './models.ts';

type Collection = mongoose.mongo.Collection;
type CollectionDeed = Deed<Collection>;
type Filter = mongoose.mongo.Filter<mongoose.mongo.Document>;

const reading: Record<string, ArgumentKind> = {
  ...common,
  collation: 'plain',
  hint: 'value',
  let: 'value',
  maxTimeMS: 'number',
};
const writing: Record<string, ArgumentKind> = { ...reading, bypassDocumentValidation: 'boolean' };

const finding: Record<string, ArgumentKind> = {
  ...reading,
  filter: 'value',
  sort: 'plain',
  projection: 'value',
  limit: 'number',
  skip: 'number',
  batchSize: 'number',
  allowDiskUse: 'boolean',
  allowPartialResults: 'boolean',
  max: 'value',
  min: 'value',
  noCursorTimeout: 'boolean',
  returnKey: 'boolean',
  showRecordId: 'boolean',
  singleBatch: 'boolean',
};

const filterOf = (args: Arguments) => args['filter'] as Filter;

const findCursor = (collection: Collection, args: Arguments) =>
  collection.find(filterOf(args), { ...without(args, 'filter'), ...typed });

/** The driver writes null for an upserted id that there is not. */
const updated = (result: object) => {
  const { upsertedId, ...rest } = result as { upsertedId?: unknown; upsertedCount?: number };
  return rest.upsertedCount ? { ...rest, upsertedId } : rest;
};

const updating = (takes: Record<string, ArgumentKind>, run: CollectionDeed['run']): CollectionDeed => ({
  takes: { ...writing, filter: 'value', upsert: 'boolean', ...takes },
  needs: ['filter', ...Object.keys(takes).filter((key) => key === 'update' || key === 'replacement')],
  run,
});

const deleting = (run: CollectionDeed['run']): CollectionDeed => ({
  takes: { ...reading, filter: 'value' },
  needs: ['filter'],
  run,
});

type Update = mongoose.mongo.UpdateFilter<mongoose.mongo.Document>;

export const collectionDeeds: Record<string, CollectionDeed> = {
  find: {
    takes: finding,
    needs: ['filter'],
    documents: true,
    run: (collection, args) => findCursor(collection, args).toArray(),
  },
  findOne: {
    takes: finding,
    needs: ['filter'],
    run: (collection, args) => collection.findOne(filterOf(args), { ...without(args, 'filter'), ...typed }),
  },
  createFindCursor: {
    takes: finding,
    needs: ['filter'],
    run: (collection, args) => held(findCursor(collection, args)),
  },
  aggregate: {
    takes: {
      ...writing,
      pipeline: 'documents',
      allowDiskUse: 'boolean',
      batchSize: 'number',
    },
    needs: ['pipeline'],
    documents: true,
    run: (collection, args) =>
      collection
        .aggregate(args['pipeline'] as mongoose.mongo.Document[], { ...without(args, 'pipeline'), ...typed })
        .toArray(),
  },
  createChangeStream: {
    takes: {
      ...reading,
      pipeline: 'documents',
      batchSize: 'number',
      fullDocument: 'string',
      fullDocumentBeforeChange: 'string',
      maxAwaitTimeMS: 'number',
      resumeAfter: 'value',
      startAfter: 'value',
      startAtOperationTime: 'value',
      showExpandedEvents: 'boolean',
    },
    run: (collection, args) =>
      held(collection.watch(args['pipeline'] as mongoose.mongo.Document[], without(args, 'pipeline'))),
  },
  count: {
    takes: { ...reading, filter: 'value', limit: 'number', skip: 'number' },
    run: (collection, args) => collection.count(filterOf(args), without(args, 'filter')),
  },
  countDocuments: {
    takes: { ...reading, filter: 'value', limit: 'number', skip: 'number' },
    needs: ['filter'],
    run: (collection, args) => collection.countDocuments(filterOf(args), without(args, 'filter')),
  },
  estimatedDocumentCount: {
    takes: { ...common, maxTimeMS: 'number' },
    run: (collection, args) => collection.estimatedDocumentCount(args),
  },
  distinct: {
    takes: { ...reading, fieldName: 'string', filter: 'value' },
    needs: ['fieldName'],
    run: (collection, args) =>
      collection.distinct(args['fieldName'] as string, filterOf(args) ?? {}, {
        ...without(args, 'fieldName', 'filter'),
        ...typed,
      }),
  },
  insertOne: {
    takes: { ...common, document: 'value', bypassDocumentValidation: 'boolean' },
    needs: ['document'],
    run: (collection, args) =>
      collection.insertOne(args['document'] as mongoose.mongo.Document, without(args, 'document')),
  },
  insertMany: {
    takes: { ...common, documents: 'documents', ordered: 'boolean', bypassDocumentValidation: 'boolean' },
    needs: ['documents'],
    run: (collection, args) =>
      collection.insertMany(args['documents'] as mongoose.mongo.Document[], without(args, 'documents')),
  },
  updateOne: updating(
    { update: 'value', arrayFilters: 'documents', sort: 'plain' },
    async (collection, args) =>
      updated(
        await collection.updateOne(
          filterOf(args),
          args['update'] as Update,
          without(args, 'filter', 'update'),
        ),
      ),
  ),
  updateMany: updating({ update: 'value', arrayFilters: 'documents' }, async (collection, args) =>
    updated(
      await collection.updateMany(
        filterOf(args),
        args['update'] as Update,
        without(args, 'filter', 'update'),
      ),
    ),
  ),
  replaceOne: updating({ replacement: 'value', sort: 'plain' }, async (collection, args) =>
    updated(
      await collection.replaceOne(
        filterOf(args),
        args['replacement'] as mongoose.mongo.Document,
        without(args, 'filter', 'replacement'),
      ),
    ),
  ),
  deleteOne: deleting((collection, args) => collection.deleteOne(filterOf(args), without(args, 'filter'))),
  deleteMany: deleting((collection, args) => collection.deleteMany(filterOf(args), without(args, 'filter'))),
  findOneAndUpdate: updating(
    {
      update: 'value',
      arrayFilters: 'documents',
      projection: 'value',
      sort: 'plain',
      returnDocument: 'returnDocument',
    },
    (collection, args) =>
      collection.findOneAndUpdate(filterOf(args), args['update'] as Update, {
        ...without(args, 'filter', 'update'),
        ...typed,
      }),
  ),
  findOneAndReplace: updating(
    { replacement: 'value', projection: 'value', sort: 'plain', returnDocument: 'returnDocument' },
    (collection, args) =>
      collection.findOneAndReplace(filterOf(args), args['replacement'] as mongoose.mongo.Document, {
        ...without(args, 'filter', 'replacement'),
        ...typed,
      }),
  ),
  findOneAndDelete: {
    takes: { ...reading, filter: 'value', projection: 'value', sort: 'plain' },
    needs: ['filter'],
    run: (collection, args) =>
      collection.findOneAndDelete(filterOf(args), { ...without(args, 'filter'), ...typed }),
  },
  bulkWrite: {
    takes: {
      ...common,
      requests: 'value',
      ordered: 'boolean',
      bypassDocumentValidation: 'boolean',
      let: 'value',
    },
    needs: ['requests'],
    run: (collection, args) => {
      const models = writeModels(args['requests']).map(({ name, model }) => ({ [name]: model }));
      return collection.bulkWrite(
        models as unknown as mongoose.mongo.AnyBulkWriteOperation[],
        without(args, 'requests'),
      );
    },
  },
  createIndex: {
    takes: {
      ...common,
      keys: 'plain',
      name: 'string',
      unique: 'boolean',
      sparse: 'boolean',
      hidden: 'boolean',
      background: 'boolean',
      expireAfterSeconds: 'number',
      partialFilterExpression: 'value',
      collation: 'plain',
      commitQuorum: 'plain',
      maxTimeMS: 'number',
    },
    needs: ['keys'],
    run: (collection, args) =>
      collection.createIndex(args['keys'] as mongoose.mongo.IndexSpecification, without(args, 'keys')),
  },
  dropIndex: {
    takes: { ...common, name: 'string', maxTimeMS: 'number' },
    needs: ['name'],
    run: (collection, args) => collection.dropIndex(args['name'] as string, without(args, 'name')),
  },
  dropIndexes: {
    takes: { ...common, maxTimeMS: 'number' },
    run: (collection, args) => collection.dropIndexes(args),
  },
  listIndexes: {
    takes: { ...common, batchSize: 'number', maxTimeMS: 'number' },
    documents: true,
    run: (collection, args) => collection.listIndexes({ ...args, ...typed }).toArray(),
  },
  listIndexNames: {
    takes: { ...common, batchSize: 'number', maxTimeMS: 'number' },
    run: async (collection, args) => (await collection.listIndexes(args).toArray()).map(({ name }) => name),
  },
  rename: {
    takes: { ...common, to: 'string', dropTarget: 'boolean' },
    needs: ['to'],
    run: async (collection, args) => {
      await collection.rename(args['to'] as string, without(args, 'to'));
    },
  },
  drop: {
    takes: common,
    run: (collection, args) => collection.drop(args),
  },
  mapReduce: {
    takes: { ...reading, map: 'value', reduce: 'value', out: 'value' },
    run: async () => {
      throw driverLacks('mapReduce');
    },
  },
};
