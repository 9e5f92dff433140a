import type { Context } from '../context.ts';
import type { HitDoc } from '../listening/hit.model.ts';
import { messageIdOf } from '../listening/listen.source.ts';
import { calledNow, productSearches } from '../sentiment/products.ts';
import type { Abouts } from './aspects.report.ts';
import type { Heard, Period } from './period.ts';

/**
 * What each word is about, by the names that products have now: as it was heard, and by what saved searches for products found in it
 * since, where the word itself names that product not.
 */
export async function productsToday(
  ctx: Context,
  period: Period,
  abouts: Abouts,
): Promise<(one: Pick<Heard, 'sourceId' | 'products'>) => string[]> {
  const [called, found] = await Promise.all([calledNow(ctx), foundIn(ctx, period)]);
  return ({ sourceId, products }) => {
    const named = new Set((abouts.get(sourceId) ?? []).map(({ product }) => product));
    const since = (found.get(sourceId) ?? []).filter((name) => !named.has(name));
    return [...new Set([...products.map(called), ...since])];
  };
}

/** A message or mention → names of the searches for products that found it. */
async function foundIn(ctx: Context, { from, to }: Period): Promise<ReadonlyMap<string, string[]>> {
  const names = new Map((await productSearches(ctx)).map(({ id, name }) => [id, name]));
  const found = new Map<string, string[]>();
  if (!names.size) return found;
  const hits = await ctx.models.hits
    .find(
      {
        searchId: { $in: [...names.keys()] },
        at: { $gte: from, $lt: to },
        matched: true,
        state: { $ne: 'notUs' },
      },
      { searchId: 1, sourceId: 1 },
    )
    .lean<Pick<HitDoc, 'searchId' | 'sourceId'>[]>()
    .exec();
  for (const { searchId, sourceId } of hits) {
    const id = messageIdOf(sourceId) ?? sourceId;
    found.set(id, [...(found.get(id) ?? []), names.get(searchId) ?? '']);
  }
  return found;
}
