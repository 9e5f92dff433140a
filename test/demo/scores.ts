import type { AdvocateDoc } from '../../server/advocates/advocate.model.ts';
import { advocateSettings } from '../../server/advocates/advocate.settings.ts';
import { advocateSources } from '../../server/advocates/advocate.sources.ts';
import { dayBefore, dayOf, scoreFrom, scoreOn } from '../../server/advocates/score.ts';
import type { Context } from '../../server/context.ts';
import type { CustomerDoc } from '../../server/customers/customer.model.ts';

const days = 30;
const dayMs = 86_400_000;

/** The scores of the last month, had the product been there: by its own rule, of what had been said until each day. */
export async function rememberScores(ctx: Context, now: Date): Promise<void> {
  const settings = await advocateSettings(ctx);
  const docs = await ctx.models.advocates.find({ gone: false, listed: true }).lean<AdvocateDoc[]>().exec();
  const customers = await ctx.models.customers
    .find({ _id: { $in: docs.map(({ _id }) => _id) } })
    .lean<CustomerDoc[]>()
    .exec();
  const before = (at: Date) => (one: { at: Date }) => one.at <= at;
  for (const one of await advocateSources(ctx, customers)) {
    const doc = docs.find(({ _id }) => _id === one.customer._id);
    if (!doc) continue;
    const then = Array.from({ length: days }, (_, n) => {
      const at = new Date(now.getTime() - (days - n) * dayMs);
      const { score } = scoreFrom({
        evidence: one.evidence.filter(before(at)),
        purchases: one.purchases.filter(before(at)),
        referrals: one.referrals.filter(before(at)),
        reaches: one.authors.flatMap(({ reach }) => (reach === null ? [] : [reach])),
        settings,
        now: at,
      });
      return { day: dayOf(at), score };
    });
    const all = [...then, ...doc.days.filter(({ day }) => day === dayOf(now))];
    const change = Math.round((doc.score - scoreOn(all, dayBefore(now, 7))) * 10) / 10;
    // Whatever is derived at this moment begins anew, and keeps these days.
    await ctx.models.advocates
      .updateOne({ _id: doc._id }, { $set: { days: all, change }, $inc: { rev: 1 } })
      .exec();
  }
}
