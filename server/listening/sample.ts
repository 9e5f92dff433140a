import type { Context } from '../context.ts';
import type { HitDoc } from './hit.model.ts';
import type { WordsOf } from './risen.ts';

const dayMs = 24 * 3_600_000;
const days = 28;
/** Of each day, so that no day outweighs the others. */
const ofEachDay = 40;

/** What was found in the 28 days before, as a sample: the newest of each day. */
export async function sampleBefore(
  ctx: Pick<Context, 'models'>,
  options: { searchIds: readonly string[]; before: Date; channelIds: 'all' | readonly string[] },
): Promise<WordsOf[]> {
  const { searchIds, before, channelIds } = options;
  const each = await Promise.all(
    Array.from({ length: days }, (_, day) =>
      ctx.models.hits
        .find(
          {
            searchId: searchIds.length === 1 ? searchIds[0] : { $in: [...searchIds] },
            counted: true,
            at: {
              $gte: new Date(before.getTime() - (day + 1) * dayMs),
              $lt: new Date(before.getTime() - day * dayMs),
            },
            ...(channelIds === 'all' ? {} : { channelId: { $in: [...channelIds] } }),
          },
          { words: 1, hashtags: 1 },
        )
        .sort({ at: -1 })
        .limit(ofEachDay)
        .lean<Pick<HitDoc, 'words' | 'hashtags'>[]>()
        .exec(),
    ),
  );
  return each.flat();
}
