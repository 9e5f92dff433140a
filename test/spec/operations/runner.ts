import { SpecFailure, unknownTo } from '../failure.ts';
import { structured } from '../file.ts';
import { type ExpectedEvent, entities, expectedEvent, operation as operationSchema } from '../schema.ts';
import { canonical, isDocument, plain, shown } from '../values.ts';
import { within } from '../within.ts';
import type { World } from '../world.ts';
import type { Perform } from './perform.ts';

type Args = Record<string, unknown>;
type Special = (args: Args, world: World, perform: Perform) => Promise<void>;

/** How long a test waits for an event, a thread or a new primary before it has failed. */
const patienceMS = 10_000;

/** MongoDB's error codes. */
const commandNotFound = 59;
const namespaceNotFound = 26;

/** The operations of the test runner itself, with the arguments that each needs. */
const specials: Record<string, { needs: string[]; may?: string[]; run: Special }> = {
  failPoint: { needs: ['client', 'failPoint'], run: failPoint },
  targetedFailPoint: {
    needs: ['session', 'failPoint'],
    run: async () => {
      throw unknownTo('a targeted fail point: no session is pinned to one of many routers here');
    },
  },
  createEntities: {
    needs: ['entities'],
    run: async (args, world) => {
      const parsed = entities.safeParse(structured(args['entities']));
      if (!parsed.success) throw new SpecFailure(`createEntities: ${parsed.error.issues[0]?.message}`);
      await world.create(parsed.data);
    },
  },
  assertSessionTransactionState: {
    needs: ['session', 'state'],
    run: async (args, world) => {
      const { state } = (
        world.get('session', args['session']) as unknown as { transaction: { state: string } }
      ).transaction;
      const name = states[state];
      if (name === undefined) throw unknownTo(`the transaction state ${state}`);
      if (name !== args['state'])
        throw new SpecFailure(`the transaction should be ${args['state']}, is ${name}`);
    },
  },
  assertSessionPinned: { needs: ['session'], run: pinned(true) },
  assertSessionUnpinned: { needs: ['session'], run: pinned(false) },
  assertSessionDirty: { needs: ['session'], run: dirty(true) },
  assertSessionNotDirty: { needs: ['session'], run: dirty(false) },
  assertSameLsidOnLastTwoCommands: { needs: ['client'], run: lastTwoLsids(true) },
  assertDifferentLsidOnLastTwoCommands: { needs: ['client'], run: lastTwoLsids(false) },
  assertCollectionExists: { needs: ['databaseName', 'collectionName'], run: collectionExists(true) },
  assertCollectionNotExists: { needs: ['databaseName', 'collectionName'], run: collectionExists(false) },
  assertIndexExists: { needs: ['databaseName', 'collectionName', 'indexName'], run: indexExists(true) },
  assertIndexNotExists: { needs: ['databaseName', 'collectionName', 'indexName'], run: indexExists(false) },
  assertNumberConnectionsCheckedOut: {
    needs: ['client', 'connections'],
    run: async (args, world) => {
      const { checkedOut } = world.get('client', args['client']).recorder;
      if (checkedOut !== plain(args['connections']))
        throw new SpecFailure(
          `${shown(args['connections'])} connections should be checked out, are ${checkedOut}`,
        );
    },
  },
  assertEventCount: {
    needs: ['client', 'event', 'count'],
    run: async (args, world) => {
      const { recorder } = world.get('client', args['client']);
      const count = recorder.count(eventOf(args), world);
      if (count !== plain(args['count']))
        throw new SpecFailure(`${shown(args['count'])} of ${shown(args['event'])} expected, saw ${count}`);
    },
  },
  waitForEvent: {
    needs: ['client', 'event', 'count'],
    run: (args, world) =>
      world
        .get('client', args['client'])
        .recorder.reach(eventOf(args), Number(args['count']), { world, timeoutMS: patienceMS }),
  },
  wait: {
    needs: ['ms'],
    run: (args) => new Promise((resolve) => setTimeout(resolve, Number(args['ms']))),
  },
  runOnThread: {
    needs: ['thread', 'operation'],
    run: async (args, world, perform) => {
      const thread = world.get('thread', args['thread']);
      const parsed = operationSchema.safeParse(structured(args['operation']));
      if (!parsed.success) throw new SpecFailure(`runOnThread: ${parsed.error.issues[0]?.message}`);
      thread.done = thread.done.then(() => perform(parsed.data, world));
      // Its failure is told where the test waits for the thread, or at the test's end.
      thread.done.catch(() => undefined);
    },
  },
  waitForThread: {
    needs: ['thread'],
    run: (args, world) =>
      within(world.get('thread', args['thread']).done, {
        ms: patienceMS,
        late: `the thread took over ${patienceMS} ms`,
      }),
  },
  recordTopologyDescription: {
    needs: ['client', 'id'],
    run: async (args, world) => {
      world.add(String(args['id']), 'topology', topologyOf(world, args['client']));
    },
  },
  assertTopologyType: {
    needs: ['topologyDescription', 'topologyType'],
    run: async (args, world) => {
      const { type } = world.get('topology', args['topologyDescription']) as { type: string };
      if (type !== args['topologyType'])
        throw new SpecFailure(`the topology should be ${args['topologyType']}, is ${type}`);
    },
  },
};

