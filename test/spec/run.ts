import type mongoose from 'mongoose';
import { matchEvents } from './events.ts';
import { told } from './expectError.ts';
import { type Side, SpecFailure } from './failure.ts';
import { matchOutcome } from './match.ts';
import { perform, refusal } from './operations/perform.ts';
import { type Deployment, unmet } from './requirements.ts';
import type { CollectionData, Test, TestFile } from './schema.ts';
import { isDocument } from './values.ts';
import { within } from './within.ts';
import { World } from './world.ts';

export type Verdict =
  | { verdict: 'pass' }
  | { verdict: 'skip'; reason: string }
  | { verdict: 'fail'; side: Side; reason: string };

/** A server under test. */
export interface Target {
  uri: string;
  internal: mongoose.mongo.MongoClient;
  deployment: Deployment;
}

/** No test of the suites takes longer; one that does hangs. */
const limitMS = 60_000;

/** Runs one test of a file against a server. Only unmet requirements skip it. */
export async function runTest(file: TestFile, test: Test, target: Target): Promise<Verdict> {
  const reason =
    (await unmet(file.runOnRequirements, target.deployment)) ??
    (await unmet(test.runOnRequirements, target.deployment));
  if (reason !== undefined) return { verdict: 'skip', reason };
  const world = new World(target);
  let verdict: Verdict = { verdict: 'pass' };
  try {
    await within(execute(file, test, world), { ms: limitMS, late: `not done after ${limitMS / 1000} s` });
  } catch (error) {
    verdict = failure(error, { test, world });
  }
  try {
    await cleanUp(world, verdict.verdict === 'fail');
  } catch (error) {
    if (verdict.verdict === 'pass') verdict = failure(error, { test, world });
  }
  return verdict;
}

async function execute(file: TestFile, test: Test, world: World): Promise<void> {
  for (const data of file.initialData ?? []) await fill(data, world);
  await world.create(file.createEntities ?? []);
  for (const operation of test.operations) await perform(operation, world);
  for (const thread of world.all('thread')) await thread.done;
  for (const { recorder } of world.all('client')) recorder.stop();
  if (test.expectLogMessages) throw new SpecFailure('the runner does not know expectLogMessages');
  await disarm(world);
  const excused = (test.expectEvents ?? []).flatMap((expected) =>
    matchEvents(expected, world.get('client', expected.client).recorder, world),
  );
  for (const data of test.outcome ?? []) await checkOutcome(data, world);
  if (excused[0]) throw excused[0];
}

async function fill(data: CollectionData, world: World): Promise<void> {
  const db = world.internal.db(data.databaseName);
  const writeConcern = { w: 'majority' as const };
  await db.dropCollection(data.collectionName, { writeConcern });
  if (data.createOptions || data.documents.length === 0)
    await db.createCollection(data.collectionName, { ...data.createOptions, writeConcern });
  if (data.documents.length > 0)
    await db.command({ insert: data.collectionName, documents: data.documents, writeConcern });
}

async function checkOutcome(data: CollectionData, world: World): Promise<void> {
  const documents = await world.internal
    .db(data.databaseName)
    .collection(data.collectionName)
    .find(
      {},
      { sort: { _id: 1 }, readConcern: { level: 'local' }, promoteValues: false, promoteBuffers: false },
    )
    .toArray();
  matchOutcome(data.documents, documents, `${data.databaseName}.${data.collectionName}`);
}

async function disarm(world: World): Promise<void> {
  for (const name of world.failPoints)
    await world.internal.db('admin').command({ configureFailPoint: name, mode: 'off' });
  world.failPoints.clear();
}

async function cleanUp(world: World, failed: boolean): Promise<void> {
  try {
    await disarm(world);
    if (world.transactions && failed) await killSessions(world.internal);
  } finally {
    await world.close();
  }
}

/** Ends every open transaction of the server; one that knows no such command, or forbids it, is left alone. */
export async function killSessions(internal: mongoose.mongo.MongoClient): Promise<void> {
  await internal
    .db('admin')
    .command({ killAllSessions: [] })
    .catch((error: { code?: number }) => {
      if (![11601, 13, 59].includes(error.code ?? 0)) throw error;
    });
}

function failure(error: unknown, { test, world }: { test: Test; world: World }): Verdict {
  const side = error instanceof SpecFailure ? error.side : 'wrong';
  const reason = error instanceof SpecFailure ? error.message : told(error);
  if (side !== 'wrong') return { verdict: 'fail', side, reason };
  if (insertsNullId(test.operations) && !sentNullId(world))
    return {
      verdict: 'fail',
      side: 'client',
      reason: `the driver makes an _id of its own where null is given (${reason})`,
    };
  const toSecondary = world
    .all('client')
    .some(({ client }) => client.options.readPreference.mode === 'secondary');
  if (toSecondary && reason.includes('Server selection timed out'))
    return { verdict: 'fail', side: 'refused', reason: `this deployment has no secondary (${reason})` };
  if (refusal(error)) return { verdict: 'fail', side: 'refused', reason };
  for (const { recorder } of world.all('client'))
    for (const { commandName, failure: answer } of recorder.failures)
      if (refusal(answer)) {
        return { verdict: 'fail', side: 'refused', reason: `${reason} [${commandName}: ${told(answer)}]` };
      }
  return { verdict: 'fail', side, reason };
}

/** Whether a test inserts a document with the `_id` null. */
function insertsNullId(value: unknown, key = ''): boolean {
  if (Array.isArray(value)) return value.some((element) => insertsNullId(element, key));
  if (!isDocument(value)) return false;
  if ((key === 'document' || key === 'documents') && value['_id'] === null) return true;
  return Object.entries(value).some(([name, inner]) => insertsNullId(inner, name));
}

const sentNullId = (world: World) =>
  world.all('client').some(({ recorder }) =>
    recorder.started.some(({ command }) => {
      const ops = (command['ops'] ?? []) as Record<string, unknown>[];
      return insertsNullId(command['documents'], 'documents') || insertsNullId(ops);
    }),
  );
