import type { Context } from '../context.ts';

/** A named lease in the hands of this process. */
export interface HeldLease {
  readonly name: string;
  /** Higher than every earlier holder's: what is written under a lease carries it. */
  readonly fence: number;
}

const until = (ms: number) => ({ $add: ['$$NOW', ms] });

/**
 * One try, by the database's clock.
 * @returns null while another process holds it
 */
export async function takeLease(ctx: Context, name: string): Promise<HeldLease | null> {
  const leases = ctx.models.leases.collection;
  const taken = await leases.findOneAndUpdate(
    { _id: name as never, $expr: { $lte: ['$until', '$$NOW'] } },
    [{ $set: { owner: ctx.nodeId, until: until(ctx.leaseMs), fence: { $add: ['$fence', 1] } } }],
    { returnDocument: 'after' },
  );
  if (taken) return { name, fence: Number(taken.fence) };
  if (await ctx.models.leases.exists({ _id: name })) return null;
  // An upsert may not ask for `$expr`: the document first, then once more.
  try {
    await leases.insertOne({ _id: name as never, owner: '', until: new Date(0), fence: 0 });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 11000) throw error;
  }
  return takeLease(ctx, name);
}

/** @returns false when another process has it now */
export async function renewLease(ctx: Context, held: HeldLease): Promise<boolean> {
  const result = await ctx.models.leases.collection.updateOne(mine(ctx, held), [
    { $set: { until: until(ctx.leaseMs) } },
  ]);
  return result.matchedCount === 1;
}

/** The fence stays behind: the next holder's is higher. */
export async function dropLease(ctx: Context, held: HeldLease): Promise<void> {
  await ctx.models.leases.collection.updateOne(mine(ctx, held), {
    $set: { owner: '', until: new Date(0) },
  });
}

const mine = (ctx: Context, held: HeldLease) => ({
  _id: held.name as never,
  owner: ctx.nodeId,
  fence: held.fence,
});

/**
 * What must run once, in all servers together. Waits until nobody else holds the lease, renews it while `work` runs, and lets it go
 * after. `work`'s signal aborts when `signal` does and when the lease is lost: then it must end soon, since another begins.
 *
 * @returns what `work` returned; null when `signal` aborted before it began
 */
export async function withLease<T>(
  ctx: Context,
  name: string,
  options: { signal: AbortSignal; work: (signal: AbortSignal, held: HeldLease) => Promise<T> },
): Promise<T | null> {
  const { signal, work } = options;
  const held = await waitForLease(ctx, name, signal);
  if (!held) return null;
  const lost = new AbortController();
  let renewing: Promise<void> = Promise.resolve();
  let renewed = performance.now();
  const renew = async () => {
    const asked = performance.now();
    try {
      if (await renewLease(ctx, held)) {
        renewed = asked;
        return;
      }
      ctx.log.warn({ lease: name }, 'another server took this lease');
      lost.abort();
    } catch (error) {
      ctx.log.warn({ lease: name, err: error }, 'a lease was not renewed');
      // Without the database's word it is lost when its time is over.
      if (performance.now() - renewed >= ctx.leaseMs) lost.abort();
    }
  };
  const timer = setInterval(() => {
    renewing = renewing.then(renew);
  }, ctx.leaseMs / 3);
  try {
    return await work(AbortSignal.any([signal, lost.signal]), held);
  } finally {
    clearInterval(timer);
    await renewing;
    await dropLease(ctx, held).catch((error) =>
      ctx.log.warn({ lease: name, err: error }, 'a lease was not let go; it ends by itself'),
    );
  }
}

async function waitForLease(ctx: Context, name: string, signal: AbortSignal): Promise<HeldLease | null> {
  for (let said = false; !signal.aborted; ) {
    const held = await takeLease(ctx, name);
    if (held) {
      if (said) ctx.log.info({ lease: name }, 'the lease is free: going on');
      return held;
    }
    if (!said) {
      const other = await ctx.models.leases.findById(name, { owner: 1, until: 1 }, { lean: true }).exec();
      ctx.log.info(
        { lease: name, owner: other?.owner, until: other?.until },
        'another server holds this lease; if it has died, this one goes on when the lease ends',
      );
    }
    said = true;
    await passing(ctx.leaseMs / 10, signal);
  }
  return null;
}

/** Resolves after `ms`, or as soon as `signal` aborts. */
function passing(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
