import { CommandError, type Doc, numberOf } from '../bson/values.ts';
import type { StatementResult } from '../session/sessions.ts';
import type { Writer } from '../store/view.ts';
import type { Step } from '../update/writes.ts';
import { int32, type Reply } from '../wire/raw.ts';
import { type Context, runWrite } from './command.ts';
import { failWrite } from './failPoint.ts';
import { flag } from './fields.ts';

/** Errors that end the whole command; all others are one statement's. */
const FATAL = new Set([1, 50, 91, 112, 175, 237, 246, 251, 11601, 14031]);

/** Statements that one command may have. */
export const MOST_STATEMENTS = 100_000;

/** One statement of a batch and what it answers. */
export type Statement = (writer: Writer) => Step<StatementResult>;

interface Batch {
  context: Context;
  ordered: boolean;
  statements: Statement[];
  /** Statement numbers for retries; by default 0, 1, 2… */
  numbers: number[];
}

export interface BatchOutcome {
  results: (StatementResult | undefined)[];
  errors: { index: number; error: CommandError }[];
  retried: number[];
}

/** Runs statements one after the other; what each answers is kept in the same commit as what it wrote. */
export function* runBatch(
  writer: Writer,
  { context, ordered, statements, numbers }: Batch,
): Step<BatchOutcome> {
  const { session, retryable, engine } = context;
  const outcome: BatchOutcome = { results: [], errors: [], retried: [] };
  let fresh: [number, StatementResult][] = [];
  const keep = () => {
    if (session && retryable !== undefined && fresh.length > 0)
      engine.sessions.record(session, retryable, fresh);
    fresh = [];
  };
  for (const [index, statement] of statements.entries()) {
    const number = numbers[index] ?? index;
    const before =
      session && retryable !== undefined ? engine.sessions.recorded(session, retryable, number) : undefined;
    if (before) {
      outcome.results[index] = before;
      outcome.retried.push(number);
      continue;
    }
    try {
      const job = statement(writer);
      for (;;) {
        const step = job.next();
        if (step.done) {
          outcome.results[index] = step.value;
          fresh.push([number, step.value]);
          break;
        }
        keep();
        yield step.value;
      }
    } catch (error) {
      if (!(error instanceof CommandError) || FATAL.has(error.code)) throw error;
      outcome.errors.push({ index, error });
      if (ordered || context.txn) break;
    }
    if (retryable !== undefined) failWrite(context);
    if (writer.due()) {
      keep();
      yield undefined;
    }
  }
  keep();
  return outcome;
}

/** The statement numbers of a command, where it names them. */
function numbersOf({ body }: Context, statements: number): number[] {
  const ids = body['stmtIds'];
  if (Array.isArray(ids)) {
    if (body['stmtId'] !== undefined) throw new CommandError(72, 'May not specify both stmtId and stmtIds');
    if (ids.length !== statements)
      throw new CommandError(
        16,
        `Number of statement ids must match the number of batch entries. Got ${ids.length} statement ids but ${statements} operations.`,
      );
    return ids.map((id) => numberOf(id) ?? 0);
  }
  const first = numberOf(body['stmtId']);
  return first === undefined ? [] : Array.from({ length: statements }, (_, i) => first + i);
}

export function runStatements(context: Context, statements: Statement[]): Promise<BatchOutcome> {
  const ordered = flag(context.body, 'ordered', true);
  const batch = { context, ordered, statements, numbers: numbersOf(context, statements.length) };
  return runWrite(context, (writer) => runBatch(writer, batch));
}

export function checkLength(operations: number): void {
  if (operations > 0 && operations <= MOST_STATEMENTS) return;
  throw new CommandError(
    16,
    `Write batch sizes must be between 1 and ${MOST_STATEMENTS}. Got ${operations} operations.`,
  );
}

/** A statement's error as an element of `writeErrors`. */
const writeError = (index: number, { code, message, extra }: CommandError): Doc => ({
  index: int32(index),
  code: int32(code),
  errmsg: message,
  ...extra,
});

export const retriedIds = ({ retried }: BatchOutcome): Doc =>
  retried.length > 0 ? { retriedStmtIds: retried.map(int32) } : {};

/** The answer of insert, update and delete. */
export function batchReply(outcome: BatchOutcome, doc: Doc): Reply {
  const failed = outcome.errors.length > 0;
  return {
    doc: {
      ...doc,
      ...(failed && { writeErrors: outcome.errors.map(({ index, error }) => writeError(index, error)) }),
      ...retriedIds(outcome),
    },
    failed,
  };
}

export const sum = (outcome: BatchOutcome, name: string) =>
  outcome.results.reduce((total, result) => total + (numberOf(result?.[name]) ?? 0), 0);