const states: Record<string, string> = {
  NO_TRANSACTION: 'none',
  STARTING_TRANSACTION: 'starting',
  TRANSACTION_IN_PROGRESS: 'in_progress',
  TRANSACTION_COMMITTED: 'committed',
  TRANSACTION_COMMITTED_EMPTY: 'committed',
  TRANSACTION_ABORTED: 'aborted',
};

/** Performs one operation of the test runner itself. */
export async function special(
  name: string,
  args: Args,
  options: { world: World; perform: Perform },
): Promise<void> {
  const found = Object.hasOwn(specials, name) ? specials[name] : undefined;
  if (!found) throw unknownTo(`the operation ${name} of the test runner`);
  for (const need of found.needs)
    if (args[need] === undefined) throw new SpecFailure(`${name} needs ${need}`);
  const known = [...found.needs, ...(found.may ?? [])];
  for (const key of Object.keys(args))
    if (!known.includes(key)) throw unknownTo(`the argument ${key} of ${name}`);
  await found.run(args, options.world, options.perform);
}

async function failPoint(args: Args, world: World): Promise<void> {
  const { client } = world.get('client', args['client']);
  const command = args['failPoint'];
  if (!isDocument(command)) throw new SpecFailure('a fail point is a command');
  world.failPoints.add(String(command['configureFailPoint']));
  await client
    .db('admin')
    .command(command)
    .catch((error: { code?: number }) => {
      if (error.code !== commandNotFound) throw error;
      world.failPoints.clear();
      throw new SpecFailure('failPoint: this server has no fail points (test commands are off)', 'refused');
    });
}

function pinned(wanted: boolean): Special {
  return async (args, world) => {
    const { isPinned } = world.get('session', args['session']);
    if (isPinned !== wanted) throw new SpecFailure(`the session should ${wanted ? '' : 'not '}be pinned`);
  };
}

function dirty(wanted: boolean): Special {
  return async (args, world) => {
    const { isDirty } = world.get('session', args['session']).serverSession as unknown as {
      isDirty: boolean;
    };
    if (isDirty !== wanted) throw new SpecFailure(`the session should ${wanted ? '' : 'not '}be dirty`);
  };
}

function lastTwoLsids(same: boolean): Special {
  return async (args, world) => {
    const { recorder } = world.get('client', args['client']);
    const started = recorder.seen.filter(({ type }) => type === 'commandStartedEvent');
    const [a, b] = started.slice(-2).map(({ event }) => (event['command'] as Args)['lsid']);
    if (started.length < 2 || a === undefined || b === undefined)
      throw new SpecFailure('the last two commands should have an lsid each');
    if ((canonical(a) === canonical(b)) !== same)
      throw new SpecFailure(`the last two commands should have ${same ? 'one lsid' : 'two lsids'}`);
  };
}

function collectionExists(wanted: boolean): Special {
  return async (args, world) => {
    const db = world.internal.db(String(args['databaseName']));
    const name = String(args['collectionName']);
    const found = (await db.listCollections({}, { nameOnly: true }).toArray()).some(
      (one) => one.name === name,
    );
    if (found !== wanted) throw new SpecFailure(`the collection ${name} should ${wanted ? '' : 'not '}exist`);
  };
}

function indexExists(wanted: boolean): Special {
  return async (args, world) => {
    const collection = world.internal
      .db(String(args['databaseName']))
      .collection(String(args['collectionName']));
    const indexes = await collection
      .listIndexes()
      .toArray()
      .catch((error: { code?: number }) => {
        // No collection, no index.
        if (error.code === namespaceNotFound) return [];
        throw error;
      });
    const found = indexes.some(({ name }) => name === args['indexName']);
    if (found !== wanted)
      throw new SpecFailure(`the index ${args['indexName']} should ${wanted ? '' : 'not '}exist`);
  };
}

function eventOf(args: Args): ExpectedEvent {
  if (!expectedEvent.safeParse(structured(args['event'])).success)
    throw unknownTo(`the event ${shown(args['event'])}`);
  return structured(args['event']) as ExpectedEvent;
}

const topologyOf = (world: World, name: unknown) =>
  (world.get('client', name).client as unknown as { topology?: { description: unknown } }).topology
    ?.description;
