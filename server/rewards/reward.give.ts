import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Reward, RewardGive } from '../../shared/reward.ts';
import { contactWay } from '../advocates/advocate.contact.ts';
import { advocatesDue } from '../advocates/advocate.due.ts';
import { advocateSettings } from '../advocates/advocate.settings.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { invalid } from '../http/validate.ts';
import type { Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import { takeCode, usableList } from './coupon.take.ts';
import { commitLedger } from './ledger.ts';
import { addPoints } from './reward.balance.ts';
import type { RewardDoc } from './reward.model.ts';
import { presentRewards } from './reward.presenter.ts';
import { sendReward } from './reward.send.ts';

/**
 * Thanks somebody: a line in the ledger, with its points, its code and its place in the balance in one commit. Worth more than the
 * limit, it waits for somebody else. The same id again is the same line. What is to be said is refused beforehand where they do not
 * want to hear of us, so that no code is lost to it.
 *
 * @throws AppError forbidden, notFound; invalid; 409 optedOut, noCodes; 422 badTarget
 */
export async function giveReward(ctx: Context, viewer: Viewer, give: RewardGive): Promise<Reward> {
  if (!may(viewer, 'reward.give')) throw mayNot('give rewards');
  mustMakeSense(give);
  const customer = await readableCustomer(ctx, viewer, give.customerId);
  const known = await ctx.models.rewards.findById(give.id).lean<RewardDoc>().exec();
  if (known) return answer(ctx, viewer, mustBeOwn(known, { viewer, customer }));
  if (give.text.trim()) await contactWay(ctx, viewer, customer._id);
  const { approveAbove } = await advocateSettings(ctx);
  const messageId = ctx.uuid();

  const reward = await commitLedger(ctx, async (tx) => {
    const before = await tx.models.rewards.findById(give.id, null, { session: tx.session }).lean<RewardDoc>();
    if (before) return mustBeOwn(before, { viewer, customer });
    const line = await lineOf(tx, viewer, { give, customerId: customer._id, messageId });
    const waits = line.points > approveAbove;
    const made = waits ? line : await given(tx, line, null);
    await tx.models.rewards.insertMany([made], { session: tx.session, lean: true });
    await advocatesDue(tx, [made.customerId]);
    tx.emit('lists.changed', { list: 'rewards', userId: null });
    if (made.coupon) tx.emit('lists.changed', { list: 'coupons', userId: null });
    return made;
  });
  return answer(ctx, viewer, await sendReward(ctx, viewer, reward));
}

async function answer(ctx: Context, viewer: Viewer, reward: RewardDoc): Promise<Reward> {
  const [presented] = await presentRewards(ctx, viewer, [reward]);
  if (!presented) throw new Error('A reward was given and nothing came back.');
  return presented;
}

function mustBeOwn(reward: RewardDoc, of: { viewer: Viewer; customer: CustomerDoc }): RewardDoc {
  if (reward.byUserId === of.viewer.id && of.customer.members.includes(reward.customerId)) return reward;
  throw new AppError({ code: 'conflict', reason: 'inUse', message: 'Another reward has this id already.' });
}

function mustMakeSense(give: RewardGive): void {
  if (give.kind === 'points' && give.points < 1)
    throw invalid({ points: 'Say how many points: one or more.' });
  if (give.kind === 'coupon' && !give.couponListId)
    throw invalid({ couponListId: 'Choose the list that the code is taken from.' });
  if (give.kind !== 'coupon' && give.couponListId)
    throw invalid({ couponListId: 'Only a coupon is taken from a list.' });
  if (give.kind === 'message' && !give.text.trim()) throw invalid({ text: 'Write what is said to them.' });
}

/** As it is asked for; what a coupon is worth says its list. */
async function lineOf(
  tx: Tx,
  viewer: Viewer,
  of: { give: RewardGive; customerId: string; messageId: string },
): Promise<RewardDoc> {
  const { give } = of;
  const list = give.couponListId ? await usableList(tx, give.couponListId) : null;
  const text = give.text.trim();
  return {
    _id: give.id,
    customerId: of.customerId,
    kind: give.kind,
    points: list ? list.points : give.points,
    cost: list ? (give.cost ?? list.cost) : give.cost,
    coupon: null,
    listId: list?._id ?? null,
    text,
    messageId: text ? of.messageId : null,
    sending: { state: 'none', error: '' },
    reason: give.reason,
    state: 'waiting',
    at: tx.ctx.now(),
    byUserId: viewer.id,
    decidedAt: null,
    decidedByUserId: null,
    decisionReason: '',
    balance: null,
    undoes: null,
  };
}

/** The line once it holds: its code is taken and its points count. @param byUserId who approved it; null: nobody had to */
export async function given(tx: Tx, line: RewardDoc, byUserId: string | null): Promise<RewardDoc> {
  const customer = await survivorOf(tx.models.customers, line.customerId, tx);
  if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  const now = tx.ctx.now();
  return {
    ...line,
    // Points are whose they are now: what was merged stays together.
    customerId: customer._id,
    coupon: line.listId ? await takeCode(tx, { listId: line.listId, rewardId: line._id }) : null,
    state: 'given',
    balance: await addPoints(tx, customer, line.kind === 'points' ? line.points : 0),
    sending: { state: line.messageId ? 'due' : 'none', error: '' },
    ...(byUserId !== null && { decidedAt: now, decidedByUserId: byUserId }),
  };
}
