import { z } from 'zod';

/**
 * The unified test format's own rules for a file (schema version 1.x of MongoDB's specifications), strict: a key that the
 * format does not name is refused.
 */
const version = z.string().regex(/^[0-9]+(\.[0-9]+){1,2}$/);
const document = z.record(z.string(), z.unknown());
const strings = z.array(z.string()).min(1);
const few = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape).refine((value) => Object.keys(value).length > 0, 'must not be empty');

const requirement = few({
  minServerVersion: version.optional(),
  maxServerVersion: version.optional(),
  minLibmongocryptVersion: version.optional(),
  topologies: z
    .array(z.enum(['single', 'replicaset', 'sharded', 'sharded-replicaset', 'load-balanced']))
    .min(1)
    .optional(),
  serverless: z.enum(['require', 'forbid', 'allow']).optional(),
  serverParameters: document.refine((value) => Object.keys(value).length > 0).optional(),
  auth: z.boolean().optional(),
  authMechanism: z.string().optional(),
  csfle: z.union([z.boolean(), few({ minLibmongocryptVersion: version.optional() })]).optional(),
});

export const eventTypes = {
  command: ['commandStartedEvent', 'commandSucceededEvent', 'commandFailedEvent'],
  cmap: [
    'poolCreatedEvent',
    'poolReadyEvent',
    'poolClearedEvent',
    'poolClosedEvent',
    'connectionCreatedEvent',
    'connectionReadyEvent',
    'connectionClosedEvent',
    'connectionCheckOutStartedEvent',
    'connectionCheckOutFailedEvent',
    'connectionCheckedOutEvent',
    'connectionCheckedInEvent',
  ],
  sdam: [
    'serverDescriptionChangedEvent',
    'topologyDescriptionChangedEvent',
    'topologyOpeningEvent',
    'topologyClosedEvent',
    'serverHeartbeatStartedEvent',
    'serverHeartbeatSucceededEvent',
    'serverHeartbeatFailedEvent',
  ],
} as const;

const dataOptions = z.strictObject({
  readConcern: document.optional(),
  readPreference: document.optional(),
  writeConcern: document.optional(),
  timeoutMS: z.int().optional(),
});

const severity = z.enum([
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
  'trace',
]);
const component = z.enum(['command', 'topology', 'serverSelection', 'connection']);

const credential = z.union([z.string(), z.strictObject({ $$placeholder: z.unknown() })]).optional();
const provider = (...keys: string[]) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, credential])));
const providers: Record<string, z.ZodType> = {
  aws: provider('accessKeyId', 'secretAccessKey', 'sessionToken'),
  azure: provider('tenantId', 'clientId', 'clientSecret', 'identityPlatformEndpoint'),
  gcp: provider('email', 'privateKey', 'endpoint'),
  kmip: provider('endpoint'),
  local: provider('key'),
};
const kmsProviders = document.superRefine((value, context) => {
  for (const [name, settings] of Object.entries(value)) {
    const [, kind = ''] = /^([a-z]+)(?::[a-zA-Z0-9_]+)?$/.exec(name) ?? [];
    if (providers[kind]?.safeParse(settings).success !== true)
      context.addIssue({ code: 'custom', message: `not a key provider: ${name}` });
  }
});

const client = z.strictObject({
  id: z.string(),
  uriOptions: document.optional(),
  useMultipleMongoses: z.boolean().optional(),
  observeEvents: z
    .array(z.enum([...eventTypes.command, ...eventTypes.cmap, ...eventTypes.sdam]))
    .min(1)
    .optional(),
  ignoreCommandMonitoringEvents: strings.optional(),
  storeEventsAsEntities: z
    .array(z.strictObject({ id: z.string(), events: strings }))
    .min(1)
    .optional(),
  observeLogMessages: few({
    command: severity.optional(),
    topology: severity.optional(),
    serverSelection: severity.optional(),
    connection: severity.optional(),
  }).optional(),
  serverApi: z
    .strictObject({
      version: z.string(),
      strict: z.boolean().optional(),
      deprecationErrors: z.boolean().optional(),
    })
    .optional(),
  observeSensitiveCommands: z.boolean().optional(),
  autoEncryptOpts: z
    .strictObject({
      keyVaultNamespace: z.string(),
      kmsProviders,
      bypassAutoEncryption: z.boolean().optional(),
      schemaMap: z.record(z.string(), document).optional(),
      extraOptions: document.optional(),
      encryptedFieldsMap: z.record(z.string(), document).optional(),
      bypassQueryAnalysis: z.boolean().optional(),
      keyExpirationMS: z.int().optional(),
    })
    .optional(),
});

