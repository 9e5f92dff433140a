import { rangesOf, readTerm, readWords } from '../../shared/text/term.ts';
import type { Context } from '../context.ts';
import type { Product } from './about.ts';

/** Names that are looked for in what people write: those that are bought most. */
const mostNames = 500;
/** Purchases that are looked at for them, the newest. */
const recordsRead = 5_000;
const freshMs = 10 * 60_000;

interface Sold {
  /** As the items of purchases call them, the most bought first. */
  bought: readonly string[];
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

/** Names of what is bought, the most bought first. */
export const boughtNames = async (ctx: Context): Promise<readonly string[]> => (await soldBy(ctx)).bought;

/** What a product is called now that was called otherwise when it was heard: a saved search may have named it since. */
export async function calledNow(ctx: Context): Promise<(name: string) => string> {
  const names = new Map((await productsOf(ctx)).flatMap(({ name, said }) => said.map((one) => [one, name])));
  return (name) => names.get(name) ?? name;
}

/** After a test emptied the database, products were imported, or a saved search was changed. */
export function forgetProducts(ctx: Pick<Context, 'models'>): void {
  kept.delete(ctx.models);
}

/**
 * A saved search for a product names it, whatever the words by which it is found. A bought title with one of these words in it is that
 * product as well; every other title is one of its own. Pure.
 */
export function productsFrom(of: {
  bought: readonly string[];
  searches: readonly { name: string; terms: readonly string[] }[];
}): Product[] {
  const searched = of.searches.map(({ name, terms }) => ({
    name,
    said: [...terms],
    terms: terms.map(readTerm).filter((term) => term !== null),
  }));
  const others: Product[] = [];
  for (const title of of.bought) {
    const words = readWords(title);
    const kin = searched.find(({ terms }) => terms.some((term) => rangesOf(words, term).length > 0));
    if (kin) kin.said.push(title);
    else others.push({ name: title, said: [title] });
  }
  return [...searched.map(({ name, said }) => ({ name, said })), ...others];
}

async function soldBy(ctx: Context): Promise<Sold> {
  const now = ctx.now().getTime();
  const known = kept.get(ctx.models) ?? {
    sold: { bought: [], products: [] },
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

async function readSold(ctx: Context): Promise<Sold> {
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
  const bought = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, mostNames)
    .map(([name]) => name);
  const searches = await ctx.models.savedSearches
    .find({ kind: 'product', archived: false }, { name: 1, terms: 1 })
    .sort({ createdAt: 1, _id: 1 })
    .lean<{ name: string; terms: string[] }[]>();
  return { bought, products: productsFrom({ bought, searches }) };
}
