import type { Context } from '../context.ts';
import { commit, type Tx } from '../messages/commit.ts';

const tails = new WeakMap<Context['models'], Promise<unknown>>();

/**
 * One commit of the ledger. On this server they come one after the other: side by side they would want the same code and the same balance,
 * conflict and begin again. Between servers the database decides.
 */
export function commitLedger<T>(ctx: Context, deed: (tx: Tx) => Promise<T>): Promise<T> {
  const turn = (tails.get(ctx.models) ?? Promise.resolve()).then(() => commit(ctx, deed));
  tails.set(
    ctx.models,
    turn.catch(() => undefined),
  );
  return turn;
}
