import { CommandError, isDoc } from '../bson/values.ts';
import { SESSION_MINUTES, type Session } from '../session/sessions.ts';
import { int32 } from '../wire/raw.ts';
import type { Command, Context } from './command.ts';

export const startSession: Command = {
  fields: [],
  run({ engine }) {
    const { lsid } = engine.sessions.start();
    return { doc: { id: lsid, timeoutMinutes: int32(SESSION_MINUTES) } };
  },
};

function sessionsIn({ body, engine }: Context, name: string): Session[] {
  const list = body[name];
  if (!Array.isArray(list) || !list.every(isDoc))
    throw new CommandError(14, `BSON field '${name}' must be an array of objects`);
  return list.map((lsid) => engine.sessions.of(lsid));
}

function endThem({ engine }: Context, sessions: readonly Session[]): void {
  for (const session of sessions) {
    for (const cursor of engine.sessions.end(session)) engine.cursors.close(cursor);
    engine.snapshots.endOf(session);
  }
}

export const endSessions: Command = {
  fields: [],
  run(context) {
    endThem(context, sessionsIn(context, 'endSessions'));
    return { doc: {} };
  },
};

export const refreshSessions: Command = {
  fields: [],
  run(context) {
    sessionsIn(context, 'refreshSessions');
    return { doc: {} };
  },
};

/** Ends the sessions' transactions and cursors; all sessions where none is named. */
export const killSessions: Command = {
  fields: [],
  run(context) {
    const named = sessionsIn(context, 'killSessions');
    endThem(context, named.length > 0 ? named : context.engine.sessions.all());
    return { doc: {} };
  },
};

/** Every session's transactions and cursors end; those of named users are none, for the engine has no users. */
export const killAllSessions: Command = {
  fields: [],
  run(context) {
    const users = context.body['killAllSessions'];
    if (!Array.isArray(users) || !users.every(isDoc))
      throw new CommandError(14, "BSON field 'killAllSessions' must be an array of objects");
    if (users.length === 0) endThem(context, context.engine.sessions.all());
    return { doc: {} };
  },
};
