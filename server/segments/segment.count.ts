import type { Viewer } from '../../shared/access.ts';
import type { SegmentCount } from '../../shared/segment.ts';
import type { Context } from '../context.ts';
import { visibleFacts } from '../customers/customer.visible.ts';
import type { FactsQuery } from './segment.query.ts';

/** An exact count may take so long; then a sample stands for all. */
const exactMs = 100;
/** Parts of 10,000 that are looked at for an estimate: the second when the first takes too long as well. */
const samples = [300, 20];
const sampleMs = 250;
/** Fewer than these in a sample say nothing of all: they are counted, which may then take so long. */
const fewest = 5;
const patientMs = 2_000;
const whole = 10_000;
/** `MaxTimeMSExpired`, https://www.mongodb.com/docs/manual/reference/error-codes/ */
const outOfTime = 50;

/** How many of those the viewer may see a query holds for. */
export async function countFacts(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  query: FactsQuery,
): Promise<SegmentCount> {
  const seen = both(query, visibleFacts(viewer));
  const exact = await countWithin(ctx, seen, exactMs);
  if (exact !== null) return { count: exact, about: false };
  for (const part of samples) {
    const found = await countWithin(ctx, both(seen, { sample: { $lt: part } }), sampleMs);
    if (found === null) continue;
    const counted = found < fewest ? await countWithin(ctx, seen, patientMs) : null;
    if (counted !== null) return { count: counted, about: false };
    return { count: rounded((found * whole) / part), about: true };
  }
  // The machine is busy with other things: without haste, then.
  const found = await ctx.models.facts
    .countDocuments(both(seen, { sample: { $lt: samples.at(-1) ?? 1 } }))
    .exec();
  return { count: rounded((found * whole) / (samples.at(-1) ?? 1)), about: true };
}

/** @returns null when it takes longer */
async function countWithin(
  ctx: Pick<Context, 'models'>,
  query: FactsQuery,
  maxTimeMS: number,
): Promise<number | null> {
  try {
    return await ctx.models.facts.countDocuments(query, { maxTimeMS }).exec();
  } catch (error) {
    if ((error as { code?: unknown }).code === outOfTime) return null;
    throw error;
  }
}

/** Two digits say all that an estimate knows. */
function rounded(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.round(count / step) * step;
}

/** Both hold, whatever fields they speak of. */
export function both(...queries: FactsQuery[]): FactsQuery {
  const some = queries.filter((query) => Object.keys(query).length);
  const [only] = some;
  return some.length > 1 ? ({ $and: some } as FactsQuery) : (only ?? {});
}
