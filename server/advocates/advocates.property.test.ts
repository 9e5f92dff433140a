import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { recount, settled } from '../../test/advocates.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { commented, person, plain, written } from '../../test/provider.ts';
import { type Random, seeded, seedsOf, shuffled } from '../../test/random.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import type { CustomerDoc, LinkDoc } from '../customers/customer.model.ts';
import { unmergeByAgent } from '../customers/customer.unmerge.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { putRecord } from '../records/record.service.ts';
import { createCouponList } from '../rewards/coupon.service.ts';
import { decideReward, undoReward } from '../rewards/reward.decide.ts';
import { giveReward } from '../rewards/reward.give.ts';
import type { CouponCodeDoc, RewardDoc } from '../rewards/reward.model.ts';
import { correctSentiment } from '../sentiment/correct.ts';
import type { AdvocateDoc, EvidenceDoc } from './advocate.model.ts';
import { makeReferralCode } from './referral.ts';

/** ADVOCATES_SEED=N plays that one alone, ADVOCATES_ROUNDS=N the first N. */
const seeds = seedsOf('ADVOCATES', 3);
const steps = 40;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const other: Viewer = { ...admin, id: 'user-2' };
const texts = [
  'The kettle is here now',
  'I recommend it to anyone',
  'من این کتری را به همه پیشنهاد می‌کنم',
  'It broke after a week',
  'A wonderful thing, quiet and quick',
];

let ctx: TestContext;
let frozen = new Date('2026-03-21T12:00:00Z');

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => frozen });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  frozen = new Date('2026-03-21T12:00:00Z');
});

