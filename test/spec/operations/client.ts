import type mongoose from 'mongoose';
import { driverLacks } from '../failure.ts';
import type { EntityKind } from '../world.ts';
import { type ArgumentKind, common, type Deed, held, without } from './arguments.ts';
import { writeModels } from './models.ts';

type Client = mongoose.mongo.MongoClient;

const listing: Record<string, ArgumentKind> = {
  ...common,
  filter: 'value',
  nameOnly: 'boolean',
  authorizedDatabases: 'boolean',
};

/** Maps of results by position as documents, and nothing that is not set. */
export function bulkResult(result: unknown): unknown {
  if (result instanceof Map)
    return Object.fromEntries([...result].map(([key, value]) => [String(key), bulkResult(value)]));
  if (typeof result !== 'object' || result === null) return result;
  return Object.fromEntries(
    Object.entries(result)
      .filter(([key, value]) => value !== undefined && key !== 'didUpsert')
      .map(([key, value]) => [key, value instanceof Map ? bulkResult(value) : value]),
  );
}

export const clientDeeds: Record<string, Deed<Client>> = {
  clientBulkWrite: {
    takes: {
      ...common,
      models: 'value',
      ordered: 'boolean',
      verboseResults: 'boolean',
      bypassDocumentValidation: 'boolean',
      let: 'value',
    },
    needs: ['models'],
    run: async (client, args) => {
      const models = writeModels(args['models'], ['namespace']).map(({ name, model }) => ({
        name,
        ...model,
      }));
      return bulkResult(
        await client.bulkWrite(
          models as unknown as mongoose.mongo.ClientBulkWriteModel<Record<string, mongoose.mongo.Document>>[],
          without(args, 'models'),
        ),
      );
    },
  },
  listDatabases: {
    takes: listing,
    documents: true,
    run: async (client, args) => (await client.db('admin').admin().listDatabases(args)).databases,
  },
  listDatabaseNames: {
    takes: listing,
    run: async (client, args) =>
      (
        await client
          .db('admin')
          .admin()
          .listDatabases({ ...args, nameOnly: true })
      ).databases.map(({ name }) => name),
  },
  listDatabaseObjects: {
    takes: listing,
    run: async () => {
      throw driverLacks('listing of databases as objects');
    },
  },
  createChangeStream: {
    takes: { ...common, pipeline: 'documents', batchSize: 'number', maxAwaitTimeMS: 'number' },
    run: (client, args) =>
      held(client.watch(args['pipeline'] as mongoose.mongo.Document[], without(args, 'pipeline'))),
  },
  close: { takes: {}, run: (client) => client.close() },
};

/** The kind of entity that an operation's result may be saved as, where it is none that BSON holds. */
export const savedAs: Record<string, EntityKind> = {
  createFindCursor: 'cursor',
  createCommandCursor: 'cursor',
  createChangeStream: 'cursor',
};
