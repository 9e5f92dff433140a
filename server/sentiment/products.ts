import type { Context } from '../context.ts';
import { isIn, readText, termOf } from '../listening/matcher.ts';
import type { SavedSearchDoc } from '../listening/saved.model.ts';
import type { Product } from './named.ts';

/** Names that are looked for in what people write: those that are bought most. */
const mostNames = 500;
/** Purchases that are looked at for them, the newest. */
const recordsRead = 5_000;
const freshMs = 10 * 60_000;

interface Sold {
  /** What each was called, and is called still → what it is called now. */
  called: ReadonlyMap<string, string>;
  searches: readonly ProductSearch[];
  /** All that is looked for in what people write. */
  products: readonly Product[];
}

interface Kept {
  sold: Sold;
  at: number;
  /** On its way: whoever asks meanwhile shares it. */
  coming: Promise<Sold> | null;
}

const kept = new WeakMap<object, Kept>();

/**
 * What the organisation sells, from the items of its records and from its saved searches for products. Asked of the database every ten
 * minutes at the most; nobody waits for it but the first.
 */
export const productsOf = async (ctx: Context): Promise<readonly Product[]> => (await soldBy(ctx)).products;

/** Saved searches for products, the oldest first. */
export const productSearches = async (ctx: Context): Promise<readonly ProductSearch[]> =>
  (await soldBy(ctx)).searches;

/** What a product is called now that was called otherwise when it was heard: a saved search may have named it since, or anew. */
export async function calledNow(ctx: Context): Promise<(name: string) => string> {
  const { called } = await soldBy(ctx);
  return (name) => called.get(name) ?? name;
}

/** After a test emptied the database, products were imported, or a saved search was changed. */
export function forgetProducts(ctx: Pick<Context, 'models'>): void {
  kept.delete(ctx.models);
}

export interface ProductSearch {
  id: string;
  name: string;
  /** What it was called before. */
  formerNames: readonly string[];
  terms: readonly string[];
  exclude: readonly string[];
}

/**
 * A saved search for a product names it, whatever the words by which it is found. A bought title that it finds is that product as well;
 * every other title is one of its own. Pure.
 */
export function productsFrom(of: {
  bought: readonly string[];
  searches: readonly Pick<ProductSearch, 'name' | 'terms' | 'exclude'>[];
}): Product[] {
  const searched = of.searches.map(({ name, terms, exclude }) => ({
    product: { name, titles: [] as string[], search: { terms, exclude } },
    terms: terms.flatMap((term) => termOf(term, false)),
    without: exclude.flatMap((term) => termOf(term, false)),
  }));
  const others: Product[] = [];
  for (const title of of.bought) {
    const text = readText(title);
    const kin = searched.find(
      ({ terms, without }) =>
        terms.some((term) => isIn(text, term)) && !without.some((term) => isIn(text, term)),
    );
    if (kin) kin.product.titles.push(title);
    else others.push({ name: title, titles: [title], search: null });
  }
  return [...searched.map(({ product }) => product), ...others];
}

async function soldBy(ctx: Context): Promise<Sold> {
  const now = ctx.now().getTime();
  const known = kept.get(ctx.models) ?? {
    sold: { called: new Map(), searches: [], products: [] },
    at: Number.NEGATIVE_INFINITY,
    coming: null,
  };
  if (Math.abs(now - known.at) < freshMs) return known.sold;
  if (!known.coming) {
    // What was forgotten meanwhile is read anew by whoever asks next.
    const keep = (sold: Sold) => {
      if (kept.get(ctx.models) === known) kept.set(ctx.models, { sold, at: now, coming: null });
      return sold;
    };
    known.coming = readSold(ctx)
      .then(keep)
      .catch((error: unknown) => {
        ctx.log.warn({ err: error }, 'names of products not read');
        return keep(known.sold);
      });
    kept.set(ctx.models, known);
  }
  return Number.isFinite(known.at) ? known.sold : known.coming;
}

/** What is bought, as the items of purchases call it, the most bought first: as it is now. */
export async function boughtNames(ctx: Pick<Context, 'models'>): Promise<string[]> {
  const records = await ctx.models.records
    .find({ kind: 'purchase' }, { items: 1 })
    .sort({ at: -1 })
    .limit(recordsRead)
    .lean<{ items: { name: string }[] }[]>();
  const counts = new Map<string, number>();
  for (const { items } of records)
    for (const { name } of items) {
      const tidy = name.trim();
      if (tidy && tidy.length <= 100) counts.set(tidy, (counts.get(tidy) ?? 0) + 1);
    }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, mostNames)
    .map(([name]) => name);
}

async function readSold(ctx: Context): Promise<Sold> {
  const bought = await boughtNames(ctx);
  const saved = await ctx.models.savedSearches
    .find({ kind: 'product', archived: false }, { name: 1, formerNames: 1, terms: 1, exclude: 1 })
    .sort({ createdAt: 1, _id: 1 })
    .lean<Pick<SavedSearchDoc, '_id' | 'name' | 'formerNames' | 'terms' | 'exclude'>[]>();
  const searches = saved.map(
    ({ _id: id, name, formerNames = [], terms, exclude }): ProductSearch => ({
      id,
      name,
      formerNames,
      terms,
      exclude,
    }),
  );
  const products = productsFrom({ bought, searches });
  const called = new Map([
    ...searches.flatMap(({ name, formerNames }) => formerNames.map((one) => [one, name] as const)),
    ...products.flatMap(({ name, titles }) => [name, ...titles].map((one) => [one, name] as const)),
  ]);
  return { called, searches, products };
}