class World {
  readonly random: Random;
  channel!: ChannelDoc;
  listId = '';
  readonly senders = ['1', '2', '3', '4'].map((value) =>
    person(value, { name: `Person ${value}`, reach: 300 * Number(value) ** 4 }),
  );
  private count = 0;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.random() * list.length)];
  }

  async begin(): Promise<void> {
    this.channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
    for (const sender of this.senders)
      await deliver(ctx, this.channel, [written(sender, 'hello', { at: frozen })]);
    const form = { name: 'Spring', points: 5, cost: null, expiresAt: null, codes: ['A', 'B', 'C'] };
    this.listId = (await createCouponList(ctx, admin, form)).id;
  }

  roots = () => ctx.models.customers.find({ mergedInto: null }).sort({ _id: 1 }).lean<CustomerDoc[]>().exec();
  message = async () =>
    this.pick(
      await ctx.models.messages
        .find({ direction: 'in', kind: 'message', deletedAt: null })
        .sort({ conversationId: 1, seq: 1 })
        .lean<MessageDoc[]>(),
    );

  readonly deeds: Record<string, () => Promise<unknown>> = {
    write: async () => {
      const sender = this.pick(this.senders);
      const text = this.pick(texts);
      if (!sender || !text) return;
      this.count += 1;
      const more = { at: frozen, externalIds: [`w${this.count}`] };
      const event =
        this.random() < 0.5
          ? written(sender, text, more)
          : commented(
              sender,
              text,
              { externalId: 'post', text: 'New', author: { handle: 'shop', ours: true } },
              more,
            );
      await deliver(ctx, this.channel, [event]);
    },
    feel: async () => {
      const message = await this.message();
      const label = this.pick(['positive', 'neutral', 'negative', null] as const);
      if (message && label !== undefined)
        await correctSentiment(ctx, admin, {
          conversationId: message.conversationId,
          messageId: message._id,
          label,
        });
    },
    'take back': async () => {
      if (this.random() < 0.6 || !this.count) return;
      const id = `w${1 + Math.floor(this.random() * this.count)}`;
      await deliver(ctx, this.channel, [{ type: 'delete', externalId: id, at: frozen }]);
    },
    edit: async () => {
      if (!this.count) return;
      const id = `w${1 + Math.floor(this.random() * this.count)}`;
      const text = this.pick(texts) ?? '';
      await deliver(ctx, this.channel, [
        { type: 'edit', externalId: id, text, at: frozen, order: String(this.random()) },
      ]);
    },
    merge: async () => {
      const [into, from] = shuffled(await this.roots(), this.random);
      if (into && from)
        await mergeByAgent(ctx, admin, { intoId: into._id, otherId: from._id, reason: 'drawn', winners: {} });
    },
    unmerge: async () => {
      const link = this.pick(
        await ctx.models.links.find({ undone: null }).sort({ at: 1, _id: 1 }).lean<LinkDoc[]>(),
      );
      if (link) await unmergeByAgent(ctx, admin, { customerId: link.survivorId, linkId: link._id });
    },
    buy: async () => {
      const customer = this.pick(await this.roots());
      const codes = await ctx.models.referralCodes.find({}).sort({ _id: 1 }).lean<{ _id: string }[]>();
      if (!customer) return;
      await putRecord(ctx, {
        customerId: customer._id,
        kind: 'purchase',
        externalId: String(Math.floor(this.random() * 6)),
        source: { by: 'api', id: 'k' },
        put: {
          at: frozen.toISOString(),
          title: 'Kettle',
          amount: Math.floor(this.random() * 50) * 1_000_000,
          currency: 'IRR',
          items: [],
          status: this.random() < 0.8 ? 'done' : 'returned',
          statusText: '',
          note: '',
          referralCode: this.random() < 0.6 ? (this.pick(codes)?._id ?? '') : '',
        },
      });
    },
    code: async () => {
      const customer = this.pick(await this.roots());
      if (customer) await makeReferralCode(ctx, admin, customer._id);
    },
    reward: async () => {
      const customer = this.pick(await this.roots());
      if (!customer) return;
      const coupon = this.random() < 0.4;
      await giveReward(ctx, admin, {
        id: ctx.uuid(),
        customerId: customer._id,
        kind: coupon ? 'coupon' : 'points',
        points: 1 + Math.floor(this.random() * 1_500),
        cost: null,
        ...(coupon && { couponListId: this.listId }),
        text: '',
        reason: 'drawn',
      });
    },
    decide: async () => {
      const waiting = await ctx.models.rewards
        .find({ state: 'waiting' })
        .sort({ at: 1, points: 1 })
        .lean<RewardDoc[]>();
      const reward = this.pick(waiting);
      if (reward)
        await decideReward(ctx, other, { id: reward._id, decide: { approve: this.random() < 0.7 } });
    },
    undo: async () => {
      const lines = await ctx.models.rewards.find({}).sort({ at: 1, points: 1 }).lean<RewardDoc[]>();
      const reward = this.pick(lines);
      if (reward) await undoReward(ctx, admin, reward._id);
    },
    'a day goes by': async () => {
      if (this.random() < 0.5) frozen = new Date(frozen.getTime() + 86_400_000);
    },
    hear: () => settled(ctx),
  };

  /** What is known equals what there is. */
  async holds(): Promise<void> {
    await settled(ctx);
    const recounted = await recount(ctx, frozen);
    const evidence = await ctx.models.evidence.find({}).lean<EvidenceDoc[]>();
    for (const [id, { evidence: expected, score, points }] of recounted) {
      const customer = await ctx.models.customers.findById(id).lean<CustomerDoc>();
      const theirs = evidence
        .filter((one) => customer?.members.includes(one.customerId ?? ''))
        .map(({ _id }) => _id);
      expect(theirs.sort(), `evidence of ${id}`).toEqual(expected);
      const doc = await ctx.models.advocates.findById(id).lean<AdvocateDoc>();
      if (!doc) {
        expect([score.kinds, points], `nothing of ${id}`).toEqual([[], 0]);
        continue;
      }
      const { gone, parts, sums, counts, score: known, kinds, reach, products } = doc;
      expect({ gone, parts, sums, counts, score: known, kinds, reach, products, points: doc.points }).toEqual(
        {
          gone: false,
          parts: score.parts,
          sums: score.sums,
          counts: score.counts,
          score: score.score,
          kinds: score.kinds,
          reach: score.reach,
          products: score.products,
          points,
        },
      );
    }
    await this.codesHold();
  }

  /** A code is taken by exactly the reward that has it. */
  async codesHold(): Promise<void> {
    const codes = await ctx.models.couponCodes.find({}).lean<CouponCodeDoc[]>();
    const given = await ctx.models.rewards
      .find({ kind: 'coupon', state: 'given', undoes: null })
      .lean<RewardDoc[]>();
    expect(codes.flatMap((one) => (one.rewardId ? [`${one.code} ${one.rewardId}`] : [])).sort()).toEqual(
      given.map(({ coupon, _id }) => `${coupon?.code} ${_id}`).sort(),
    );
  }
}

it.each(Array.from({ length: seeds.last - seeds.first + 1 }, (_, n) => seeds.first + n))(
  'scores, points and codes equal a recount after any sequence (seed %i)',
  async (seed) => {
    const world = new World(seed);
    await world.begin();
    const log: string[] = [];
    for (let n = 0; n < steps; n += 1) {
      const name = world.pick(Object.keys(world.deeds)) ?? '';
      log.push(name);
      try {
        await world.deeds[name]?.();
      } catch (error) {
        // What is refused changes nothing: an empty list, an undo of an undo, a merge that cannot be taken back yet.
        if (!(error instanceof AppError) || error.status >= 500)
          throw new Error(log.join(', '), { cause: error });
      }
    }
    await world.holds();
  },
  120_000,
);
