import type mongoose from 'mongoose';
import { SpecFailure, unknownTo } from './failure.ts';
import { type MatchWorld, match } from './match.ts';
import { type ExpectedEvent, type ExpectedEvents, eventTypes } from './schema.ts';
import { copied, isDocument, shown } from './values.ts';

type MongoClient = mongoose.mongo.MongoClient;
type Kind = keyof typeof eventTypes;

export interface Observed {
  /** The format's name, as `commandStartedEvent`. */
  type: string;
  event: Record<string, unknown>;
}

/** The driver's name of each event of the format. */
const driverNames: Record<string, string> = {
  commandStartedEvent: 'commandStarted',
  commandSucceededEvent: 'commandSucceeded',
  commandFailedEvent: 'commandFailed',
  poolCreatedEvent: 'connectionPoolCreated',
  poolReadyEvent: 'connectionPoolReady',
  poolClearedEvent: 'connectionPoolCleared',
  poolClosedEvent: 'connectionPoolClosed',
  connectionCreatedEvent: 'connectionCreated',
  connectionReadyEvent: 'connectionReady',
  connectionClosedEvent: 'connectionClosed',
  connectionCheckOutStartedEvent: 'connectionCheckOutStarted',
  connectionCheckOutFailedEvent: 'connectionCheckOutFailed',
  connectionCheckedOutEvent: 'connectionCheckedOut',
  connectionCheckedInEvent: 'connectionCheckedIn',
  serverDescriptionChangedEvent: 'serverDescriptionChanged',
  topologyDescriptionChangedEvent: 'topologyDescriptionChanged',
  topologyOpeningEvent: 'topologyOpening',
  topologyClosedEvent: 'topologyClosed',
  serverHeartbeatStartedEvent: 'serverHeartbeatStarted',
  serverHeartbeatSucceededEvent: 'serverHeartbeatSucceeded',
  serverHeartbeatFailedEvent: 'serverHeartbeatFailed',
};

/** Commands whose contents the driver hides: they are not observed unless a test asks for them. */
const sensitive = new Set([
  ...['authenticate', 'saslStart', 'saslContinue', 'getnonce', 'createUser', 'updateUser'],
  ...['copydbgetnonce', 'copydbsaslstart', 'copydb'],
]);
const greetings = new Set(['hello', 'isMaster', 'ismaster']);

export interface ObserveOptions {
  observe: readonly string[];
  ignoreCommands: readonly string[];
  observeSensitive: boolean;
}

/**
 * All that a client's driver reports while a test runs: `seen`, what the test observes by its file; `failures`, every
 * command that the server refused, for telling whose fault a failed test is.
 */
export class Recorder {
  readonly seen: Observed[] = [];
  readonly failures: { commandName: string; failure: unknown }[] = [];
  readonly started: { commandName: string; command: Record<string, unknown> }[] = [];
  checkedOut = 0;
  private open = true;
  private waiters: (() => void)[] = [];

  constructor(client: MongoClient, options: ObserveOptions) {
    const listen = (name: string, listener: (event: Record<string, unknown>) => void) =>
      (client as unknown as NodeJS.EventEmitter).on(name, listener);
    listen('commandStarted', (event) => {
      this.started.push({
        commandName: String(event['commandName']),
        command: event['command'] as Record<string, unknown>,
      });
    });
    listen('commandFailed', (event) => {
      this.failures.push({ commandName: String(event['commandName']), failure: event['failure'] });
    });
    listen('connectionCheckedOut', () => {
      this.checkedOut += 1;
    });
    listen('connectionCheckedIn', () => {
      this.checkedOut -= 1;
    });
    for (const type of options.observe) {
      const name = driverNames[type];
      if (name === undefined) throw unknownTo(`the event ${type}`);
      listen(name, (event) => {
        if (this.open && wanted(type, event, options)) this.record({ type, event: atThisMoment(event) });
      });
    }
  }

  private record(observed: Observed): void {
    this.seen.push(observed);
    for (const wake of this.waiters.splice(0)) wake();
  }

  /** No event after this belongs to the test. */
  stop(): void {
    this.open = false;
  }

  /** How many observed events an expected one matches. */
  count(expected: ExpectedEvent, world: MatchWorld): number {
    return this.seen.filter((observed) => {
      try {
        return matchEvent(expected, observed, world).length === 0;
      } catch (error) {
        if (error instanceof SpecFailure && !error.message.startsWith('the runner')) return false;
        throw error;
      }
    }).length;
  }

