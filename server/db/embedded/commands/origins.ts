import { hostname } from 'node:os';
import { Binary } from 'bson';
import type { Docs } from '../aggregate/aggregate.ts';
import { CommandError, type Doc, isDoc, typeAlias, unsupported } from '../bson/values.ts';
import { int32 } from '../wire/raw.ts';
import type { Context } from './command.ts';

type Origin = (context: Context, spec: Doc) => Doc[];

const CURRENT_OP = [
  'allUsers',
  'idleConnections',
  'idleCursors',
  'idleSessions',
  'localOps',
  'backtrace',
  'targetAllNodes',
];

/** The command that asks is the only one that surely runs, and the only one told of. */
const currentOp: Origin = (context, spec) => {
  refuseStrangers('$currentOp', spec, CURRENT_OP);
  if (context.db !== 'admin')
    throw new CommandError(73, "$currentOp must be run against the 'admin' database with {aggregate: 1}");
  return [
    {
      type: 'op',
      host: hostname(),
      desc: 'conn',
      active: true,
      currentOpTime: context.now.toISOString(),
      op: 'command',
      ns: 'admin.$cmd.aggregate',
      command: context.body,
    },
  ];
};

const listLocalSessions: Origin = ({ engine }, spec) => {
  refuseStrangers('$listLocalSessions', spec, ['users', 'allUsers']);
  if (spec['users'] !== undefined) throw unsupported("$listLocalSessions' users");
  return engine.sessions.all().map((session) => ({
    _id: { id: new Binary(session.bytes, 4) },
    lastUse: new Date(session.lastUse),
  }));
};

const collStats: Origin = ({ body, catalog, db, now }, spec) => {
  refuseStrangers('$collStats', spec, ['count', 'latencyStats', 'storageStats', 'queryExecStats']);
  const refused = ['latencyStats', 'storageStats', 'queryExecStats'].find((name) =>
    Object.hasOwn(spec, name),
  );
  if (refused) throw unsupported(`$collStats' ${refused}`);
  const name = String(body['aggregate']);
  const collection = catalog.get(db, name);
  if (!collection && Object.hasOwn(spec, 'count'))
    throw new CommandError(
      26,
      `Unable to retrieve count in $collStats stage: Collection [${db}.${name}] not found.`,
    );
  const counted = Object.hasOwn(spec, 'count') && { count: int32(collection!.count) };
  return [{ ns: `${db}.${name}`, host: hostname(), localTime: now, ...counted }];
};

const ORIGINS: Record<string, { of: Origin; collection: boolean }> = {
  $currentOp: { of: currentOp, collection: false },
  $listLocalSessions: { of: listLocalSessions, collection: false },
  $collStats: { of: collStats, collection: true },
};

function refuseStrangers(name: string, spec: Doc, known: readonly string[]): void {
  const stranger = Object.keys(spec).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new CommandError(40415, `BSON field '${name}.${stranger}' is an unknown field.`);
}

/** What a first stage that reads no collection gives; undefined for every other stage. */
export function originOf(context: Context, name: string, spec: unknown): Docs | undefined {
  const origin = Object.hasOwn(ORIGINS, name) ? ORIGINS[name] : undefined;
  if (!origin) return undefined;
  if (!isDoc(spec))
    throw new CommandError(9, `${name} must take a nested object but found: ${typeAlias(spec)}`);
  const named = typeof context.body['aggregate'] === 'string';
  if (named !== origin.collection)
    throw new CommandError(
      73,
      named
        ? `${name} must be run with {aggregate: 1}`
        : `{aggregate: 1} is not valid for '${name}'; a collection is required.`,
    );
  if (context.txn)
    throw new CommandError(263, `Stage not supported inside of a multi-document transaction: ${name}`);
  return origin.of(context, spec);
}
