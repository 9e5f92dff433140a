import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { type Cost, needsApproval, type Reward, type RewardGive } from '../../shared/reward.ts';
import { type Contact, mustFit, readyContact } from '../advocates/advocate.contact.ts';
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
import { givenBy } from './reward.limit.ts';
import type { CouponListDoc, RewardDoc } from './reward.model.ts';
import { presentRewards } from './reward.presenter.ts';
import { sendReward } from './reward.send.ts';
import { sayingOf, speaks } from './reward.words.ts';

/**
 * Thanks somebody: a line in the ledger, with its points, its code and its place in the balance in one commit. Worth or
 * costing more than the limits, with what the same person gave them of late, it waits for somebody else. The same id again is the same
 * line. What is to be said is refused beforehand where it cannot be said now, so that no code is lost to it.
 *
 * @throws AppError forbidden, notFound; invalid; 409 optedOut, windowClosed, noCodes; 422 badTarget
 */
export async function giveReward(ctx: Context, viewer: Viewer, give: RewardGive): Promise<Reward> {
  if (!may(viewer, 'reward.give')) throw mayNot('give rewards');
  mustMakeSense(give);
  const customer = await readableCustomer(ctx, viewer, give.customerId);
  const known = await ctx.models.rewards.findById(give.id).lean<RewardDoc>().exec();
  if (known) return answer(ctx, viewer, mustBeOwn(known, { viewer, customer }));
  const contact = speaks({ text: give.text.trim(), template: give.template ?? null })
    ? await readyContact(ctx, viewer, { customerId: customer._id, template: give.template ?? null })
    : null;
  const limits = await advocateSettings(ctx);
  const messageId = ctx.uuid();

  const reward = await commitLedger(ctx, async (tx) => {
    const already = await tx.models.rewards
      .findById(give.id, null, { session: tx.session })
      .lean<RewardDoc>();
    if (already) return mustBeOwn(already, { viewer, customer });
    const { line, list } = await lineOf(tx, viewer, { give, customerId: customer._id, messageId });
    const { members } = customer;
    const before = await givenBy(ctx, { userId: viewer.id, members, session: tx.session });
    // Of what is in a list that says no worth nobody knows whether it is within the limits.
    const waits = needsApproval(line, before, limits) || (list && list.points === 0 && !list.cost?.amount);
    if (waits && contact) mustFit(ctx, contact, sayingOf(line, customer));
    const made = waits ? line : await given(tx, line, { byUserId: null, contact });
    await tx.models.rewards.insertMany([made], { session: tx.session, lean: true });
    await advocatesDue(tx, [made.customerId]);
    tx.emit('lists.changed', { list: 'rewards', userId: null });
    tx.emit('history.changed', { customerId: customer._id });
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
  if (give.kind === 'message' && !give.text.trim() && !give.template)
    throw invalid({ text: 'Write what is said to them.' });
  if (give.template && give.text.trim())
    throw invalid({ text: 'A template is sent in place of a text: leave it empty.' });
}

/** As it is asked for; what a coupon is worth says its list. */
async function lineOf(
  tx: Tx,
  viewer: Viewer,
  of: { give: RewardGive; customerId: string; messageId: string },
): Promise<{ line: RewardDoc; list: CouponListDoc | null }> {
  const { give } = of;
  const list = give.couponListId ? await usableList(tx, give.couponListId) : null;
  const text = give.text.trim();
  const template = give.template ?? null;
  const line: RewardDoc = {
    _id: give.id,
    customerId: of.customerId,
    kind: give.kind,
    points: list ? list.points : give.points,
    cost: list ? costOf(list, give.cost) : give.cost,
    coupon: null,
    listId: list?._id ?? null,
    text,
    template,
    messageId: speaks({ text, template }) ? of.messageId : null,
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
  return { line, list };
}

/** What a code costs says its list; somebody who gives one may know of more. @throws AppError invalid */
function costOf({ cost }: CouponListDoc, said: Cost | null): Cost | null {
  if (!said || !cost) return said ?? cost;
  if (said.currency === cost.currency && said.amount >= cost.amount) return said;
  throw invalid({
    cost: `A code of this list costs ${cost.amount} ${cost.currency}, in its smallest unit: say that or more.`,
  });
}

/**
 * The line once it holds: its code is taken and its points count. `byUserId`: who approved it; null: nobody had to. `contact`: where it is
 * told, null: nowhere.
 * @throws AppError noCodes; invalid when the words do not fit the channel: then nothing was taken
 */
export async function given(
  tx: Tx,
  line: RewardDoc,
  of: { byUserId: string | null; contact: Contact | null },
): Promise<RewardDoc> {
  const { byUserId, contact } = of;
  const customer = await survivorOf(tx.models.customers, line.customerId, tx);
  if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  const now = tx.ctx.now();
  const coupon = line.listId ? await takeCode(tx, { listId: line.listId, rewardId: line._id }) : null;
  // Only now is it known how long the words are; if they are too long the commit is none.
  if (contact) mustFit(tx.ctx, contact, sayingOf({ ...line, coupon }, customer));
  return {
    ...line,
    // Points are whose they are now: what was merged stays together.
    customerId: customer._id,
    coupon,
    state: 'given',
    balance: await addPoints(tx, customer, line.kind === 'points' ? line.points : 0),
    sending: { state: line.messageId ? 'due' : 'none', error: '' },
    ...(byUserId !== null && { decidedAt: now, decidedByUserId: byUserId }),
  };
}
