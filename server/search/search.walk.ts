import type { Context } from '../context.ts';
import { candidates, type Place } from './search.candidates.ts';
import { cursorOf } from './search.cursor.ts';
import type { Plan } from './search.plan.ts';

/** Candidates looked at in one request, however few of them are finds: the rest is for the next. */
const mostLooked = 400;
/** At once: more each time, where few candidates are finds. */
const mostAtOnce = 160;

/**
 * Looks at candidates, newest first, until there are enough finds.
 * @param options.look for candidates, in their order: the find, or null where it is none
 * @returns `next`: where to go on; null when there is nothing more
 */
export async function walk<Found>(
  ctx: Pick<Context, 'models'>,
  options: {
    plan: Plan;
    after: Place | null;
    limit: number;
    look(places: readonly Place[]): Promise<(Found | null)[]>;
  },
): Promise<{ found: Found[]; next: string | null }> {
  const { plan, after, limit, look } = options;
  const found: Found[] = [];
  let looked = 0;
  let round = 0;
  let last: Place | null = null;
  for await (const piece of candidates(ctx, { plan, after, most: mostLooked })) {
    for (let at = 0; at < piece.length; ) {
      if (found.length >= limit) return { found, next: last && cursorOf(last) };
      // A little more than is wanted: most candidates are finds.
      const wanted = Math.max(10, Math.ceil((limit - found.length) * 1.25)) * 2 ** round;
      const some = piece.slice(at, at + Math.min(mostAtOnce, wanted));
      round += 1;
      const results = await look(some);
      for (const [index, place] of some.entries()) {
        if (found.length >= limit) return { found, next: last && cursorOf(last) };
        const result = results[index] ?? null;
        if (result !== null) found.push(result);
        last = place;
      }
      at += some.length;
      looked += some.length;
    }
  }
  return { found, next: looked >= mostLooked && last ? cursorOf(last) : null };
}
