import type { Doc } from '../bson/values.ts';

/** When a fail point acts, among the times it is met. */
export type FailMode =
  | { kind: 'off' }
  | { kind: 'alwaysOn' }
  | { kind: 'times'; left: number }
  | { kind: 'skip'; left: number }
  | { kind: 'random'; probability: number };

/** What `failCommand` does to a command that it meets. */
export interface CommandFailure {
  /** Names of commands in lower case; undefined for every command. */
  commands: ReadonlySet<string> | undefined;
  errorCode?: number | undefined;
  /** These alone become the labels of the answer. */
  errorLabels?: string[] | undefined;
  closeConnection: boolean;
  /** Goes into the answer of a command that has a write concern and succeeds. */
  writeConcernError?: Doc | undefined;
  blockMs?: number | undefined;
  appName?: string | undefined;
  namespace?: string | undefined;
}

/** What `onPrimaryTransactionalWrite` does to a retryable write. */
export interface WriteFailure {
  closeConnection: boolean;
  /** Ends the write with this code, so that nothing of it is kept. */
  errorCode?: number | undefined;
}

/** A fail point as it was set, and how often it has acted. */
export interface FailPoint<T> {
  mode: FailMode;
  data: T;
  acted: number;
}

const OFF: FailMode = { kind: 'off' };

/** Whether a fail point that is met acts this time. */
function acts(point: FailPoint<unknown>, random: () => number): boolean {
  const { mode } = point;
  switch (mode.kind) {
    case 'off':
      return false;
    case 'alwaysOn':
      return true;
    case 'times':
      if (--mode.left <= 0) point.mode = OFF;
      return true;
    case 'skip':
      return mode.left-- <= 0;
    case 'random':
      return random() < mode.probability;
  }
}

/** Faults that a test of a client puts into the engine, as mongod started with test commands lets it. */
export class FailPoints {
  private readonly random: () => number;
  private command: FailPoint<CommandFailure> | undefined;
  private write: FailPoint<WriteFailure> | undefined;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** Sets `failCommand`; the answer is how often the one before it has acted. */
  setCommand(mode: FailMode, data: CommandFailure): number {
    const before = this.command?.acted ?? 0;
    this.command = { mode, data, acted: before };
    return before;
  }

  setWrite(mode: FailMode, data: WriteFailure): number {
    const before = this.write?.acted ?? 0;
    this.write = { mode, data, acted: before };
    return before;
  }

  /** What happens to a command that `fits`, if it is its turn. */
  meetCommand(fits: (data: CommandFailure) => boolean): CommandFailure | undefined {
    const point = this.command;
    if (!point || point.mode.kind === 'off' || !fits(point.data) || !acts(point, this.random))
      return undefined;
    point.acted++;
    return point.data;
  }

  meetWrite(): WriteFailure | undefined {
    const point = this.write;
    if (!point || !acts(point, this.random)) return undefined;
    point.acted++;
    return point.data;
  }
}
