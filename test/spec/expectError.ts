import mongoose from 'mongoose';
import { SpecFailure } from './failure.ts';
import { match, matchResult } from './match.ts';
import { bulkResult } from './operations/client.ts';
import type { ExpectedError } from './schema.ts';
import { isDocument, shown } from './values.ts';
import type { World } from './world.ts';

const {
  MongoBulkWriteError,
  MongoClientBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} = mongoose.mongo;

interface ServerSays {
  code?: number;
  codeName?: string;
  errmsg?: string;
}

/** An error in one sentence, with the server's code if it came from there. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return shown(error);
  const says = serverAnswers(error)
    .map(
      ({ code, codeName, errmsg }) =>
        `${code ?? 'no code'}${codeName ? ` ${codeName}` : ''}: ${errmsg ?? ''}`,
    )
    .join('; ');
  return `${error.name}: ${error.message}${says && !says.includes(error.message) ? ` (${says})` : ''}`;
}

/**
 * The driver's own refusal: an error that it raised by itself, with no server's answer and no broken connection behind it.
 */
export function isDriverError(error: unknown): boolean {
  if (error instanceof MongoServerError || error instanceof MongoNetworkError) return false;
  if (error instanceof MongoServerSelectionError || error instanceof MongoOperationTimeoutError) return false;
  return error instanceof MongoError || error instanceof TypeError;
}

/** All that the server said by an error: the answer itself, and a bulk write's single errors. */
export function serverAnswers(error: unknown): ServerSays[] {
  if (!(error instanceof MongoServerError)) return [];
  if (error instanceof MongoClientBulkWriteError)
    return error.cause instanceof MongoServerError ? serverAnswers(error.cause) : [];
  const answers: ServerSays[] = [];
  const { errorResponse } = error as { errorResponse?: ServerSays };
  answers.push({
    code: numeric(error.code),
    codeName: error.codeName ?? errorResponse?.codeName,
    errmsg: errorResponse?.errmsg ?? error.message,
  });
  if (error instanceof MongoBulkWriteError) {
    for (const write of [error.writeErrors].flat()) answers.push({ code: write.code, errmsg: write.errmsg });
    const concern = error.result?.getWriteConcernError?.();
    if (concern) answers.push({ code: concern.code, errmsg: concern.errmsg });
  }
  const concern = (error as { result?: { writeConcernError?: ServerSays } }).result?.writeConcernError;
  if (concern) answers.push(concern);
  return answers;
}

const numeric = (code: unknown) => (typeof code === 'number' ? code : undefined);

/** Holds an error against what an operation expects of it. Throws a SpecFailure for the first thing amiss. */
export function matchError(expected: ExpectedError, error: unknown, world: World): void {
  const answers = serverAnswers(error);
  const fromServer = error instanceof MongoServerError;
  const labels = labelsOf(error);
  const fail = (what: string) => new SpecFailure(`the error should ${what}; it is ${told(error)}`);
  // What the driver raised by itself says nothing of the server.
  const unlike = (what: string) =>
    new SpecFailure(
      `the error should ${what}; it is ${told(error)}`,
      isDriverError(error) ? 'client' : 'wrong',
    );
  if (expected.isClientError !== undefined && expected.isClientError === fromServer)
    throw unlike(expected.isClientError ? "be the client's own" : 'come from the server');
  if (
    expected.isTimeoutError !== undefined &&
    expected.isTimeoutError !== error instanceof MongoOperationTimeoutError
  )
    throw fail(expected.isTimeoutError ? 'be a timeout' : 'be no timeout');
  if (expected.errorContains !== undefined) {
    const wanted = expected.errorContains.toLowerCase();
    const texts = [messageOf(error), ...answers.map(({ errmsg }) => errmsg ?? '')];
    if (!texts.some((text) => text.toLowerCase().includes(wanted)))
      throw unlike(`contain "${expected.errorContains}"`);
  }
  if (expected.errorCode !== undefined && answers[0]?.code !== expected.errorCode)
    throw unlike(`have the code ${expected.errorCode}`);
  if (expected.errorCodeName !== undefined) {
    const wanted = expected.errorCodeName.toLowerCase();
    const named = answers.some(({ code, codeName }) => nameOf(code, codeName)?.toLowerCase() === wanted);
    if (!named) throw unlike(`have the code name ${expected.errorCodeName}`);
  }
  for (const label of expected.errorLabelsContain ?? [])
    if (!labels.includes(label)) throw unlike(`have the label ${label} (has ${labels.join(', ') || 'none'})`);
  for (const label of expected.errorLabelsOmit ?? [])
    if (labels.includes(label)) throw unlike(`not have the label ${label}`);
  if (expected.errorResponse !== undefined)
    match(expected.errorResponse, responseOf(error), { world, root: true, path: 'error response' });
  matchBulk(expected, error, world);
}

