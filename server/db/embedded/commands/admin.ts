import type { Doc } from '../bson/values.ts';
import { SESSION_MINUTES } from '../session/sessions.ts';
import { int32, MAX_DOCUMENT } from '../wire/raw.ts';
import { MAX_MESSAGE } from '../wire/wire.ts';
import { MOST_STATEMENTS } from './batch.ts';
import type { Command, Context } from './command.ts';
import { flag } from './fields.ts';

/** Stands where MongoDB tells what it was built from: by this a client knows the embedded engine. */
export const BUILD = 'embedded';
/** The name of the replica set whose only member this is. */
const SET_NAME = 'embedded';
const VERSION_PARTS = [8, 0, 0, 0];
/** The version of MongoDB whose words are spoken here. */
export const VERSION = VERSION_PARTS.slice(0, 3).join('.');

const describeSelf = ({ engine, connection }: Context): Doc => ({
  setName: SET_NAME,
  setVersion: int32(1),
  secondary: false,
  hosts: [engine.address],
  primary: engine.address,
  me: engine.address,
  electionId: engine.electionId,
  maxBsonObjectSize: int32(MAX_DOCUMENT),
  maxMessageSizeBytes: int32(MAX_MESSAGE),
  maxWriteBatchSize: int32(MOST_STATEMENTS),
  localTime: new Date(),
  logicalSessionTimeoutMinutes: int32(SESSION_MINUTES),
  connectionId: int32(connection.id),
  minWireVersion: int32(0),
  maxWireVersion: int32(25),
  readOnly: false,
});

const HELLO_FIELDS = [
  'helloOk',
  'client',
  'compression',
  'hostInfo',
  'loadBalanced',
  'saslSupportedMechs',
  'speculativeAuthenticate',
  'topologyVersion',
  'maxAwaitTimeMS',
  'backpressure',
];

export const hello: Command = {
  transactional: 'later',
  fields: HELLO_FIELDS,
  run: (context) => ({ doc: { isWritablePrimary: true, ...describeSelf(context) } }),
};

export const isMaster: Command = {
  transactional: 'later',
  fields: HELLO_FIELDS,
  run: (context) => ({
    doc: {
      ...(flag(context.body, 'helloOk') && { helloOk: true }),
      ismaster: true,
      ...describeSelf(context),
    },
  }),
};

export const ping: Command = { fields: [], run: () => ({ doc: {} }) };

export const buildInfo: Command = {
  transactional: 'later',
  fields: [],
  run: () => ({
    doc: {
      version: VERSION,
      versionArray: VERSION_PARTS.map(int32),
      gitVersion: BUILD,
      modules: [],
      storageEngines: ['lmdb'],
      maxBsonObjectSize: int32(MAX_DOCUMENT),
    },
  }),
};

export const connectionStatus: Command = {
  transactional: 'later',
  fields: ['showPrivileges'],
  run: () => ({ doc: { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } } }),
};
