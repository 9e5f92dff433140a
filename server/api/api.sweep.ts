import type { Context } from '../context.ts';

/** Longer than any program tries the same request again. */
const keepMs = 48 * 3_600_000;

/** What requests made is remembered for two days. */
export async function sweepApiAnswers(ctx: Context): Promise<void> {
  const old = { at: { $lte: new Date(ctx.now().getTime() - keepMs) } };
  if (await ctx.models.apiAnswers.exists(old).exec()) await ctx.models.apiAnswers.deleteMany(old).exec();
}
