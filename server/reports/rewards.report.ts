import type { Viewer } from '../../shared/access.ts';
import { type AdvocateReport, rewardKinds } from '../../shared/reward.ts';
import type { EvidenceDoc, ReferralCodeDoc } from '../advocates/advocate.model.ts';
import { countedPurchases } from '../advocates/advocate.sources.ts';
import { revenueOf } from '../advocates/referral.ts';
import { wantedOf } from '../advocates/unwanted.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { survivorsOf } from '../customers/customer.survivor.ts';
import { visibleOf } from '../customers/customer.visible.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { RewardDoc } from '../rewards/reward.model.ts';
import { dayMs, heardBy, type Period } from './period.ts';

/** What people did in so many days after a reward is counted to it. */
const resultDays = 30;

type Row = AdvocateReport['rewards'][number];
interface Span {
  from: number;
  to: number;
}

/**
 * By kind: what was given in the time and was not taken back, and what those who got it did in the thirty days after. Somebody who got two
 * of a kind is not counted twice for one word.
 */
export async function rewardRows(ctx: Context, viewer: Viewer, period: Period): Promise<Row[]> {
  const all = await ctx.models.rewards
    .find({ at: { $gte: period.from, $lt: period.to }, state: 'given', undoes: null })
    .lean<RewardDoc[]>()
    .exec();
  const owners = await survivorsOf(
    ctx,
    all.map(({ customerId }) => customerId),
  );
  const ownerOf = (reward: RewardDoc) => owners.get(reward.customerId) ?? reward.customerId;
  const seen = await visibleOf(ctx, viewer, all.map(ownerOf));
  const given = all.filter((reward) => seen.has(ownerOf(reward)));
  return Promise.all(
    rewardKinds.map(async (kind): Promise<Row> => {
      const some = given.filter((reward) => reward.kind === kind);
      return {
        kind,
        given: some.length,
        // Of other kinds they only say what counts against limits.
        points: kind === 'points' ? some.reduce((sum, { points }) => sum + points, 0) : 0,
        cost: revenueOf(some.flatMap(({ cost }) => (cost ? [cost] : []))),
        ...(await resultsOf(ctx, viewer, spansOf(some, ownerOf))),
      };
    }),
  );
}

/** The times after each one's rewards, joined where they overlap. */
function spansOf(rewards: readonly RewardDoc[], ownerOf: (reward: RewardDoc) => string): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  const inOrder = [...rewards].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const reward of inOrder) {
    const from = reward.at.getTime();
    const to = from + resultDays * dayMs;
    const theirs = spans.get(ownerOf(reward)) ?? [];
    const last = theirs.at(-1);
    if (last && from <= last.to) last.to = to;
    else theirs.push({ from, to });
    spans.set(ownerOf(reward), theirs);
  }
  return spans;
}

/** What they said on channels of the viewer's, and what they brought: a purchase has no channel, whoever may see them may see it. */
async function resultsOf(
  ctx: Context,
  viewer: Viewer,
  spans: ReadonlyMap<string, Span[]>,
): Promise<Pick<Row, 'praise' | 'help' | 'referred' | 'revenue'>> {
  const customers = await ctx.models.customers
    .find({ _id: { $in: [...spans.keys()] } }, { members: 1 })
    .lean<Pick<CustomerDoc, '_id' | 'members'>[]>()
    .exec();
  const ownerOf = new Map(customers.flatMap(({ _id, members }) => members.map((id) => [id, _id] as const)));
  const members = [...ownerOf.keys()];
  const within = (customerId: string, at: Date) =>
    (spans.get(ownerOf.get(customerId) ?? '') ?? []).some(
      ({ from, to }) => at.getTime() > from && at.getTime() <= to,
    );
  const [evidence, codes] = await Promise.all([
    ctx.models.evidence
      .find(
        { customerId: { $in: members }, part: { $ne: 'criticism' }, ...heardBy(viewer) },
        { customerId: 1, part: 1, sourceId: 1, conversationId: 1, at: 1 },
      )
      .lean<Pick<EvidenceDoc, 'customerId' | 'part' | 'sourceId' | 'conversationId' | 'at'>[]>()
      .exec(),
    ctx.models.referralCodes
      .find({ customerId: { $in: members } })
      .lean<ReferralCodeDoc[]>()
      .exec(),
  ]);
  const records = codes.length
    ? await ctx.models.records
        .find(
          { ...countedPurchases, referralCode: { $in: codes.map(({ _id }) => _id), $gt: '' } },
          { customerId: 1, at: 1, amount: 1, currency: 1, referralCode: 1 },
        )
        .lean<Pick<RecordDoc, 'customerId' | 'at' | 'amount' | 'currency' | 'referralCode'>[]>()
        .exec()
    : [];
  const holder = new Map(codes.map(({ _id, customerId }) => [_id, customerId]));
  const referred = records.filter((record) => {
    const by = holder.get(record.referralCode ?? '') ?? '';
    // Nobody brings themselves.
    return ownerOf.get(record.customerId) !== ownerOf.get(by) && within(by, record.at);
  });
  const said = (await wantedOf(ctx, evidence)).filter(({ customerId, at }) => within(customerId ?? '', at));
  const distinct = (some: typeof said) => new Set(some.map(({ sourceId }) => sourceId)).size;
  return {
    praise: distinct(said.filter(({ part }) => part !== 'help')),
    help: distinct(said.filter(({ part }) => part === 'help')),
    referred: referred.length,
    revenue: revenueOf(referred),
  };
}
