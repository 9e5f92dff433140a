import { CommandError } from '../bson/values.ts';
import type { Engine } from '../core.ts';
import * as admin from './admin.ts';
import { aggregate } from './aggregate.ts';
import * as alter from './alter.ts';
import { bulkWrite } from './bulkWrite.ts';
import type { Command } from './command.ts';
import * as ddl from './ddl.ts';
import { distinct } from './distinct.ts';
import { explain } from './explain.ts';
import { configureFailPoint } from './failPoint.ts';
import { count, find, getMore, killCursors } from './find.ts';
import { findAndModify } from './findAndModify.ts';
import * as parameters from './parameters.ts';
import * as sessions from './sessions.ts';
import * as status from './status.ts';
import { abortTransaction, commitTransaction } from './transaction.ts';
import * as write from './write.ts';

const commands = new Map<string, Command>(
  Object.entries({
    ...admin,
    ...ddl,
    ...parameters,
    ...sessions,
    ...status,
    ...alter,
    ismaster: admin.isMaster,
    buildinfo: admin.buildInfo,
    insert: write.insert,
    update: write.update,
    delete: write.delete,
    bulkWrite,
    find,
    getMore,
    killCursors,
    count,
    aggregate,
    distinct,
    explain,
    findAndModify,
    findandmodify: findAndModify,
    commitTransaction,
    abortTransaction,
  }).filter((entry): entry is [string, Command] => typeof entry[1] === 'object' && 'run' in entry[1]),
);

/** Commands that are there only where the engine was started with test commands. */
const testCommands = new Map<string, Command>([['configureFailPoint', configureFailPoint]]);

/** Commands that MongoDB has and this engine refuses by name. */
const REFUSED = new Set([
  'mapReduce',
  'convertToCapped',
  'cloneCollectionAsCapped',
  'compact',
  'reIndex',
  'validate',
  'saslStart',
  'saslContinue',
  'authenticate',
  'logout',
  'createUser',
  'updateUser',
  'dropUser',
  'usersInfo',
  'createRole',
  'createSearchIndexes',
  'updateSearchIndex',
  'dropSearchIndex',
  'listSearchIndexes',
  'top',
  'fsync',
  'fsyncUnlock',
  'profile',
  'getLog',
  'shutdown',
  'logRotate',
  'planCacheClear',
  'replSetGetStatus',
  'replSetGetConfig',
  'replSetStepDown',
  'replSetFreeze',
  'enableSharding',
  'shardCollection',
  'listShards',
  'applyOps',
  'geoSearch',
]);

/** The command of that name. Throws 59 for one that MongoDB has not either, 115 for one that only MongoDB has. */
export function commandNamed(engine: Engine, name: string): Command {
  const command = commands.get(name) ?? (engine.failPoints && testCommands.get(name));
  if (command) return command;
  if (REFUSED.has(name))
    throw new CommandError(115, `the embedded engine does not support the command '${name}'`);
  throw new CommandError(59, `no such command: '${name}'`);
}
