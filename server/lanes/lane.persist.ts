import { Contended } from '../messages/commit.ts';
import { type HeldLane, remaining } from './lane.lease.ts';

const pauseMs = 50;

/**
 * Writes what became of a call, again while conflicts or a database that is away prevent it and the lease lasts: what is not
 * written by then, the next holder finds as `sending`. `write` must be one that can be done twice.
 */
export async function persist<T>(held: Pick<HeldLane, 'until'>, write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!passes(error) || remaining(held) <= pauseMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Too much contention, or the connection to the database. */
function passes(error: unknown): boolean {
  if (error instanceof Contended) return true;
  const { name } = error as { name?: unknown };
  return typeof name === 'string' && /^Mongo(Network|ServerSelection|PoolCleared|NotConnected)/.test(name);
}
