import { AppError } from '../../shared/errors.ts';
import type { Tx } from '../messages/commit.ts';
import type { CouponCodeDoc, CouponListDoc, RewardDoc } from './reward.model.ts';

/** A list from which a code may be given now. @throws AppError notFound; 409 noCodes */
export async function usableList(tx: Tx, listId: string): Promise<CouponListDoc> {
  const list = await tx.models.couponLists
    .findById(listId, null, { session: tx.session })
    .lean<CouponListDoc>();
  if (!list) throw new AppError({ code: 'notFound', message: 'There is no such list of coupons.' });
  if (list.archived) throw noCodes(`The list “${list.name}” is archived.`);
  if (list.expiresAt && list.expiresAt <= tx.ctx.now())
    throw noCodes(`The codes of “${list.name}” have expired.`);
  return list;
}

/**
 * Takes the first free code of a list for a reward. Whoever takes the same one at the same moment conflicts on its document, runs
 * again and takes the next.
 * @throws AppError 409 noCodes
 */
export async function takeCode(
  tx: Tx,
  options: { listId: string; rewardId: string },
): Promise<NonNullable<RewardDoc['coupon']>> {
  const { listId, rewardId } = options;
  const list = await usableList(tx, listId);
  const code = await tx.models.couponCodes
    .findOneAndUpdate(
      { listId, rewardId: '' },
      { $set: { rewardId } },
      { session: tx.session, sort: { place: 1 }, returnDocument: 'after' },
    )
    .lean<CouponCodeDoc>();
  if (!code) throw noCodes(`No code is left in “${list.name}”.`);
  return { listId, listName: list.name, code: code.code };
}

/** It was never shown to anybody outside: another may have it. */
export async function giveBack(tx: Tx, rewardId: string, coupon: { listId: string }): Promise<void> {
  await tx.models.couponCodes.updateOne(
    { listId: coupon.listId, rewardId },
    { $set: { rewardId: '' } },
    { session: tx.session },
  );
}

export function noCodes(message: string): AppError {
  return new AppError({ code: 'conflict', reason: 'noCodes', message });
}
