import type { AppError } from '../../shared/errors.ts';
import { type NotSentReason, rewardPlaces } from '../../shared/reward.ts';
import type { Saying } from '../advocates/advocate.contact.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import type { RewardDoc } from './reward.model.ts';

/** What is said with a reward: their name, the points and the code in their places. A name that looks like a place is none. */
export function sayingOf(reward: RewardDoc, customer: Pick<CustomerDoc, 'name'>): Saying {
  const { points, coupon, template } = reward;
  const fill = (text: string) => {
    const values = rewardPlaces(text, { name: customer.name, points, code: coupon?.code ?? '' });
    return text.replace(/\{(name|points|code)\}/g, (_, place: string) => values[place] ?? '');
  };
  return {
    text: fill(reward.text),
    template: template ? { ...template, values: template.values.map(fill) } : null,
  };
}

/** Something is to be said with it. */
export const speaks = ({ text, template }: Pick<RewardDoc, 'text' | 'template'>) =>
  text !== '' || Boolean(template);

/** A refusal in a word, for whoever reads the ledger in their own language. */
export function notSentReason(error: AppError): NotSentReason {
  switch (error.reason) {
    case 'optedOut':
    case 'windowClosed':
    case 'channelUnavailable':
      return error.reason;
    case 'badTarget':
      return 'noWay';
    default:
      return error.code === 'invalid' ? 'unfit' : error.code === 'forbidden' ? 'giverGone' : 'other';
  }
}
