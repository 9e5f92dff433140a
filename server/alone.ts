import type { Connection } from 'mongoose';
import { AppError } from '../shared/errors.ts';
import type { Log } from './log.ts';

interface ServerLease {
  _id: string;
  owner: string;
  until: Date;
  fence: number;
}

const name = 'server';
/** The owner that all servers are which hear one another over Redis. */
const together = 'together';

export interface Place {
  leave(): Promise<void>;
}

/**
 * Takes the place of the one server on this data; over Redis, a place among many. A dead predecessor's lease is waited out; one that is
 * renewed meanwhile belongs to a living server.
 *
 * @param options.onLost this process stood still for so long that another took its place: it must end
 * @throws AppError secondServer
 */
export async function takePlace(options: {
  db: Connection;
  log: Log;
  nodeId: string;
  leaseMs: number;
  redis: boolean;
  onLost: (error: Error) => void;
}): Promise<Place> {
  const { db, log, leaseMs } = options;
  const leases = db.collection<ServerLease>('leases');
  const owner = options.redis ? together : options.nodeId;
  const until = { $add: ['$$NOW', leaseMs] };
  const take = async () => {
    const { matchedCount } = await leases.updateOne(
      { _id: name, $or: [{ owner }, { $expr: { $lte: ['$until', '$$NOW'] } }] },
      [{ $set: { owner, until, fence: { $add: ['$fence', 1] } } }],
    );
    return matchedCount > 0;
  };
  await leases.insertOne({ _id: name, owner: '', until: new Date(0), fence: 0 }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 11000) throw error;
  });

  let seen = await leases.findOne({ _id: name });
  for (let said = false; !(await take()); said = true) {
    const now = await leases.findOne({ _id: name });
    if (now && now.owner === seen?.owner && now.until > seen.until) throw secondServer(now.owner);
    // Of two that start at once the other may just have been faster: from now on that one is watched.
    if (now?.owner !== seen?.owner) seen = now;
    if (!said)
      log.warn(
        { seconds: Math.ceil(leaseMs / 1000) },
        'Another server holds this data. If it has died, its time ends by itself: waiting for that.',
      );
    await pause(Math.min(250, leaseMs / 10));
  }

  let lost = false;
  const timer = setInterval(() => {
    leases
      .updateOne({ _id: name, owner }, [{ $set: { until } }])
      .then(({ matchedCount }) => {
        if (matchedCount || lost) return;
        lost = true;
        clearInterval(timer);
        options.onLost(new Error('This server stood still, and another one took its place.'));
      })
      .catch((error) => log.warn({ err: error }, 'the server could not renew its place'));
  }, leaseMs / 3);
  timer.unref();
  return {
    async leave() {
      clearInterval(timer);
      // Of many, the others go on.
      if (options.redis || lost) return;
      await leases.updateOne({ _id: name, owner }, [{ $set: { owner: '', until: new Date(0) } }]);
    },
  };
}

function secondServer(owner: string): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'secondServer',
    message:
      owner === together
        ? 'Other servers use this data and hear one another over Redis. Set the same REDIS_URL for this one.'
        : 'Another server uses this data. Stop it first; or set REDIS_URL for both, so that they hear one another.',
  });
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
