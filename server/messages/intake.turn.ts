import type { InboundEvent } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { identityId } from '../customers/identity.ts';

const tails = new WeakMap<Context, Map<string, Promise<unknown>>>();

/**
 * Messages of one sender are taken in one after the other on this server: side by side they would write the same documents, conflict
 * and begin again. Between servers the database decides.
 */
export async function inTurn<T>(
  ctx: Context,
  events: readonly InboundEvent[],
  deed: () => Promise<T>,
): Promise<T> {
  const message = events.find((event) => event.type === 'message');
  if (!message) return deed();
  const sender = identityId(message.sender);
  const own = tails.get(ctx) ?? new Map<string, Promise<unknown>>();
  tails.set(ctx, own);
  const turn = (own.get(sender) ?? Promise.resolve()).then(deed);
  const tail = turn.catch(() => undefined);
  own.set(sender, tail);
  try {
    return await turn;
  } finally {
    if (own.get(sender) === tail) own.delete(sender);
  }
}