  /** Resolves once that many events of a kind were observed; throws after `timeoutMS`. */
  async reach(
    expected: ExpectedEvent,
    count: number,
    options: { world: MatchWorld; timeoutMS: number },
  ): Promise<void> {
    const end = Date.now() + options.timeoutMS;
    while (this.count(expected, options.world) < count) {
      const left = end - Date.now();
      if (left <= 0)
        throw new SpecFailure(
          `waited ${options.timeoutMS} ms for ${count} of ${shown(expected)}, saw ${this.count(expected, options.world)}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}

/** Commands and replies as they are now. */
function atThisMoment(event: Record<string, unknown>): Record<string, unknown> {
  const { command, reply } = event;
  return Object.assign(Object.create(event) as Record<string, unknown>, {
    ...(command === undefined ? {} : { command: copied(command) }),
    ...(reply === undefined ? {} : { reply: copied(reply) }),
  });
}

function wanted(type: string, event: Record<string, unknown>, options: ObserveOptions): boolean {
  if (!(eventTypes.command as readonly string[]).includes(type)) return true;
  const name = String(event['commandName']);
  if (name === 'configureFailPoint' || options.ignoreCommands.includes(name)) return false;
  if (options.observeSensitive) return true;
  const content = event['command'] ?? event['reply'];
  const hidden = isDocument(content) && Object.keys(content).length === 0;
  return !sensitive.has(name) && !(greetings.has(name) && hidden);
}

/**
 * Holds the events of one client against what a test expects of it, in their order. Throws for the first that is amiss;
 * what is the driver's own fault is returned instead, so that it hides nothing that comes after it.
 */
export function matchEvents(expected: ExpectedEvents, recorder: Recorder, world: MatchWorld): SpecFailure[] {
  const kind: Kind = expected.eventType ?? 'command';
  const actual = recorder.seen.filter(({ type }) => (eventTypes[kind] as readonly string[]).includes(type));
  const where = `${kind} events of ${expected.client}`;
  const summary = () => actual.map(nameOf).join(', ') || 'none';
  const excused: SpecFailure[] = [];
  for (const [index, event] of expected.events.entries()) {
    const observed = actual[index];
    if (!observed)
      throw new SpecFailure(
        `${where}: expected ${expected.events.length}, saw ${actual.length} (${summary()})`,
      );
    const at = (error: SpecFailure) =>
      new SpecFailure(`${where}, number ${index + 1} of (${summary()}): ${error.message}`, error.side);
    try {
      excused.push(...matchEvent(event, observed, world).map(at));
    } catch (error) {
      throw error instanceof SpecFailure ? at(error) : error;
    }
  }
  if (expected.ignoreExtraEvents !== true && actual.length > expected.events.length)
    throw new SpecFailure(
      `${where}: expected ${expected.events.length}, saw ${actual.length} (${summary()})`,
    );
  return excused;
}

const nameOf = ({ type, event }: Observed) =>
  event['commandName'] === undefined
    ? type.replace('Event', '')
    : `${event['commandName']} ${type.replace('command', '').replace('Event', '').toLowerCase()}`;

/** Holds one observed event against an expected one, `{type: assertions}`; returns what is the driver's own fault. */
function matchEvent(expected: ExpectedEvent, { type, event }: Observed, world: MatchWorld): SpecFailure[] {
  const excused: SpecFailure[] = [];
  const [wantedType] = Object.keys(expected);
  if (wantedType !== type)
    throw new SpecFailure(`should be a ${wantedType}, is a ${nameOf({ type, event })}`);
  for (const [key, value] of Object.entries(expected[type] as Record<string, unknown>)) {
    if (value === undefined) continue;
    switch (key) {
      case 'command':
        excused.push(...matchCommand(value as Record<string, unknown>, event, world));
        break;
      case 'reply':
        match(value, event[key], { world, root: true, path: `${event['commandName']} ${key}` });
        break;
      case 'hasServiceId':
        assertSet(key, value, event['serviceId'] !== undefined && event['serviceId'] !== null);
        break;
      case 'hasServerConnectionId': {
        const id = event['serverConnectionId'];
        assertSet(key, value, typeof id === 'bigint' && id > 0n);
        break;
      }
      case 'previousDescription':
      case 'newDescription':
        match(value, event[key], { world, root: true, path: key });
        break;
      case 'commandName':
      case 'databaseName':
      case 'reason':
      case 'interruptInUseConnections':
      case 'awaited':
        match(value, event[key], { world, path: key });
        break;
      default:
        throw unknownTo(`the assertion ${key} of a ${type}`);
    }
  }
  return excused;
}

/** What the driver takes into its commands from the server's earlier replies. */
const fromReplies = [
  'readConcern',
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  'recoveryToken',
  'getMore',
  'cursors',
];

/**
 * A command of the expected name is the driver's own work, but for what it learnt from the server: a field amiss in it is
 * the driver's fault, and the others are looked at still.
 */
function matchCommand(
  expected: Record<string, unknown>,
  event: Record<string, unknown>,
  world: MatchWorld,
): SpecFailure[] {
  const name = String(event['commandName']);
  const excused: SpecFailure[] = [];
  for (const [field, value] of Object.entries(expected)) {
    try {
      match({ [field]: value }, event['command'], { world, root: true, path: `${name} command` });
    } catch (error) {
      const own = Object.hasOwn(expected, name) && !fromReplies.includes(field);
      if (!(error instanceof SpecFailure) || !own) throw error;
      excused.push(new SpecFailure(error.message, 'client'));
    }
  }
  return excused;
}

function assertSet(key: string, expected: unknown, actual: boolean): void {
  if (expected !== actual) throw new SpecFailure(`${key} should be ${expected}, is ${actual}`);
}
