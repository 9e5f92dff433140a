import type mongoose from 'mongoose';
import { isDriverError, matchError, serverAnswers, told } from '../expectError.ts';
import { SpecFailure, unknownTo } from '../failure.ts';
import { structured } from '../file.ts';
import { matchResult } from '../match.ts';
import { type Operation, operation as operationSchema } from '../schema.ts';
import { shown, typeOf } from '../values.ts';
import type { HandCursor, World } from '../world.ts';
import { type Deed, resolve, without } from './arguments.ts';
import { bucketDeeds } from './bucket.ts';
import { clientDeeds, savedAs } from './client.ts';
import { collectionDeeds } from './collection.ts';
import { databaseDeeds } from './database.ts';
import { special } from './runner.ts';
import { cursorDeeds, sessionDeeds, transactionOptions } from './session.ts';

export type Perform = (operation: Operation, world: World) => Promise<void>;

type Outcome = { result: unknown; documents: boolean } | { error: unknown };

/** Performs one operation of a test and holds its result or error against what it expects. Throws a SpecFailure. */
export async function perform(operation: Operation, world: World): Promise<void> {
  await performed(operation, world);
}

/** The same, giving the error that the operation expected, for what must see it too (withTransaction). */
async function performed(operation: Operation, world: World): Promise<unknown> {
  const { name, object } = operation;
  const given = operation.arguments ?? {};
  if (object === 'testRunner') {
    await special(name, given, { world, perform }).catch((error: unknown) => {
      throw error instanceof SpecFailure ? error : new SpecFailure(`${name}: ${told(error)}`);
    });
    return undefined;
  }
  const outcome = await attempt(operation, world);
  try {
    return judge(operation, outcome, world);
  } catch (error) {
    if (error instanceof SpecFailure) throw new SpecFailure(`${name}: ${error.message}`, error.side);
    throw error;
  }
}

async function attempt(operation: Operation, world: World): Promise<Outcome> {
  const { name, object } = operation;
  const given = operation.arguments ?? {};
  const run = prepared(name, object, { given, world });
  try {
    return await run();
  } catch (error) {
    // What the test or the runner finds amiss is no error of the operation.
    if (error instanceof SpecFailure) throw error;
    return { error };
  }
}

/** Finds the deed and resolves its arguments: what is unknown fails the test before anything is sent. */
function prepared(name: string, object: string, options: { given: Record<string, unknown>; world: World }) {
  const { given, world } = options;
  const kind = world.kindOf(object);
  if (kind === 'session' && name === 'withTransaction') return () => withTransaction(object, given, world);
  const ready = <T>(deeds: Record<string, Deed<T>>, target: T) => {
    const deed = Object.hasOwn(deeds, name) ? deeds[name] : undefined;
    if (!deed) throw unknownTo(`the operation ${name} of a ${kind}`);
    const args = resolve(name, given, { deed, world });
    return async () => ({ result: await deed.run(target, args, world), documents: deed.documents === true });
  };
  switch (kind) {
    case 'client':
      return ready(clientDeeds, world.get(kind, object).client);
    case 'database':
      return ready(databaseDeeds, world.get(kind, object));
    case 'collection':
      return ready(collectionDeeds, world.get(kind, object));
    case 'session':
      return ready(sessionDeeds, world.get(kind, object));
    case 'bucket':
      return ready(bucketDeeds, world.get(kind, object));
    case 'cursor':
      return ready(cursorDeeds, world.get(kind, object));
    default:
      throw unknownTo(`operations of a ${kind}`);
  }
}

/** Returns the error that was expected, if one was. */
function judge(operation: Operation, outcome: Outcome, world: World): unknown {
  const { name, expectError, saveResultAsEntity } = operation;
  if ('error' in outcome) {
    if (operation.ignoreResultAndError === true) return outcome.error;
    if (!expectError) {
      const side = isDriverError(outcome.error) ? 'client' : 'wrong';
      throw new SpecFailure(`no error expected, got ${told(outcome.error)}`, refusal(outcome.error) ?? side);
    }
    matchError(expectError, outcome.error, world);
    return outcome.error;
  }
  const { result, documents } = outcome;
  if (operation.ignoreResultAndError === true) return undefined;
  if (expectError)
    throw new SpecFailure(
      `an error expected (${shown(expectError)}), got ${shown(described(result))}`,
      // With a fail point set, it was the server's to break the connection.
      expectError.isClientError === true && world.failPoints.size === 0 ? 'client' : 'wrong',
    );
  if ('expectResult' in operation)
    matchResult(operation.expectResult, described(result), {
      world,
      root: true,
      rootElements: documents,
      path: 'result',
    });
  if (saveResultAsEntity !== undefined) save(name, saveResultAsEntity, { result, world });
  return undefined;
}

/** The server said that it does not do this (CommandNotSupported), or that it has no such members. */
export const refusal = (error: unknown) =>
  serverAnswers(error).some(
    ({ code, errmsg = '' }) =>
      code === 115 || (code === 100 && /not enough data-bearing nodes/i.test(errmsg)),
  )
    ? ('refused' as const)
    : undefined;

/** A result as a document; a null of the driver for "nothing found" is null, as the format expects it. */
const described = (result: unknown) =>
  typeof result === 'object' && result !== null && typeOf(result) === 'object' ? { ...result } : result;

function save(name: string, as: string, options: { result: unknown; world: World }): void {
  const { result, world } = options;
  if (savedAs[name] === 'cursor') world.add(as, 'cursor', result as HandCursor);
  else if (result === undefined) throw new SpecFailure(`${name} gave no result to save as ${as}`);
  else world.add(as, 'value', described(result));
}

/**
 * The callback's operations are judged each for itself; an error that one raises, expected or not, goes through
 * withTransaction, as an application's would.
 */
async function withTransaction(
  object: string,
  given: Record<string, unknown>,
  world: World,
): Promise<Outcome> {
  const { callback } = given;
  if (!Array.isArray(callback)) throw new SpecFailure('withTransaction needs the argument callback');
  const parsed = operationSchema.array().safeParse(structured(callback));
  if (!parsed.success)
    throw new SpecFailure(`withTransaction's callback: ${parsed.error.issues[0]?.message}`);
  const options = resolve('withTransaction', without(given, 'callback'), {
    deed: { takes: transactionOptions, run: async () => undefined },
    world,
  });
  world.transactions = true;
  let amiss: unknown;
  const session = world.get('session', object);
  try {
    await session.withTransaction(async () => {
      for (const operation of parsed.data) {
        let expected: unknown;
        try {
          expected = await performed(operation, world);
        } catch (error) {
          amiss ??= error;
          throw error;
        }
        if (expected !== undefined) throw expected;
      }
    }, options as mongoose.mongo.TransactionOptions);
  } catch (error) {
    if (amiss !== undefined) throw amiss;
    return { error };
  }
  if (amiss !== undefined) throw amiss;
  return { result: undefined, documents: false };
}
