import type { ClientSession } from 'mongoose';
import { type Given, limitDays } from '../../shared/reward.ts';
import { revenueOf } from '../advocates/referral.ts';
import type { Context } from '../context.ts';
import type { RewardDoc } from './reward.model.ts';

const dayMs = 86_400_000;

/**
 * What somebody gave a customer in the last thirty days that nobody else approved. What was taken back does not count, unless a code of it
 * had been told: that they have.
 */
export async function givenBy(
  ctx: Pick<Context, 'models' | 'now'>,
  of: { userId: string; members: readonly string[]; session?: ClientSession },
): Promise<Given> {
  const lines = await ctx.models.rewards
    .find(
      {
        customerId: { $in: [...of.members] },
        at: { $gt: new Date(ctx.now().getTime() - limitDays * dayMs) },
        byUserId: of.userId,
        undoes: null,
        decidedByUserId: null,
        state: { $in: ['given', 'undone'] },
      },
      { points: 1, cost: 1, coupon: 1, state: 1, 'sending.state': 1 },
      of.session ? { session: of.session } : {},
    )
    .lean<Pick<RewardDoc, 'points' | 'cost' | 'coupon' | 'state' | 'sending'>[]>()
    .exec();
  const counted = lines.filter(
    ({ state, coupon, sending }) => state === 'given' || (coupon && wasTold(sending)),
  );
  return {
    points: counted.reduce((sum, { points }) => sum + points, 0),
    costs: revenueOf(counted.flatMap(({ cost }) => (cost ? [cost] : []))),
  };
}

const wasTold = ({ state }: Pick<RewardDoc['sending'], 'state'>) => state === 'sent' || state === 'sending';
