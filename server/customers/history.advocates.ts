import { may } from '../../shared/access.ts';
import type { TestimonialDoc } from '../advocates/testimonial.model.ts';
import type { RewardDoc } from '../rewards/reward.model.ts';
import { presentRewards } from '../rewards/reward.presenter.ts';
import { beyondOf, byTime } from './history.few.ts';
import { beyond, orderOf } from './history.place.ts';
import type { HistorySource } from './history.source.ts';

/** Lines of the ledger, for whoever may see it. */
export const rewards: HistorySource = {
  rank: 5,
  kinds: ['reward'],
  async page(ctx, { viewer, customer, channelId, has }, { bound, direction, limit }) {
    if (channelId || !may(viewer, 'advocate.read')) return [];
    const found: RewardDoc[] = [];
    for (let from = bound; ; ) {
      const some = await ctx.models.rewards
        .find({ customerId: { $in: customer.members }, ...beyond(from, direction, byTime) })
        .sort(orderOf(direction, byTime))
        .limit(limit)
        .lean<RewardDoc[]>()
        .exec();
      found.push(...some.filter((reward) => !has || has(textOf(reward))));
      const last = some.at(-1);
      if (!last || some.length < limit || found.length >= limit) break;
      from = { at: last.at, own: [last._id] };
    }
    const shown = await presentRewards(ctx, viewer, found.slice(0, limit));
    return shown.map((reward) => ({
      at: new Date(reward.at),
      own: [reward.id],
      entry: { kind: 'reward', id: `reward:${reward.id}`, at: reward.at, reward },
    }));
  },
};

const textOf = ({ reason, coupon, decisionReason }: RewardDoc) =>
  [reason, decisionReason, coupon?.listName ?? ''].join('\n');

/** Quotes that they were asked for, and each of their answers. */
export const testimonials: HistorySource = {
  rank: 6,
  kinds: ['testimonial'],
  async page(ctx, { viewer, customer, channelId, has }, options) {
    if (channelId || !may(viewer, 'advocate.read')) return [];
    const found = await ctx.models.testimonials
      .find({ customerId: { $in: customer.members } })
      .lean<TestimonialDoc[]>()
      .exec();
    const told = found.flatMap(({ _id, quote, askedAt, byUserId, words }) =>
      [{ state: 'asked' as const, at: askedAt, by: 'agent' as const, byUserId, reason: '' }, ...words].map(
        ({ state, at, by, byUserId: who, reason }) => ({
          id: `${_id}:${state}:${at.getTime()}`,
          at,
          testimonial: { quote, state, by, byUserId: who, reason },
        }),
      ),
    );
    return beyondOf(
      told
        .filter(({ testimonial }) => !has || has([testimonial.quote, testimonial.reason].join('\n')))
        .map(({ id, at, testimonial }) => ({
          at,
          own: [id],
          entry: { kind: 'testimonial', id: `testimonial:${id}`, at: at.toISOString(), testimonial },
        })),
      options,
    );
  },
};
