import type { BalanceDoc, CouponCodeDoc, RewardDoc } from '../rewards/reward.model.ts';
import type { Models } from './models.ts';

/** The ledger: balances are what their lines say, a code is taken by exactly the reward that has it, an undo is of something undone. */
export async function rewardsHold(models: Models): Promise<string[]> {
  const [rewards, balances, codes] = await Promise.all([
    models.rewards.find({}).lean<RewardDoc[]>(),
    models.rewardBalances.find({}).lean<BalanceDoc[]>(),
    models.couponCodes.find({}).lean<CouponCodeDoc[]>(),
  ]);
  const wrong: string[] = [];
  const counted = rewards.filter((line) => line.kind === 'points' && line.balance !== null);
  const said = new Map<string, number>();
  for (const { customerId, points } of counted) said.set(customerId, (said.get(customerId) ?? 0) + points);
  for (const id of new Set([...said.keys(), ...balances.map(({ _id }) => _id)])) {
    const kept = balances.find(({ _id }) => _id === id)?.points ?? 0;
    if (kept !== (said.get(id) ?? 0))
      wrong.push(`customer ${id} has ${kept} points, and their lines say ${said.get(id) ?? 0}`);
  }
  const byId = new Map(rewards.map((line) => [line._id, line]));
  for (const { code, rewardId } of codes) {
    if (rewardId && byId.get(rewardId)?.coupon?.code !== code)
      wrong.push(`code ${code} is taken by reward ${rewardId}, which does not have it`);
  }
  for (const { _id, coupon, state, undoes, sending } of rewards) {
    const holds = coupon && !undoes && (state === 'given' || sending.state === 'sent');
    if (holds && codes.find(({ code }) => code === coupon.code)?.rewardId !== _id)
      wrong.push(`reward ${_id} has code ${coupon.code}, which it did not take`);
    if (undoes && byId.get(undoes)?.state !== 'undone')
      wrong.push(`reward ${_id} takes back ${undoes}, which is not undone`);
  }
  return wrong;
}