function matchBulk(expected: ExpectedError, error: unknown, world: World): void {
  const bulk = error instanceof MongoClientBulkWriteError ? error : undefined;
  if (expected.writeErrors !== undefined) {
    const actual = Object.fromEntries(bulk?.writeErrors ?? []) as Record<string, unknown>;
    const [wanted, got] = [Object.keys(expected.writeErrors), Object.keys(actual)];
    if (wanted.toSorted().join() !== got.toSorted().join())
      throw new SpecFailure(
        `write errors should be at ${wanted.join(', ')}, are at ${got.join(', ') || 'none'}`,
      );
    for (const [index, value] of Object.entries(expected.writeErrors))
      match(value, actual[index], { world, root: true, path: `write error ${index}` });
  }
  if (expected.writeConcernErrors !== undefined)
    match(expected.writeConcernErrors, bulk?.writeConcernErrors ?? [], {
      world,
      rootElements: true,
      path: 'write concern errors',
    });
  if ('expectResult' in expected) {
    const result = bulk
      ? bulkResult(bulk.partialResult)
      : error instanceof MongoBulkWriteError
        ? { ...error.result }
        : undefined;
    matchPartial(expected.expectResult, result, world);
  }
}

/** A client bulk write of which nothing was done has no partial result by the specification, one of zeros by the driver. */
function matchPartial(expected: unknown, result: unknown, world: World): void {
  const options = { world, root: true, path: 'partial result' };
  try {
    matchResult(expected, result, options);
  } catch (error) {
    const counts = Object.entries(isDocument(result) ? result : {}).filter(([key]) => key.endsWith('Count'));
    const nothing = counts.length > 0 && counts.every(([, count]) => count === 0);
    if (!(error instanceof SpecFailure) || !nothing || !error.message.endsWith('should not be there, is 0'))
      throw error;
    matchResult(expected, undefined, options);
    throw new SpecFailure(error.message, 'client');
  }
}

/** A client bulk write's error carries the labels of the command's error on its cause. */
const labelsOf = (error: unknown): string[] =>
  error instanceof MongoError
    ? [...error.errorLabels, ...(error instanceof MongoClientBulkWriteError ? labelsOf(error.cause) : [])]
    : [];

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The answer that an error was made of; of a bulk write, its first error. */
function responseOf(error: unknown): unknown {
  if (error instanceof MongoBulkWriteError) {
    const [first] = [error.writeErrors].flat();
    if (first) return { code: first.code, errmsg: first.errmsg, errInfo: first.errInfo };
  }
  if (error instanceof MongoClientBulkWriteError && error.cause instanceof MongoServerError)
    return responseOf(error.cause);
  if (!(error instanceof MongoServerError)) return undefined;
  const { errorResponse } = error as { errorResponse?: object };
  // The driver strips the labels from the answer and keeps them beside it.
  return { ...errorResponse, ...(error.errorLabels.length > 0 ? { errorLabels: error.errorLabels } : {}) };
}

/** A bulk write's single errors come without their names. */
const codeNames: Record<number, string> = {
  64: 'WriteConcernFailed',
  79: 'UnknownReplWriteConcern',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  121: 'DocumentValidationFailure',
  189: 'PrimarySteppedDown',
  251: 'NoSuchTransaction',
  11000: 'DuplicateKey',
};

const nameOf = (code: number | undefined, codeName: string | undefined) =>
  codeName ?? (code === undefined ? undefined : codeNames[code]);
