import { CommandError, type Doc, isDoc, numberOf } from '../bson/values.ts';
import { checkControl } from '../session/control.ts';
import type { CommandFailure, FailMode, WriteFailure } from '../session/failPoints.ts';
import { int32 } from '../wire/raw.ts';
import type { Command, Context } from './command.ts';
import { TAKES_WRITE_CONCERN } from './concerns.ts';
import { checkFields, flag, mustBeAdmin, optionalDoc, text, whole } from './fields.ts';

function modeOf(value: unknown): FailMode {
  if (value === 'off' || value === 'alwaysOn') return { kind: value };
  if (!isDoc(value))
    throw new CommandError(
      9,
      "mode must be 'off', 'alwaysOn', {times: n}, {skip: n} or {activationProbability: p}",
    );
  const [name, amount] = Object.entries(value)[0] ?? ['', undefined];
  const number = numberOf(amount);
  if (Object.keys(value).length !== 1 || number === undefined || number < 0)
    throw new CommandError(9, `mode ${JSON.stringify(value)} must hold one number that is not negative`);
  if (name === 'times') return number === 0 ? { kind: 'off' } : { kind: 'times', left: Math.floor(number) };
  if (name === 'skip') return { kind: 'skip', left: Math.floor(number) };
  if (name === 'activationProbability' && number <= 1) return { kind: 'random', probability: number };
  throw new CommandError(
    9,
    `mode {${name}: ${number}} is not one of times, skip, activationProbability (0 to 1)`,
  );
}

const COMMAND_DATA = new Set([
  'failCommands',
  'failAllCommands',
  'failInternalCommands',
  'errorCode',
  'errorLabels',
  'closeConnection',
  'writeConcernError',
  'blockConnection',
  'blockTimeMS',
  'appName',
  'namespace',
]);

function textsIn(data: Doc, name: string): string[] | undefined {
  const list = data[name];
  if (list === undefined) return undefined;
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string'))
    throw new CommandError(14, `data.${name} must be an array of strings`);
  return list;
}

function commandFailure(data: Doc): CommandFailure {
  checkFields('data', data, COMMAND_DATA);
  const commands = textsIn(data, 'failCommands');
  const all = flag(data, 'failAllCommands');
  const blocks = flag(data, 'blockConnection');
  const blockMs = whole(data, 'blockTimeMS');
  if (blocks && blockMs === undefined)
    throw new CommandError(72, "'blockTimeMS' is needed where 'blockConnection' is true");
  return {
    commands: all ? undefined : new Set(commands?.map((name) => name.toLowerCase())),
    errorCode: whole(data, 'errorCode'),
    errorLabels: textsIn(data, 'errorLabels'),
    closeConnection: flag(data, 'closeConnection'),
    writeConcernError: optionalDoc(data, 'writeConcernError'),
    blockMs: blocks ? blockMs : undefined,
    appName: data['appName'] === undefined ? undefined : text(data, 'appName'),
    namespace: data['namespace'] === undefined ? undefined : text(data, 'namespace'),
  };
}

function writeFailure(data: Doc): WriteFailure {
  checkFields('data', data, new Set(['closeConnection', 'failBeforeCommitExceptionCode']));
  return {
    closeConnection: flag(data, 'closeConnection', true),
    errorCode: whole(data, 'failBeforeCommitExceptionCode'),
  };
}

/** Only where the engine was started with test commands; otherwise there is no such command, as in mongod. */
export const configureFailPoint: Command = {
  fields: ['mode', 'data'],
  run({ body, db, engine }) {
    mustBeAdmin(db, 'configureFailPoint');
    const name = text(body, 'configureFailPoint');
    const mode = modeOf(body['mode']);
    const data = optionalDoc(body, 'data') ?? {};
    const points = engine.failPoints!;
    if (name === 'failCommand')
      return { doc: { count: int32(points.setCommand(mode, commandFailure(data))) } };
    if (name === 'onPrimaryTransactionalWrite')
      return { doc: { count: int32(points.setWrite(mode, writeFailure(data))) } };
    throw new CommandError(
      266,
      `the embedded engine has no fail point '${name}'; it has failCommand and onPrimaryTransactionalWrite`,
    );
  },
};

/** The namespaces that a command works on, as a fail point may name them. */
function namespacesOf({ body, db }: Context, name: string): string[] {
  if (name === 'bulkWrite' && Array.isArray(body['nsInfo']))
    return body['nsInfo'].map((one) => (isDoc(one) ? String(one['ns']) : ''));
  const target = body[name === 'getMore' ? 'collection' : name];
  return [`${db}.${typeof target === 'string' ? target : '$cmd'}`];
}

/** Whether a fail point means this command. */
function means(failure: CommandFailure, context: Context, name: string): boolean {
  if (failure.commands && !failure.commands.has(name.toLowerCase())) return false;
  if (failure.appName !== undefined && failure.appName !== context.connection.appName) return false;
  return failure.namespace === undefined || namespacesOf(context, name).includes(failure.namespace);
}

/** An error that a fail point made; its own labels, if it has any, are the only ones. */
export class InjectedError extends CommandError {
  readonly only: string[] | undefined;

  constructor(code: number, name: string, only: string[] | undefined) {
    super(code, `Failing command '${name}' via 'failCommand' failpoint`);
    this.only = only;
  }
}

/** What a fail point does before a command: waits, closes the connection, throws. */
export async function failBefore(context: Context, name: string): Promise<void> {
  if (name === 'configureFailPoint') return;
  const failure = context.engine.failPoints?.meetCommand(
    (data) =>
      (data.errorCode !== undefined || data.closeConnection || data.blockMs !== undefined) &&
      means(data, context, name),
  );
  if (!failure) return;
  if (failure.blockMs) await blocked(context, failure.blockMs);
  if (failure.closeConnection) {
    context.connection.close();
    throw new InjectedError(50985, name, []);
  }
  if (failure.errorCode !== undefined) throw new InjectedError(failure.errorCode, name, failure.errorLabels);
}

/** Milliseconds between two looks at whether a command that is held up must end. */
const LOOK_MS = 20;

async function blocked({ control, connection }: Context, ms: number): Promise<void> {
  const until = Date.now() + ms;
  for (let left = ms; left > 0 && !connection.closed; left = until - Date.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_MS)));
    checkControl(control);
  }
}

/** The write concern error that a fail point adds to the answer of a command that has succeeded. */
export function failAfter(
  context: Context,
  name: string,
): { writeConcernError: Doc; errorLabels: string[] | undefined } | undefined {
  if (!TAKES_WRITE_CONCERN.has(name)) return undefined;
  const failure = context.engine.failPoints?.meetCommand(
    (data) => data.writeConcernError !== undefined && means(data, context, name),
  );
  return failure && { writeConcernError: failure.writeConcernError!, errorLabels: failure.errorLabels };
}

/** What a fail point does to a retryable write that has just been made and is not yet kept. */
export function failWrite({ engine, connection }: Context): void {
  const failure = engine.failPoints?.meetWrite();
  if (!failure) return;
  if (failure.closeConnection) connection.close();
  if (failure.errorCode !== undefined)
    throw new CommandError(
      failure.errorCode,
      'Failing write via failpoint; the write must not be reflected.',
    );
}
