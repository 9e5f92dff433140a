import { may, type Viewer } from '../../shared/access.ts';
import type { AdvocateSummary } from '../../shared/advocate.ts';
import type { AdvocateDoc, ReferralCodeDoc } from '../advocates/advocate.model.ts';
import { countedPurchases } from '../advocates/advocate.sources.ts';
import { visibleAdvocates } from '../advocates/advocate.visible.ts';
import { revenueOf } from '../advocates/referral.ts';
import type { Context } from '../context.ts';
import { survivorsOf } from '../customers/customer.survivor.ts';
import { visibleOf } from '../customers/customer.visible.ts';
import { anySearch, type HitHourDoc } from '../listening/hit.model.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { mayNot } from '../users/user.create.ts';
import { evidenceIn, type Period, periodBefore } from './period.ts';

/** The figures above the board, each beside the same length of time before. @throws AppError forbidden */
export async function advocateSummary(
  ctx: Context,
  viewer: Viewer,
  period: Period,
): Promise<AdvocateSummary> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see advocates');
  const [now, before] = await Promise.all([
    figuresOf(ctx, viewer, period),
    figuresOf(ctx, viewer, periodBefore(period)),
  ]);
  return {
    ...now,
    before: {
      active: before.active,
      reach: before.reach,
      mentions: before.mentions,
      purchases: before.referred.purchases,
    },
  };
}

async function figuresOf(
  ctx: Context,
  viewer: Viewer,
  period: Period,
): Promise<Omit<AdvocateSummary, 'before'>> {
  const [people, said, referred] = await Promise.all([
    activeIn(ctx, viewer, period),
    saidIn(ctx, viewer, period),
    referredIn(ctx, viewer, period),
  ]);
  return { ...people, ...said, referred };
}

/** Who spoke well of us or helped somebody in the time, and is of a kind of ours; their followers, each once. */
async function activeIn(
  ctx: Context,
  viewer: Viewer,
  period: Period,
): Promise<{ active: number; reach: number }> {
  const spoke = new Set<string>();
  for await (const one of evidenceIn(ctx, viewer, period))
    if (one.part !== 'criticism' && one.customerId !== null) spoke.add(one.customerId);
  const owners = await survivorsOf(ctx, spoke);
  const found = await ctx.models.advocates
    .find(
      {
        _id: { $in: [...new Set(owners.values())] },
        gone: false,
        kinds: { $in: ['advocate', 'influencer', 'helper'] },
        ...visibleAdvocates(viewer),
      },
      { reach: 1 },
    )
    .lean<Pick<AdvocateDoc, '_id' | 'reach'>[]>()
    .exec();
  return {
    active: found.length,
    reach: found.reduce((sum, { reach }) => sum + Math.max(0, reach), 0),
  };
}

/** What saved searches found that was said in public, from the counts of each hour. */
async function saidIn(
  ctx: Context,
  viewer: Viewer,
  { from, to }: Period,
): Promise<Pick<AdvocateSummary, 'mentions' | 'sentiment'>> {
  const hours = await ctx.models.hitHours
    .find({ searchId: anySearch, hour: { $gte: from, $lt: to } }, { by: 1 })
    .lean<Pick<HitHourDoc, 'by'>[]>()
    .exec();
  const sentiment = { positive: 0, neutral: 0, negative: 0 };
  for (const { by } of hours)
    for (const [channelId, bySource] of Object.entries(by)) {
      if (viewer.channelIds !== 'all' && !viewer.channelIds.includes(channelId)) continue;
      for (const source of ['mention', 'comment'] as const)
        for (const label of ['positive', 'neutral', 'negative'] as const)
          sentiment[label] += bySource[source]?.[label] ?? 0;
    }
  return { mentions: sentiment.positive + sentiment.neutral + sentiment.negative, sentiment };
}

/** Purchases of others in which a code of somebody's was named whom the viewer may see: as they are shown with that person. */
async function referredIn(
  ctx: Context,
  viewer: Viewer,
  { from, to }: Period,
): Promise<AdvocateSummary['referred']> {
  const records = await ctx.models.records
    .find(
      { ...countedPurchases, referralCode: { $gt: '' }, at: { $gte: from, $lt: to } },
      { customerId: 1, amount: 1, currency: 1, referralCode: 1 },
    )
    .lean<Pick<RecordDoc, 'customerId' | 'amount' | 'currency' | 'referralCode'>[]>()
    .exec();
  const codes = await ctx.models.referralCodes
    .find({ _id: { $in: [...new Set(records.map(({ referralCode }) => referralCode ?? ''))] } })
    .lean<ReferralCodeDoc[]>()
    .exec();
  const owners = await survivorsOf(ctx, [
    ...records.map(({ customerId }) => customerId),
    ...codes.map(({ customerId }) => customerId),
  ]);
  const holder = new Map(codes.map(({ _id, customerId }) => [_id, owners.get(customerId)]));
  const seen = await visibleOf(
    ctx,
    viewer,
    [...holder.values()].filter((id) => id !== undefined),
  );
  const counted = records.filter(({ referralCode, customerId }) => {
    const by = holder.get(referralCode ?? '');
    return by !== undefined && seen.has(by) && by !== owners.get(customerId);
  });
  return { purchases: counted.length, revenue: revenueOf(counted) };
}
