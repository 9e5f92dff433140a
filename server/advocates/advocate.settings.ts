import { type AdvocateSettings, defaultWeights } from '../../shared/advocate.ts';
import type { Context } from '../context.ts';
import type { AdvocateSettingsDoc } from './advocate.model.ts';

export const usualSettings: AdvocateSettings = {
  weights: defaultWeights,
  influencerReach: 10_000,
  advocateScore: 25,
  dormantDays: 60,
  detractorReach: 5_000,
  supportTeamId: null,
  approveAbove: 1_000,
  // A million tomans.
  approveCostAbove: { amount: 10_000_000, currency: 'IRR' },
};

/** As somebody set them; else what is usual. */
export async function advocateSettings(ctx: Pick<Context, 'models'>): Promise<AdvocateSettings> {
  const kept = await ctx.models.advocateSettings.findById('settings').lean<AdvocateSettingsDoc>().exec();
  if (!kept) return usualSettings;
  const { _id, ...settings } = kept;
  return { ...usualSettings, ...settings };
}
