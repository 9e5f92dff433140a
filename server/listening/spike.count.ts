import type { Context } from '../context.ts';
import type { HitDoc, HitHourDoc } from './hit.model.ts';
import { hourId } from './hit.settle.ts';
import { hourMs } from './hour.ts';
import { fewestWeeks, hoursBack, type Usual, usualOf, weeksBack } from './spike.rule.ts';

const weekMs = 7 * 24 * hourMs;

/** What a search found in sixty minutes. */
export interface Counted {
  count: number;
  /** By channel. */
  of: Record<string, number>;
  /** By channel. */
  negative: Record<string, number>;
}

/** Reads what was found in the sixty minutes from each of these moments, in their order. */
export type CountFrom = (
  ctx: Pick<Context, 'models'>,
  searchId: string,
  from: readonly Date[],
) => Promise<Counted[]>;

/** Of hours, by their counts. */
export const countHours: CountFrom = async (ctx, searchId, from) => {
  const docs = await ctx.models.hitHours
    .find({ _id: { $in: from.map((hour) => hourId(searchId, hour)) } }, { hour: 1, n: 1, of: 1, by: 1 })
    .lean<HitHourDoc[]>();
  const found = new Map(docs.map((doc) => [doc.hour.getTime(), doc]));
  return from.map((hour) => countedHour(found.get(hour.getTime())));
};

function countedHour(doc: HitHourDoc | undefined): Counted {
  const negative = Object.entries(doc?.by ?? {}).map(([channelId, sources]): [string, number] => [
    channelId,
    Object.values(sources).reduce((sum, labels) => sum + (labels.negative ?? 0), 0),
  ]);
  return { count: doc?.n ?? 0, of: doc?.of ?? {}, negative: Object.fromEntries(negative) };
}

/** From any moment, by the hits themselves. */
export const countHits: CountFrom = (ctx, searchId, from) =>
  Promise.all(
    from.map(async (at) => {
      const groups = await ctx.models.hits.aggregate<{
        _id: Pick<HitDoc, 'channelId' | 'label'>;
        n: number;
      }>([
        {
          $match: { searchId, counted: true, at: { $gte: at, $lt: new Date(at.getTime() + hourMs) } },
        },
        { $group: { _id: { channelId: '$channelId', label: '$label' }, n: { $sum: 1 } } },
      ]);
      const counted: Counted = { count: 0, of: {}, negative: {} };
      for (const { _id, n } of groups) {
        counted.count += n;
        counted.of[_id.channelId] = (counted.of[_id.channelId] ?? 0) + n;
        if (_id.label === 'negative') counted.negative[_id.channelId] = n;
      }
      return counted;
    }),
  );

/** What these sixty minutes are used to: of the weeks since the search first found anything. */
export async function usualBefore(
  ctx: Pick<Context, 'models'>,
  searchId: string,
  of: { from: Date; count: CountFrom },
): Promise<{ all: Usual; negative: Usual }> {
  const first = await ctx.models.hits
    .findOne({ searchId, at: { $gt: new Date(0) } }, { hour: 1 })
    .sort({ at: 1 })
    .lean<Pick<HitDoc, 'hour'>>();
  const since = first?.hour ?? of.from;
  const back = (ms: number, most: number) =>
    Array.from({ length: most }, (_, n) => new Date(of.from.getTime() - (n + 1) * ms)).filter(
      (at) => at >= since,
    );
  const weeks = await of.count(ctx, searchId, back(weekMs, weeksBack));
  const hours = weeks.length < fewestWeeks ? await of.count(ctx, searchId, back(hourMs, hoursBack)) : [];
  const usual = (what: (one: Counted) => number) =>
    usualOf({ weeks: weeks.map(what), hours: hours.map(what) });
  return { all: usual(({ count }) => count), negative: usual(({ negative }) => sumOf(negative)) };
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}
