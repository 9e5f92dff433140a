import type { CustomerDoc } from '../customers/customer.model.ts';
import type { Tx } from '../messages/commit.ts';
import type { BalanceDoc } from './reward.model.ts';

/**
 * Adds points to a customer's balance, with the line of the ledger that says so in the same commit. Two at once write the same document:
 * one of them runs again and sees the other's.
 * @returns the points of the customer and of all who were merged into them, after it
 */
export async function addPoints(tx: Tx, customer: CustomerDoc, points: number): Promise<number> {
  const { session, models } = tx;
  // Also for no points: the line says a balance, and must be of one moment with the others.
  await models.rewardBalances.updateOne(
    { _id: customer._id },
    { $inc: { points } },
    { session, upsert: true },
  );
  const balances = await models.rewardBalances
    .find({ _id: { $in: customer.members } }, null, { session })
    .lean<BalanceDoc[]>();
  return balances.reduce((sum, one) => sum + one.points, 0);
}
