import type { SpikeRise } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import type { HitDoc, SpikeDoc } from './hit.model.ts';
import { hourId } from './hit.settle.ts';
import { hourMs, hourOf } from './hour.ts';
import { type CountFrom, countHits, countHours, sumOf, usualBefore } from './spike.count.ts';
import { covers, fewest, riseOf } from './spike.rule.ts';

const minuteMs = 60_000;

/** Sixty minutes that are held against their usual: an hour, or what lies across two. */
export interface Stretch {
  /** Of the alert that it is, or would be. */
  _id: string;
  from: Date;
  count: CountFrom;
}

export const hourStretch = (searchId: string, hour: Date): Stretch => ({
  _id: hourId(searchId, hour),
  from: hour,
  count: countHours,
});

/** One for each hour that a burst may reach into, so that two servers which see it begin make the same alert. */
const acrossId = (searchId: string, later: Date) => key(searchId, later.toISOString(), 'across');

const liesAcross = ({ _id, searchId, hour }: Pick<SpikeDoc, '_id' | 'searchId' | 'hour'>) =>
  _id !== hourId(searchId, hour);

/** Alerts across two hours in which something was counted, as stretches to look at anew. */
export async function knownAcross(
  ctx: Pick<Context, 'models'>,
  searchId: string,
  hours: readonly Date[],
): Promise<Stretch[]> {
  const times = hours.map((hour) => hour.getTime());
  const found = await ctx.models.spikes
    .find(
      {
        searchId,
        hour: { $gt: new Date(Math.min(...times) - hourMs), $lt: new Date(Math.max(...times) + hourMs) },
      },
      { searchId: 1, hour: 1 },
    )
    .lean<Pick<SpikeDoc, '_id' | 'searchId' | 'hour'>[]>()
    .exec();
  return found.filter(liesAcross).map(({ _id, hour }) => ({ _id, from: hour, count: countHits }));
}

/**
 * What was found since the first hit of the last sixty minutes, where that lies across the full hour and is far above what either of the
 * two hours is used to: worth holding against its own usual.
 * @param hour any hour of this search, which tells when its hours begin
 */
export async function newAcross(
  ctx: Pick<Context, 'models' | 'now'>,
  searchId: string,
  hour: Date,
): Promise<Stretch | null> {
  const now = ctx.now().getTime();
  const later = hourOf(ctx.now(), hour.getTime() % hourMs);
  const earlier = new Date(later.getTime() - hourMs);
  const _id = acrossId(searchId, later);
  const [first, known] = await Promise.all([
    ctx.models.hits
      .findOne({ searchId, counted: true, at: { $gt: new Date(now - hourMs), $lt: later } }, { at: 1 })
      .sort({ at: 1 })
      .lean<Pick<HitDoc, 'at'>>(),
    ctx.models.spikes.findById(_id, { _id: 1 }).lean().exec(),
  ]);
  if (!first || known) return null;
  const from = new Date(Math.floor(first.at.getTime() / minuteMs) * minuteMs);
  if (from <= earlier) return null;
  const [counted] = await countHits(ctx, searchId, [from]);
  const counts = { all: counted?.count ?? 0, negative: sumOf(counted?.negative ?? {}) };
  if (counts.all < fewest) return null;
  for (const one of [earlier, later])
    if (riseOf(counts, await usualBefore(ctx, searchId, { from: one, count: countHours })))
      return { _id, from, count: countHits };
  return null;
}

/** Alerts beside or across these sixty minutes by which this rise was told already. */
export async function toldAround(
  ctx: Pick<Context, 'models'>,
  searchId: string,
  of: { stretch: Stretch; rise: SpikeRise },
): Promise<SpikeDoc[]> {
  const { _id, from } = of.stretch;
  const before = new Date(from.getTime() - hourMs);
  const around = await ctx.models.spikes
    .find({
      searchId,
      _id: { $ne: _id },
      hour: { $gt: new Date(before.getTime() - hourMs), $lt: new Date(from.getTime() + hourMs) },
    })
    .lean<SpikeDoc[]>()
    .exec();
  return around.filter((one) => {
    const told = one.hour >= before ? (one.rise ?? 'all') : one.into;
    return told !== undefined && covers(told, of.rise);
  });
}

/** The alert across two hours that these sixty minutes, the later of the two, go on with. */
export function goesOnWith(stretch: Stretch, told: readonly SpikeDoc[]): SpikeDoc | undefined {
  if (stretch.count !== countHours) return undefined;
  return told.find(({ hour, endedAt, ...one }) => {
    const end = hour.getTime() + hourMs;
    const calmed = endedAt !== null && endedAt.getTime() < end;
    return liesAcross({ hour, ...one }) && !calmed && hour < stretch.from && end > stretch.from.getTime();
  });
}
