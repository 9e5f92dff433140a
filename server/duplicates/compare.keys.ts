import type { Context } from '../context.ts';
import type { Comparable } from './reasons.ts';

/** What more customers than this have in common says nothing: a switchboard, a name of thousands. */
export const mostHolders = 50;
/** A name with one letter left out must be rarer than that. */
const mostSlipped = 10;

/** Keys of one question, and documents that it may bring: few, so that nobody waits long for its end. */
const askedAtOnce = 6;
const mostRead = 150;
/** How long a key that was too common is taken for one still. */
const commonMs = 10 * 60_000;
const mostRemembered = 200_000;

/** Who has which key. */
export interface Holders {
  /** How many have it; null: too many. */
  count(key: string): number | null;
  /** Everybody with whom this customer has a key in common. */
  likes(facts: Comparable): Comparable[];
}

const mostOf = (key: string) => (key.startsWith('ns:') ? mostSlipped : mostHolders);

/** Keys found too common, by server, with the time until which they are taken for such. */
const commons = new WeakMap<object, Map<string, number>>();

/**
 * Everybody who shares a key with these customers, but for the keys known to be too common: some keys a question, and where that brings
 * too many, one by one.
 */
export async function holdersOf(
  ctx: Pick<Context, 'models' | 'db' | 'background'>,
  some: readonly Comparable[],
): Promise<Holders> {
  const common = commonOf(ctx.db);
  const keys = [...new Set(some.flatMap((facts) => facts.dupKeys))].filter((key) => !common.has(key));
  const found = new Map<string, Comparable>();
  const ask = async (asked: readonly string[], limit: number): Promise<boolean> => {
    await ctx.background.makeWay();
    const holders = await read(ctx, asked, limit);
    if (holders.length >= limit) return false;
    for (const facts of holders) found.set(facts._id, facts);
    return true;
  };
  for (let at = 0; at < keys.length; at += askedAtOnce) {
    const few = keys.slice(at, at + askedAtOnce);
    if (await ask(few, mostRead)) continue;
    for (const key of few) if (!(await ask([key], mostOf(key) + 1))) remember(common, key);
  }
  const asked = keys.filter((key) => !common.has(key));

  const byKey = new Map<string, Comparable[]>(asked.map((key) => [key, []]));
  for (const facts of found.values()) for (const key of facts.dupKeys) byKey.get(key)?.push(facts);
  for (const [key, holders] of byKey) {
    if (holders.length <= mostOf(key)) continue;
    remember(common, key);
    byKey.delete(key);
  }
  return {
    count: (key) => byKey.get(key)?.length ?? null,
    likes: (facts) => {
      const likes = new Map<string, Comparable>();
      for (const key of facts.dupKeys)
        for (const other of byKey.get(key) ?? []) if (other._id !== facts._id) likes.set(other._id, other);
      return [...likes.values()];
    },
  };
}

/** What of facts two customers are compared by. */
export const comparedFields = {
  dupKeys: 1,
  signs: 1,
  nameKeys: 1,
  'profile.city': 1,
  'profile.companyIds': 1,
  'activity.channelIds': 1,
} as const;

function read(ctx: Pick<Context, 'models'>, keys: readonly string[], limit: number): Promise<Comparable[]> {
  return ctx.models.facts
    .find({ dupKeys: { $in: [...keys] } }, comparedFields)
    .limit(limit)
    .lean<Comparable[]>()
    .exec();
}

function commonOf(server: object): Map<string, number> {
  const now = Date.now();
  const common = commons.get(server) ?? new Map<string, number>();
  commons.set(server, common);
  if (common.size > mostRemembered) common.clear();
  for (const [key, until] of common) {
    // In the order in which they were remembered.
    if (until > now) break;
    common.delete(key);
  }
  return common;
}

function remember(common: Map<string, number>, key: string): void {
  common.delete(key);
  common.set(key, Date.now() + commonMs);
}
