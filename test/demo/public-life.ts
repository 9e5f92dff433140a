import type { Context } from '../../server/context.ts';
import { forgetProducts } from '../../server/sentiment/products.ts';
import type { Viewer } from '../../shared/access.ts';
import type { Known } from './care.ts';
import { seeded } from './compose.ts';
import { preorders } from './launch.ts';
import { furnishListening } from './listening.ts';
import type { Voice } from './public.people.ts';
import { importPublic } from './public-year.ts';

/**
 * What was said in public before the doors open, and what the shop listens for.
 * @returns how much was said
 */
export async function furnishPublic(
  ctx: Context,
  of: { voices: readonly Voice[]; people: readonly Known[]; marketer: Viewer; now: Date; seed: number },
): Promise<number> {
  const { voices, people, marketer, now, seed } = of;
  await preorders(ctx, { people, now, random: seeded(seed) });
  // What is said from now on may be about goods that were bought.
  forgetProducts(ctx);
  await furnishListening(ctx, marketer);
  return importPublic(ctx, { now, voices, random: seeded(seed + 1) });
}
