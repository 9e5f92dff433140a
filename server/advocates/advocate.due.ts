import type { Context } from '../context.ts';
import type { Tx } from '../messages/commit.ts';
import type { ReferralCodeDoc } from './advocate.model.ts';

/** Something that scores are derived from changes in this commit, of survivors or of those merged into them. */
export async function advocatesDue(tx: Tx, customerIds: readonly string[]): Promise<void> {
  const ids = [...new Set(customerIds)].sort();
  if (!ids.length) return;
  await tx.models.advocatesDue.bulkWrite(dueOf(ids, tx.ctx.now()), { session: tx.session });
  tx.emit('advocates.due', {});
}

/** The same for what was written already, outside a transaction. */
export async function advocatesDueNow(
  ctx: Pick<Context, 'models' | 'bus' | 'now'>,
  customerIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(customerIds)].sort();
  if (!ids.length) return;
  await ctx.models.advocatesDue.bulkWrite(dueOf(ids, ctx.now()), { ordered: false });
  ctx.bus.emit('advocates.due', {});
}

/** Purchases that name these codes come or go in this commit: whose codes they are is due. */
export async function referrersDue(tx: Tx, codes: readonly (string | undefined)[]): Promise<void> {
  const named = [...new Set(codes.flatMap((code) => (code ? [code] : [])))];
  if (!named.length) return;
  const found = await tx.models.referralCodes
    .find({ _id: { $in: named } }, { customerId: 1 }, { session: tx.session })
    .lean<Pick<ReferralCodeDoc, 'customerId'>[]>();
  await advocatesDue(
    tx,
    found.map(({ customerId }) => customerId),
  );
}

const dueOf = (ids: readonly string[], at: Date) =>
  ids.map((_id) => ({
    updateOne: { filter: { _id }, update: { $inc: { due: 1 }, $max: { at } }, upsert: true },
  }));
