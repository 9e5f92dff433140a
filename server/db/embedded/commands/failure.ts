import type { CommandError, Doc } from '../bson/values.ts';
import { TRANSIENT } from '../store/transactions.ts';
import { int32 } from '../wire/raw.ts';
import { InjectedError } from './failPoint.ts';

/** Codes after which a driver may send the same once more (MongoDB's category RetriableError). */
const RETRIABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** Codes after which a driver may begin the transaction anew, whatever command they come from. */
const TRANSIENT_CODES = new Set([24, 112, 239, 246, 267]);
const NO_SUCH_TRANSACTION = 251;
const ALWAYS_KEPT = new Set(['UnknownTransactionCommitResult']);

interface Failed {
  name: string;
  body: Doc;
  /** Of the error, if the command failed. */
  code?: number | undefined;
  /** Of the write concern error beside its answer, if there is one. */
  concernCode?: number | undefined;
}

/** The labels that mongod gives to an error of this code in this place. */
export function labelsOf({ name, body, code, concernCode }: Failed): string[] {
  const labels: string[] = [];
  const ending = name === 'commitTransaction' || name === 'abortTransaction';
  const inTransaction = body['autocommit'] === false;
  if (inTransaction && code !== undefined) {
    const lost = code === NO_SUCH_TRANSACTION && concernCode === undefined;
    if (TRANSIENT_CODES.has(code) || lost || (!ending && RETRIABLE.has(code))) labels.push(TRANSIENT);
  }
  const retryable = body['txnNumber'] !== undefined && (!inTransaction || ending);
  const again = (one: number | undefined) => one !== undefined && RETRIABLE.has(one);
  if (retryable && (again(code) || again(concernCode))) labels.push('RetryableWriteError');
  return labels;
}

/** The answer of a command that failed. */
export function errorReply(error: CommandError, body: Doc, name: string): Doc {
  const labels =
    error instanceof InjectedError && error.only
      ? error.only
      : [
          ...error.labels.filter((label) => ALWAYS_KEPT.has(label)),
          ...labelsOf({ name, body, code: error.code }),
        ];
  return {
    ok: 0,
    errmsg: error.message,
    code: int32(error.code),
    codeName: error.codeName,
    ...(labels.length > 0 && { errorLabels: labels }),
    ...error.extra,
  };
}
