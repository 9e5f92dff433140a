import type { Context } from '../../server/context.ts';
import { teachAway } from '../../server/listening/hit.teach.ts';
import { createSearch } from '../../server/listening/saved.service.ts';
import type { Viewer } from '../../shared/access.ts';
import type { SavedSearchCreate } from '../../shared/listening.ts';
import { launch, publicWords } from './public.words.ts';
import { heard } from './when.ts';

const searches: Pick<SavedSearchCreate, 'name' | 'kind' | 'terms' | 'exclude' | 'alert'>[] = [
  {
    name: 'نام ما',
    kind: 'brand',
    terms: ['مهتاب', 'mahtab'],
    exclude: ['شب مهتاب'],
    alert: true,
  },
  {
    name: launch.product.fa,
    kind: 'product',
    terms: ['K30', 'قهوه‌ساز مهتاب'],
    exclude: [],
    alert: true,
  },
  { name: '#مهتاب_K30', kind: 'hashtag', terms: ['#مهتاب_K30'], exclude: [], alert: false },
  {
    name: 'پرداخت و درگاه',
    kind: 'keyword',
    terms: ['پرداخت', 'درگاه', 'payment'],
    exclude: [],
    alert: true,
  },
  {
    name: 'چهارسوق‌کالا',
    kind: 'competitor',
    terms: ['چهارسوق‌کالا', 'charsogh kala'],
    exclude: [],
    alert: false,
  },
];

/** What the shop listens for. */
export async function furnishListening(ctx: Context, viewer: Viewer): Promise<void> {
  for (const search of searches)
    await createSearch(ctx, viewer, { ...search, excludeAuthors: [], channelIds: 'all' });
}

/** The moon is not the shop: some of what is said of it was taught away, once it is heard. */
export async function teachMoonlight(ctx: Context, viewer: Viewer): Promise<void> {
  await heard(ctx);
  const moon = await ctx.models.mentions
    .find({ text: { $in: publicWords('fa').moon.filter((text) => !text.includes('شب مهتاب')) } }, { _id: 1 })
    .sort({ at: 1 })
    .limit(4)
    .lean<{ _id: string }[]>()
    .exec();
  for (const { _id } of moon) await teachAway(ctx, viewer, { id: _id, searchId: null });
}