const entity = z
  .strictObject({
    client: client.optional(),
    clientEncryption: z
      .strictObject({
        id: z.string(),
        clientEncryptionOpts: z.strictObject({
          keyVaultClient: z.string(),
          keyVaultNamespace: z.string(),
          kmsProviders,
          keyExpirationMS: z.int().optional(),
        }),
      })
      .optional(),
    database: z
      .strictObject({
        id: z.string(),
        client: z.string(),
        databaseName: z.string(),
        databaseOptions: dataOptions.optional(),
      })
      .optional(),
    collection: z
      .strictObject({
        id: z.string(),
        database: z.string(),
        collectionName: z.string(),
        collectionOptions: dataOptions.optional(),
      })
      .optional(),
    session: z
      .strictObject({ id: z.string(), client: z.string(), sessionOptions: document.optional() })
      .optional(),
    bucket: z
      .strictObject({ id: z.string(), database: z.string(), bucketOptions: document.optional() })
      .optional(),
    thread: z.strictObject({ id: z.string() }).optional(),
  })
  .refine((value) => Object.keys(value).length === 1, 'an entity has one key');

const collectionData = z.strictObject({
  collectionName: z.string(),
  databaseName: z.string(),
  createOptions: document.refine((value) => !('writeConcern' in value), 'no write concern here').optional(),
  documents: z.array(document),
});

const has = { hasServiceId: z.boolean().optional(), hasServerConnectionId: z.boolean().optional() };
const named = { commandName: z.string().optional(), databaseName: z.string().optional() };
const reason = z.strictObject({ reason: z.string().optional() });
const nothing = z.strictObject({});
const serverType = z.enum([
  'Standalone',
  'Mongos',
  'PossiblePrimary',
  'RSPrimary',
  'RSSecondary',
  'RSOther',
  'RSArbiter',
  'RSGhost',
  'LoadBalancer',
  'Unknown',
]);
const topologyType = z.enum([
  'Single',
  'Unknown',
  'ReplicaSetNoPrimary',
  'ReplicaSetWithPrimary',
  'Sharded',
  'LoadBalanced',
]);
const change = (type: z.ZodType) => {
  const description = z.strictObject({ type: type.optional() }).optional();
  return z.strictObject({ previousDescription: description, newDescription: description });
};
const heartbeat = z.strictObject({ awaited: z.boolean().optional() });

const assertions: Record<string, z.ZodType> = {
  commandStartedEvent: z.strictObject({ command: document.optional(), ...named, ...has }),
  commandSucceededEvent: z.strictObject({ reply: document.optional(), ...named, ...has }),
  commandFailedEvent: z.strictObject({ ...named, ...has }),
  poolClearedEvent: z.strictObject({
    hasServiceId: z.boolean().optional(),
    interruptInUseConnections: z.boolean().optional(),
  }),
  connectionClosedEvent: reason,
  connectionCheckOutFailedEvent: reason,
  serverDescriptionChangedEvent: change(serverType),
  topologyDescriptionChangedEvent: change(topologyType),
  serverHeartbeatStartedEvent: heartbeat,
  serverHeartbeatSucceededEvent: heartbeat,
  serverHeartbeatFailedEvent: heartbeat,
};

