import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { sayTo } from '../advocates/advocate.contact.ts';
import type { Context } from '../context.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import type { RewardDoc } from './reward.model.ts';
import { notSentReason, sayingOf } from './reward.words.ts';

/** What a server that died left unsaid is said by another after this. */
const leftAfterMs = 30_000;
const batch = 20;

/**
 * Tells them of their reward by the ordinary path of a reply, once: under the id that its line bears. A refusal is written down with its
 * reason; the reward itself holds, unless it was to be these words alone.
 */
export async function sendReward(ctx: Context, viewer: Viewer, reward: RewardDoc): Promise<RewardDoc> {
  if (!isUnsaid(reward) || !reward.messageId) return reward;
  // From here on an undo takes it for said.
  const claimed = await ctx.models.rewards
    .updateOne(
      { _id: reward._id, 'sending.state': { $in: ['due', 'sending'] } },
      { $set: { sending: { state: 'sending', error: '' } } },
    )
    .exec();
  if (!claimed.matchedCount)
    return (await ctx.models.rewards.findById(reward._id).lean<RewardDoc>()) ?? reward;
  const customer = await survivorOf(ctx.models.customers, reward.customerId);
  let sending: RewardDoc['sending'] = { state: 'sent', error: '' };
  try {
    if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
    const saying = sayingOf(reward, customer);
    await sayTo(ctx, viewer, { customerId: customer._id, messageId: reward.messageId, saying });
  } catch (error) {
    // What is no refusal is tried again by a sweep.
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    sending = { state: 'refused', error: error.message, reason: notSentReason(error) };
  }
  // Words that cannot be said were no reward.
  const unsaid = sending.state === 'refused' && reward.kind === 'message' && reward.state === 'given';
  const set = { sending, ...(unsaid && { state: 'refused' as const, balance: null }) };
  await ctx.models.rewards.updateOne({ _id: reward._id, 'sending.state': 'sending' }, { $set: set }).exec();
  ctx.bus.emit('lists.changed', { list: 'rewards', userId: null });
  return { ...reward, ...set };
}

const isUnsaid = ({ sending }: RewardDoc) => sending.state === 'due' || sending.state === 'sending';

/** Says what was left unsaid, in the name of whoever gave it. */
export async function sweepRewards(ctx: Context): Promise<void> {
  const before = new Date(ctx.now().getTime() - leftAfterMs);
  const left = await ctx.models.rewards
    .find({ 'sending.state': { $in: ['due', 'sending'] }, at: { $lt: before } })
    .sort({ at: 1 })
    .limit(batch)
    .lean<RewardDoc[]>()
    .exec();
  for (const reward of left) {
    // Of what was approved, long after it was asked for, the approving server is perhaps still at it.
    if (reward.decidedAt && reward.decidedAt >= before) continue;
    const user = await ctx.models.users.findById(reward.byUserId).lean<UserDoc>().exec();
    if (user?.active && may(user, 'conversation.write')) await sendReward(ctx, viewerOf(user), reward);
    else
      await ctx.models.rewards
        .updateOne(
          { _id: reward._id, 'sending.state': reward.sending.state },
          {
            $set: {
              sending: {
                state: 'refused',
                error: 'Whoever gave it may not write any more.',
                reason: 'giverGone',
              },
            },
          },
        )
        .exec();
  }
}
