import type { Connection } from 'mongoose';
import type { Log } from '../../log.ts';

interface Lease {
  _id: string;
  owner: string;
  until: Date;
  fence: number;
}

/**
 * Waits for a lease, holds it while `work` runs, lets it go. By the driver alone, since it runs before anything else of the
 * server exists. `stillHeld` throws when the lease was lost.
 */
export async function heldLease<T>(
  options: { db: Connection; log: Log; nodeId: string; leaseMs: number },
  name: string,
  work: (stillHeld: () => void) => Promise<T>,
): Promise<T> {
  const leases = options.db.collection<Lease>('leases');
  const until = { $add: ['$$NOW', options.leaseMs] };
  await leases
    .insertOne({ _id: name, owner: '', until: new Date(0), fence: 0 })
    .catch((error: { code?: number }) => {
      if (error.code !== 11000) throw error;
    });

  let said = false;
  for (;;) {
    const taken = await leases.updateOne(
      { _id: name, $or: [{ owner: options.nodeId }, { $expr: { $lt: ['$until', '$$NOW'] } }] },
      [{ $set: { owner: options.nodeId, until, fence: { $add: ['$fence', 1] } } }],
    );
    if (taken.matchedCount) break;
    if (!said) options.log.info({ lease: name }, 'waiting for another process to finish or its lease to end');
    said = true;
    await new Promise((resolve) => setTimeout(resolve, Math.min(500, options.leaseMs / 10)));
  }

  let lost: Error | null = null;
  const renewal = setInterval(() => {
    leases
      .updateOne({ _id: name, owner: options.nodeId }, [{ $set: { until } }])
      .then((result) => {
        if (!result.matchedCount) lost = new Error(`The lease "${name}" went to another process.`);
      })
      .catch((error) => options.log.warn({ lease: name, error: String(error) }, 'lease not renewed'));
  }, options.leaseMs / 3);
  try {
    return await work(() => {
      if (lost) throw lost;
    });
  } finally {
    clearInterval(renewal);
    await leases.updateOne({ _id: name, owner: options.nodeId }, [
      { $set: { owner: '', until: new Date(0) } },
    ]);
  }
}
