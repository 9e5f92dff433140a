import type mongoose from 'mongoose';
import { driverLacks, SpecFailure, unknownTo } from '../failure.ts';
import { type ArgumentKind, type Arguments, common, type Deed, held, typed, without } from './arguments.ts';

type Db = mongoose.mongo.Db;

const command: Record<string, ArgumentKind> = { ...common, command: 'value', commandName: 'string' };

/** The command with its name as the first key: JSON does not promise an order. */
function commandOf(args: Arguments): mongoose.mongo.Document {
  const given = args['command'] as Record<string, unknown>;
  const name = args['commandName'] as string;
  if (!Object.hasOwn(given, name)) throw new SpecFailure(`the command has no key ${name}`);
  return { [name]: given[name], ...given };
}

const cursorCommand: Record<string, ArgumentKind> = {
  ...command,
  batchSize: 'number',
  maxTimeMS: 'number',
  cursorType: 'string',
  timeoutMode: 'string',
};

function commandCursor(db: Db, args: Arguments) {
  if (args['cursorType'] !== undefined && args['cursorType'] !== 'nonTailable')
    throw unknownTo(`the cursor type ${args['cursorType']} of a command`);
  const cursor = db.runCursorCommand(commandOf(args), {
    ...without(args, 'command', 'commandName', 'batchSize', 'maxTimeMS', 'comment', 'cursorType'),
    ...typed,
  });
  if (args['batchSize'] !== undefined) cursor.setBatchSize(args['batchSize'] as number);
  if (args['maxTimeMS'] !== undefined) cursor.setMaxTimeMS(args['maxTimeMS'] as number);
  if (args['comment'] !== undefined) cursor.setComment(args['comment']);
  return cursor;
}

const validation: Record<string, ArgumentKind> = {
  validator: 'value',
  validationLevel: 'string',
  validationAction: 'string',
  viewOn: 'string',
  pipeline: 'documents',
  changeStreamPreAndPostImages: 'plain',
  expireAfterSeconds: 'number',
  timeseries: 'plain',
};

const listing: Record<string, ArgumentKind> = {
  ...common,
  filter: 'value',
  nameOnly: 'boolean',
  authorizedCollections: 'boolean',
  batchSize: 'number',
  maxTimeMS: 'number',
};

export const databaseDeeds: Record<string, Deed<Db>> = {
  aggregate: {
    takes: {
      ...common,
      pipeline: 'documents',
      allowDiskUse: 'boolean',
      batchSize: 'number',
      bypassDocumentValidation: 'boolean',
      collation: 'plain',
      hint: 'value',
      let: 'value',
      maxTimeMS: 'number',
    },
    needs: ['pipeline'],
    documents: true,
    run: (db, args) =>
      db
        .aggregate(args['pipeline'] as mongoose.mongo.Document[], { ...without(args, 'pipeline'), ...typed })
        .toArray(),
  },
  createChangeStream: {
    takes: { ...common, pipeline: 'documents', batchSize: 'number', maxAwaitTimeMS: 'number' },
    run: (db, args) =>
      held(db.watch(args['pipeline'] as mongoose.mongo.Document[], without(args, 'pipeline'))),
  },
  runCommand: {
    takes: command,
    needs: ['command', 'commandName'],
    run: (db, args) => db.command(commandOf(args), { ...without(args, 'command', 'commandName'), ...typed }),
  },
  runCursorCommand: {
    takes: cursorCommand,
    needs: ['command', 'commandName'],
    documents: true,
    run: (db, args) => commandCursor(db, args).toArray(),
  },
  createCommandCursor: {
    takes: cursorCommand,
    needs: ['command', 'commandName'],
    run: (db, args) => held(commandCursor(db, args)),
  },
  createCollection: {
    takes: {
      ...common,
      ...validation,
      collection: 'string',
      capped: 'boolean',
      size: 'number',
      max: 'number',
      collation: 'plain',
      clusteredIndex: 'plain',
      storageEngine: 'plain',
      indexOptionDefaults: 'plain',
      encryptedFields: 'value',
      maxTimeMS: 'number',
    },
    needs: ['collection'],
    run: async (db, args) => {
      await db.createCollection(args['collection'] as string, without(args, 'collection'));
    },
  },
  dropCollection: {
    takes: { ...common, collection: 'string' },
    needs: ['collection'],
    run: (db, args) => db.dropCollection(args['collection'] as string, without(args, 'collection')),
  },
  // The driver has no helper for it: the format's deed is MongoDB's collMod command.
  modifyCollection: {
    takes: {
      ...common,
      ...validation,
      collection: 'string',
      index: 'plain',
      cappedSize: 'number',
      cappedMax: 'number',
    },
    needs: ['collection'],
    run: (db, args) => {
      const options = Object.keys(common);
      const [fields, rest] = [without(args, 'collection', ...options), args];
      return db.command(
        { collMod: args['collection'], ...fields },
        Object.fromEntries(Object.entries(rest).filter(([key]) => options.includes(key))),
      );
    },
  },
  listCollections: {
    takes: listing,
    documents: true,
    run: (db, args) =>
      db
        .listCollections((args['filter'] ?? {}) as mongoose.mongo.Document, {
          ...without(args, 'filter'),
          ...typed,
        })
        .toArray(),
  },
  listCollectionNames: {
    takes: listing,
    run: async (db, args) =>
      (
        await db
          .listCollections((args['filter'] ?? {}) as mongoose.mongo.Document, {
            ...without(args, 'filter'),
            nameOnly: true,
          })
          .toArray()
      ).map(({ name }) => name),
  },
  listCollectionObjects: {
    takes: listing,
    run: async () => {
      throw driverLacks('listing of collections as objects');
    },
  },
};
