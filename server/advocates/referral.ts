import { createHash } from 'node:crypto';
import { may, type Viewer } from '../../shared/access.ts';
import type { Referral } from '../../shared/reward.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { commit } from '../messages/commit.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { mayNot } from '../users/user.create.ts';
import { advocatesDue } from './advocate.due.ts';
import type { ReferralCodeDoc } from './advocate.model.ts';
import { countedPurchases } from './advocate.sources.ts';

/** No letter that is taken for a digit or another letter, on paper or by ear. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const length = 7;

/** A customer's code: made once, the same ever after. @throws AppError forbidden, notFound */
export async function makeReferralCode(ctx: Context, viewer: Viewer, customerId: string): Promise<Referral> {
  if (!may(viewer, 'advocate.write')) throw mayNot('make referral codes');
  const customer = await readableCustomer(ctx, viewer, customerId);
  await commit(ctx, async (tx) => {
    const { session, models } = tx;
    const has = await models.referralCodes.exists({ customerId: { $in: customer.members } }).session(session);
    if (has) return;
    // The same for the same customer, so that two at once meet on one document.
    for (let turn = 0; ; turn += 1) {
      const code = codeOf(customer._id, turn);
      const taken = await models.referralCodes.findById(code, null, { session }).lean<ReferralCodeDoc>();
      if (taken) continue;
      await models.referralCodes.insertMany(
        [{ _id: code, customerId: customer._id, createdAt: ctx.now(), byUserId: viewer.id }],
        { session },
      );
      break;
    }
    await advocatesDue(tx, [customer._id]);
  });
  const referral = await referralOf(ctx, customer);
  if (!referral) throw new Error('A referral code was made and is not there.');
  return referral;
}

function codeOf(customerId: string, turn: number): string {
  const hash = createHash('sha256').update(`referral:${customerId}:${turn}`).digest();
  return Array.from({ length }, (_, n) => alphabet[(hash[n] ?? 0) % alphabet.length]).join('');
}

/** Their code, the oldest of them where two were merged, with what all of them brought. Null: they have none. */
export async function referralOf(
  ctx: Pick<Context, 'models'>,
  customer: Pick<CustomerDoc, '_id' | 'members'>,
): Promise<Referral | null> {
  const codes = await ctx.models.referralCodes
    .find({ customerId: { $in: customer.members } })
    .sort({ createdAt: 1, _id: 1 })
    .lean<ReferralCodeDoc[]>()
    .exec();
  const [code] = codes;
  if (!code) return null;
  const records = await ctx.models.records
    .find(
      {
        ...countedPurchases,
        referralCode: { $in: codes.map(({ _id }) => _id), $gt: '' },
        customerId: { $nin: customer.members },
      },
      { amount: 1, currency: 1 },
    )
    .lean<Pick<RecordDoc, 'amount' | 'currency'>[]>()
    .exec();
  return {
    code: code._id,
    customerId: customer._id,
    createdAt: code.createdAt.toISOString(),
    purchases: records.length,
    revenue: revenueOf(records),
  };
}

/** What was spent, by currency: there is no rate by which they could be added. */
export function revenueOf(
  records: Iterable<Pick<RecordDoc, 'amount' | 'currency'>>,
): { amount: number; currency: string }[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of records)
    if (amount) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ amount, currency }));
}