const eventOf = (names: readonly string[]) =>
  z
    .strictObject(Object.fromEntries(names.map((name) => [name, (assertions[name] ?? nothing).optional()])))
    .refine((value) => Object.keys(value).length === 1, 'an event has one key');

/** One expected event of any kind, as `waitForEvent` and `assertEventCount` take it. */
export const expectedEvent = z.union([
  eventOf(eventTypes.command),
  eventOf(eventTypes.cmap),
  eventOf(eventTypes.sdam),
]);

const expectedEvents = <N extends keyof typeof eventTypes>(name: N) => ({
  client: z.string(),
  events: z.array(eventOf(eventTypes[name])),
  ignoreExtraEvents: z.boolean().optional(),
});

const logMessage = z.strictObject({
  level: severity,
  component,
  data: document,
  failureIsRedacted: z.boolean().optional(),
});

const expectedError = few({
  isError: z.literal(true).optional(),
  isClientError: z.boolean().optional(),
  isTimeoutError: z.boolean().optional(),
  errorContains: z.string().optional(),
  errorCode: z.int().optional(),
  errorCodeName: z.string().optional(),
  errorLabelsContain: strings.optional(),
  errorLabelsOmit: strings.optional(),
  writeErrors: document.optional(),
  writeConcernErrors: z.array(document).optional(),
  errorResponse: document.optional(),
  expectResult: z.unknown().optional(),
});

const excluding: [string, string][] = [
  ['expectError', 'expectResult'],
  ['expectError', 'saveResultAsEntity'],
  ['ignoreResultAndError', 'expectResult'],
  ['ignoreResultAndError', 'expectError'],
  ['ignoreResultAndError', 'saveResultAsEntity'],
];

export const operation = z
  .strictObject({
    name: z.string(),
    object: z.string(),
    arguments: document.optional(),
    ignoreResultAndError: z.boolean().optional(),
    expectError: expectedError.optional(),
    expectResult: z.unknown().optional(),
    saveResultAsEntity: z.string().optional(),
  })
  .refine((value) => excluding.every(([a, b]) => !(a in value && b in value)), {
    message: 'a result, an error and ignoring both exclude each other',
  });

const test = z.strictObject({
  description: z.string(),
  runOnRequirements: z.array(requirement).min(1).optional(),
  skipReason: z.string().optional(),
  operations: z.array(operation),
  expectEvents: z
    .array(
      z.union([
        z.strictObject({ eventType: z.literal('command').optional(), ...expectedEvents('command') }),
        z.strictObject({ eventType: z.literal('cmap'), ...expectedEvents('cmap') }),
        z.strictObject({ eventType: z.literal('sdam'), ...expectedEvents('sdam') }),
      ]),
    )
    .min(1)
    .optional(),
  expectLogMessages: z
    .array(
      z.strictObject({
        client: z.string(),
        messages: z.array(logMessage),
        ignoreExtraMessages: z.boolean().optional(),
        ignoreMessages: z.array(logMessage).optional(),
      }),
    )
    .min(1)
    .optional(),
  outcome: z.array(collectionData).min(1).optional(),
});

export const entities = z.array(entity).min(1);

export const testFile = z.strictObject({
  description: z.string(),
  schemaVersion: version,
  runOnRequirements: z.array(requirement).min(1).optional(),
  createEntities: entities.optional(),
  initialData: z.array(collectionData).min(1).optional(),
  tests: z.array(test).min(1),
  _yamlAnchors: document.optional(),
});

export type TestFile = z.infer<typeof testFile>;
export type Test = TestFile['tests'][number];
export type Operation = z.infer<typeof operation>;
export type ExpectedError = z.infer<typeof expectedError>;
export type ExpectedEvents = NonNullable<Test['expectEvents']>[number];
export type ExpectedEvent = Record<string, unknown>;
export type Entity = z.infer<typeof entity>;
export type CollectionData = z.infer<typeof collectionData>;
export type Requirement = z.infer<typeof requirement>;
