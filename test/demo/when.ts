import type { Context } from '../../server/context.ts';
import { until } from '../world.ts';

const patience = 10 * 60_000;

/** Until saved searches have looked at all that was said. */
export async function heard(ctx: Context): Promise<void> {
  await until(
    'what was said to be heard',
    async () =>
      !(await ctx.models.mentions.exists({ todo: 'listen' }).exec()) &&
      !(await ctx.models.messages.exists({ todo: 'listen' }).exec()) &&
      !(await ctx.models.savedSearches.exists({ run: { $ne: null } }).exec()),
    patience,
    200,
  );
}

/** Until everybody's score says what there is to say of them. */
export async function scored(ctx: Context): Promise<void> {
  await heard(ctx);
  await until(
    'the scores of those who spoke',
    async () =>
      !(await ctx.models.messages.exists({ todo: 'advocate' }).exec()) &&
      !(await ctx.models.mentions.exists({ todo: 'advocate' }).exec()) &&
      !(await ctx.models.advocatesDue.exists({}).exec()),
    patience,
    200,
  );
}

/** The same product on another day: what is done with it was done then. */
export function on(ctx: Context, at: Date): Context {
  return { ...ctx, now: () => at };
}
