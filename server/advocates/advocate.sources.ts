import type { Context } from '../context.ts';
import type { ConsentDoc } from '../customers/consent.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { optedOutOf } from '../customers/customer.way.ts';
import { consentsHeld } from '../customers/facts.profile.ts';
import type { AuthorDoc } from '../listening/author.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { BalanceDoc } from '../rewards/reward.model.ts';
import { calledNow } from '../sentiment/products.ts';
import type { EvidenceDoc, ReferralCodeDoc } from './advocate.model.ts';
import type { ScoredEvidence } from './score.ts';
import type { TestimonialDoc } from './testimonial.model.ts';
import { wantedOf } from './unwanted.ts';

/** More words of one person than this are not weighed: the newest are. */
const mostEvidence = 5_000;

export type EvidenceFrom = ScoredEvidence & Pick<EvidenceDoc, '_id' | 'customerId' | 'conversationId'>;
type RecordFrom = Pick<
  RecordDoc,
  '_id' | 'customerId' | 'kind' | 'status' | 'at' | 'amount' | 'currency' | 'referralCode'
>;

/** Everything that the score of one survivor is derived from. */
export interface AdvocateSources {
  customer: CustomerDoc;
  evidence: EvidenceFrom[];
  purchases: RecordFrom[];
  referrals: RecordFrom[];
  authors: Pick<AuthorDoc, '_id' | 'reach'>[];
  code: ReferralCodeDoc | null;
  optedOut: boolean;
  testimonials: Pick<TestimonialDoc, 'customerId' | 'state' | 'messageId'>[];
  points: number;
  /** Channels of their conversations. */
  seenOn: string[];
}

/** Purchases that count: neither cancelled nor returned. */
export const countedPurchases = { kind: 'purchase', status: { $in: ['open', 'done'] } } as const;

const recordFields = {
  customerId: 1,
  kind: 1,
  status: 1,
  at: 1,
  amount: 1,
  currency: 1,
  referralCode: 1,
} as const;

/** Reads it for several survivors at once. What hangs on a customer is read through all members. */
export async function advocateSources(
  ctx: Context,
  customers: readonly CustomerDoc[],
): Promise<AdvocateSources[]> {
  const { models } = ctx;
  const owned = { customerId: { $in: customers.map(({ _id }) => _id) } };
  const members = customers.flatMap((customer) => customer.members);
  const hanging = { customerId: { $in: members } };
  const [identities, conversations, purchases, codes, consents, testimonials, balances] = await Promise.all([
    models.identities
      .find(owned, { customerId: 1, kind: 1 })
      .lean<Pick<IdentityDoc, '_id' | 'customerId' | 'kind'>[]>()
      .exec(),
    models.conversations
      .find(owned, { customerId: 1, channelIds: 1 })
      .lean<{ _id: string; customerId: string; channelIds: string[] }[]>()
      .exec(),
    models.records
      .find({ ...hanging, ...countedPurchases }, recordFields)
      .lean<RecordFrom[]>()
      .exec(),
    models.referralCodes.find(hanging).lean<ReferralCodeDoc[]>().exec(),
    models.consents.find(hanging).lean<ConsentDoc[]>().exec(),
    models.testimonials
      .find(hanging, { customerId: 1, state: 1, messageId: 1 })
      .lean<Pick<TestimonialDoc, 'customerId' | 'state' | 'messageId'>[]>()
      .exec(),
    models.rewardBalances
      .find({ _id: { $in: members } })
      .lean<BalanceDoc[]>()
      .exec(),
  ]);
  const [authors, referrals] = await Promise.all([
    models.authors
      .find({ _id: { $in: identities.map(({ _id }) => _id) } }, { reach: 1 })
      .lean<Pick<AuthorDoc, '_id' | 'reach'>[]>()
      .exec(),
    codes.length
      ? models.records
          .find(
            {
              ...countedPurchases,
              referralCode: { $in: codes.map(({ _id }) => _id), $gt: '' },
            },
            recordFields,
          )
          .lean<RecordFrom[]>()
          .exec()
      : [],
  ]);
  return Promise.all(
    customers.map(async (customer): Promise<AdvocateSources> => {
      const has = (one: { customerId: string }) => customer.members.includes(one.customerId);
      const theirs = identities.filter((one) => one.customerId === customer._id);
      const talks = conversations.filter((one) => one.customerId === customer._id);
      const own = codes.filter(has).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      const ownCodes = new Set(own.map(({ _id }) => _id));
      return {
        customer,
        evidence: await wantedOf(ctx, await newestEvidence(ctx, customer.members)),
        purchases: purchases.filter(has),
        // Nobody brings themselves.
        referrals: referrals.filter((one) => ownCodes.has(one.referralCode ?? '') && !has(one)),
        authors: authors.filter((one) => theirs.some(({ _id }) => _id === one._id)),
        code: own[0] ?? null,
        optedOut: optedOutOf(
          theirs.map(({ kind }) => kind),
          consentsHeld(consents.filter(has)),
        ),
        testimonials: testimonials.filter(has),
        points: balances
          .filter(({ _id }) => customer.members.includes(_id))
          .reduce((sum, { points }) => sum + points, 0),
        seenOn: [...new Set(talks.flatMap((one) => one.channelIds))].sort(),
      };
    }),
  );
}

async function newestEvidence(ctx: Context, members: readonly string[]): Promise<EvidenceFrom[]> {
  const called = await calledNow(ctx);
  const newest = await ctx.models.evidence
    .find(
      { customerId: { $in: [...members] } },
      {
        customerId: 1,
        part: 1,
        weight: 1,
        at: 1,
        channelId: 1,
        conversationId: 1,
        products: 1,
        public: 1,
      },
    )
    .sort({ at: -1, _id: -1 })
    .limit(mostEvidence)
    .lean<EvidenceFrom[]>()
    .exec();
  return newest.map((one) => ({ ...one, products: [...new Set(one.products.map(called))] }));
}
