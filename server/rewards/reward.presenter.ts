import { may, type Viewer } from '../../shared/access.ts';
import type { Reward } from '../../shared/reward.ts';
import type { Context } from '../context.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import type { RewardDoc } from './reward.model.ts';

/** Lines as people see them: of whom they are today. */
export async function presentRewards(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  rewards: readonly RewardDoc[],
): Promise<Reward[]> {
  const ids = [...new Set(rewards.map(({ customerId }) => customerId))];
  const owners = new Map(
    await Promise.all(ids.map(async (id) => [id, await survivorOf(ctx.models.customers, id)] as const)),
  );
  return rewards.map((reward) => {
    const owner = owners.get(reward.customerId);
    return {
      id: reward._id,
      customerId: owner?._id ?? reward.customerId,
      customerName: owner?.name ?? '',
      kind: reward.kind,
      points: reward.points,
      cost: reward.cost && { ...reward.cost },
      // A code is worth what it is worth to whoever reads it.
      coupon: reward.coupon && {
        ...reward.coupon,
        code: may(viewer, 'reward.give') || may(viewer, 'reward.approve') ? reward.coupon.code : '',
      },
      messageId: reward.sending.state === 'sent' ? reward.messageId : null,
      reason: reward.reason,
      state: reward.state,
      at: reward.at.toISOString(),
      byUserId: reward.byUserId,
      decidedAt: reward.decidedAt?.toISOString() ?? null,
      decidedByUserId: reward.decidedByUserId,
      balance: reward.balance,
      undoes: reward.undoes,
      notSent: reward.sending.state === 'refused' ? (reward.sending.reason ?? 'other') : null,
    };
  });
}
