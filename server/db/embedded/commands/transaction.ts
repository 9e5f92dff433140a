import { CommandError } from '../bson/values.ts';
import { txnNumberOf } from '../session/sessions.ts';
import { noSuchTransaction } from '../store/transactions.ts';
import type { Command, Context } from './command.ts';

function sessionOf({ session, body }: Context, name: string) {
  if (!session || body['txnNumber'] === undefined || body['autocommit'] !== false)
    throw new CommandError(
      125,
      `${name} must be run within a transaction: lsid, txnNumber and autocommit: false`,
    );
  return { session, number: txnNumberOf(body['txnNumber']) };
}

export const commitTransaction: Command = {
  fields: ['recoveryToken'],
  async run(context) {
    const { session, number } = sessionOf(context, 'commitTransaction');
    closeCursors(context);
    await context.engine.sessions.commit(session, number);
    return { doc: {} };
  },
};

export const abortTransaction: Command = {
  fields: ['recoveryToken'],
  run(context) {
    const { session, number } = sessionOf(context, 'abortTransaction');
    const txn = context.engine.sessions.running(session, number);
    if (txn.committing) throw noSuchTransaction('it is being committed');
    closeCursors(context);
    context.engine.sessions.abort(session);
    return { doc: {} };
  },
};

function closeCursors({ session, engine }: Context): void {
  for (const id of [...(session?.cursors ?? [])]) engine.cursors.closeInside(id);
}
