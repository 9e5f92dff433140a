import type { Context } from '../context.ts';

/** Names that are looked for in what people write: those that are bought most. */
const mostNames = 500;
/** Purchases that are looked at for them, the newest. */
const recordsRead = 5_000;
const freshMs = 10 * 60_000;

interface Kept {
  names: readonly string[];
  at: number;
  /** On its way: whoever asks meanwhile shares it. */
  coming: Promise<readonly string[]> | null;
}

const kept = new WeakMap<object, Kept>();

/**
 * Names of the organisation's products, from the items of its records, the most bought first. Asked of the database every ten minutes at
 * the most; nobody waits for it but the first.
 */
export async function productsOf(ctx: Context): Promise<readonly string[]> {
  const now = ctx.now().getTime();
  const known = kept.get(ctx.models) ?? { names: [], at: Number.NEGATIVE_INFINITY, coming: null };
  if (Math.abs(now - known.at) < freshMs) return known.names;
  if (!known.coming) {
    known.coming = readNames(ctx)
      .then((names) => {
        kept.set(ctx.models, { names, at: now, coming: null });
        return names;
      })
      .catch((error: unknown) => {
        ctx.log.warn({ err: error }, 'names of products not read');
        kept.set(ctx.models, { ...known, at: now, coming: null });
        return known.names;
      });
    kept.set(ctx.models, known);
  }
  return Number.isFinite(known.at) ? known.names : known.coming;
}

/** After a test emptied the database, or products were imported. */
export function forgetProducts(ctx: Pick<Context, 'models'>): void {
  kept.delete(ctx.models);
}

async function readNames(ctx: Context): Promise<readonly string[]> {
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
