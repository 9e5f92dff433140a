import type { Context } from '../context.ts';
import { dropLease, renewLease, takeLease } from './leases.ts';

/** Between two steps at least. */
const leastRestMs = 4;

/**
 * Background work in small steps with rests between them, on one server at a time: until a step says that nothing is left, the lease is
 * another's, or `signal` aborts.
 *
 * @param options.restShare a rest after each step, as a part of the time that it took: 2 leaves the machine two thirds of the time
 * @param options.step one small batch; false when nothing is left to do
 * @returns false when another server is at it
 */
export async function workInSteps(
  ctx: Context,
  options: {
    lease: string;
    signal: AbortSignal;
    restShare: number;
    step: () => Promise<boolean>;
  },
): Promise<boolean> {
  const held = await takeLease(ctx, options.lease);
  if (!held) return false;
  try {
    let renewed = performance.now();
    while (!options.signal.aborted) {
      if (performance.now() - renewed > ctx.leaseMs / 3) {
        if (!(await renewLease(ctx, held))) return false;
        renewed = performance.now();
      }
      const { value: more, ms } = await ctx.background.turn(options.step);
      if (!more) return true;
      await rest(ms * options.restShare, options.signal);
    }
    return true;
  } finally {
    await dropLease(ctx, held).catch((error: unknown) =>
      ctx.log.warn({ lease: held.name, err: error }, 'a lease was not let go; it ends by itself'),
    );
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(leastRestMs, ms));
  });
}
