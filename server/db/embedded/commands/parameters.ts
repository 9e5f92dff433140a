import { CommandError, type Doc, isDoc, numberOf } from '../bson/values.ts';
import type { Engine } from '../core.ts';
import { int32 } from '../wire/raw.ts';
import type { Command } from './command.ts';

interface Parameter {
  get(engine: Engine): unknown;
  /** Seconds from 1 on; absent where it cannot be set. */
  set?(engine: Engine, seconds: number): void;
}

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  transactionLifetimeLimitSeconds: {
    get: (engine) => int32(engine.transactionLifetime),
    set(engine, seconds) {
      engine.transactionLifetime = seconds;
    },
  },
  minSnapshotHistoryWindowInSeconds: {
    get: (engine) => int32(engine.snapshotWindow),
    set(engine, seconds) {
      engine.snapshotWindow = seconds;
    },
  },
  enableTestCommands: { get: (engine) => engine.failPoints !== undefined },
  featureCompatibilityVersion: { get: () => ({ version: '8.0' }) },
  authenticationMechanisms: { get: () => [] },
  requireApiVersion: { get: () => false },
  notablescan: { get: () => false },
};

const known = Object.keys(PARAMETERS).join(', ');
const noSuch = () => new CommandError(72, `no option found to get; the embedded engine has ${known}`);

export const getParameter: Command = {
  fields: Object.keys(PARAMETERS),
  run({ body, engine }) {
    const wanted = body['getParameter'];
    const all = wanted === '*' || (isDoc(wanted) && wanted['allParameters'] === true);
    const names = Object.keys(PARAMETERS).filter((name) => all || body[name] !== undefined);
    if (names.length === 0) throw noSuch();
    return { doc: Object.fromEntries(names.map((name) => [name, PARAMETERS[name]!.get(engine)])) };
  },
};

export const setParameter: Command = {
  fields: Object.keys(PARAMETERS),
  run({ body, engine }) {
    const names = Object.keys(PARAMETERS).filter((name) => body[name] !== undefined);
    const [name] = names;
    const parameter = name === undefined ? undefined : PARAMETERS[name];
    if (names.length !== 1 || !parameter)
      throw new CommandError(72, 'setParameter sets one parameter at a time');
    if (!parameter.set) throw new CommandError(20, `not allowed to change [${name}] at runtime`);
    const seconds = numberOf(body[name!]);
    if (seconds === undefined || seconds < 1) throw new CommandError(2, `${name} must be a number from 1 on`);
    const was = parameter.get(engine);
    parameter.set(engine, seconds);
    const doc: Doc = { was };
    return { doc };
  },
};
