import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Reward, RewardDecide } from '../../shared/reward.ts';
import { readyContact } from '../advocates/advocate.contact.ts';
import { advocatesDue } from '../advocates/advocate.due.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { key } from '../db/key.ts';
import { Again, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import { giveBack } from './coupon.take.ts';
import { commitLedger } from './ledger.ts';
import { addPoints } from './reward.balance.ts';
import { given } from './reward.give.ts';
import type { RewardDoc } from './reward.model.ts';
import { presentRewards } from './reward.presenter.ts';
import { sendReward } from './reward.send.ts';
import { speaks } from './reward.words.ts';

/**
 * Approves or refuses what waits. Whoever asked for it cannot: it is somebody else's to say.
 * @throws AppError forbidden, ownReward; notFound; 409 stateChanged when it was decided meanwhile, noCodes; optedOut, windowClosed and 422
 *   badTarget, invalid when what is said with it cannot be said now
 */
export async function decideReward(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; decide: RewardDecide },
): Promise<Reward> {
  if (!may(viewer, 'reward.approve')) throw mayNot('approve rewards');
  const { decide } = options;
  const known = await readableReward(ctx, viewer, options.id);
  // What cannot be said now is not given now: it goes on waiting.
  const speaking =
    decide.approve && known.state === 'waiting' && known.byUserId !== viewer.id && speaks(known);
  const contact = speaking
    ? await readyContact(ctx, viewer, { customerId: known.customerId, template: known.template ?? null })
    : null;
  const decided = await commitLedger(ctx, async (tx) => {
    const before = await find(tx, options.id);
    if (before.byUserId === viewer.id)
      throw new AppError({
        code: 'forbidden',
        reason: 'ownReward',
        message: 'You asked for this reward yourself: somebody else has to decide on it.',
      });
    if (before.state !== 'waiting') throw await decidedAlready(ctx, viewer, before);
    const now = ctx.now();
    const words = { decisionReason: decide.reason?.trim() ?? '' };
    const after: RewardDoc = decide.approve
      ? { ...(await given(tx, before, { byUserId: viewer.id, contact })), ...words }
      : { ...before, ...words, state: 'refused', decidedAt: now, decidedByUserId: viewer.id };
    await replace(tx, before, after);
    await announce(tx, after);
    return after;
  });
  return answer(ctx, viewer, await sendReward(ctx, viewer, decided));
}

/**
 * Takes a reward back: a line of its own takes the points away again, and a code that nobody was told goes back to its list. What only
 * waits is withdrawn. By who gave it, or who may approve. Again is the same.
 * @throws AppError forbidden, notFound; 409 stateChanged for what was refused, or is an undo itself
 */
export async function undoReward(ctx: Context, viewer: Viewer, id: string): Promise<Reward> {
  const known = await readableReward(ctx, viewer, id);
  const own = known.byUserId === viewer.id && may(viewer, 'reward.give');
  if (!own && !may(viewer, 'reward.approve')) throw mayNot('take this reward back');
  const undone = await commitLedger(ctx, async (tx) => {
    const before = await find(tx, id);
    if (before.state === 'undone') return before;
    if (before.state === 'refused' || before.undoes !== null) throw await decidedAlready(ctx, viewer, before);
    const now = ctx.now();
    // Whoever is about to say it may have said it.
    const sent = before.sending.state === 'sent' || before.sending.state === 'sending';
    const after: RewardDoc = {
      ...before,
      state: 'undone',
      // What has not left yet does not leave any more.
      sending: before.sending.state === 'due' ? { state: 'none', error: '' } : before.sending,
      ...(before.state === 'waiting' && { decidedAt: now, decidedByUserId: viewer.id }),
    };
    if (before.state === 'given') await takeBack(tx, viewer, { before, sent });
    await replace(tx, before, after);
    await announce(tx, after);
    return after;
  });
  return answer(ctx, viewer, undone);
}

async function takeBack(tx: Tx, viewer: Viewer, of: { before: RewardDoc; sent: boolean }): Promise<void> {
  const { before, sent } = of;
  // Where the points are now: with whoever the one who got them is read through, or themselves again.
  const holder = await tx.models.customers
    .findById(before.customerId, null, { session: tx.session })
    .lean<CustomerDoc>();
  const customer = await survivorOf(tx.models.customers, before.customerId, tx);
  if (!holder || !customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  const points = before.kind === 'points' ? -before.points : 0;
  // The line's own customer is written, so that an un-merge leaves nobody with the other's points.
  await addPoints(tx, holder, points);
  const balance = await addPoints(tx, customer, 0);
  if (before.coupon && !sent) await giveBack(tx, before._id, before.coupon);
  const line: RewardDoc = {
    ...before,
    _id: key('undo', before._id),
    points: before.points === 0 ? 0 : -before.points,
    cost: sent ? null : before.cost && { ...before.cost, amount: -before.cost.amount },
    text: '',
    template: null,
    messageId: null,
    sending: { state: 'none', error: '' },
    state: 'given',
    at: tx.ctx.now(),
    byUserId: viewer.id,
    decidedAt: null,
    decidedByUserId: null,
    decisionReason: '',
    balance,
    undoes: before._id,
  };
  await tx.models.rewards.insertMany([line], { session: tx.session, lean: true });
}

async function find(tx: Tx, id: string): Promise<RewardDoc> {
  const reward = await tx.models.rewards.findById(id, null, { session: tx.session }).lean<RewardDoc>();
  if (!reward) throw noReward();
  return reward;
}

async function replace(tx: Tx, before: RewardDoc, after: RewardDoc): Promise<void> {
  const { _id, ...set } = after;
  const { matchedCount } = await tx.models.rewards.updateOne(
    { _id, state: before.state, 'sending.state': before.sending.state },
    { $set: set },
    { session: tx.session },
  );
  if (!matchedCount) throw new Again(`reward ${_id} changed`);
}

async function announce(tx: Tx, reward: RewardDoc): Promise<void> {
  await advocatesDue(tx, [reward.customerId]);
  const owner = await survivorOf(tx.models.customers, reward.customerId, tx);
  if (owner) tx.emit('history.changed', { customerId: owner._id });
  tx.emit('lists.changed', { list: 'rewards', userId: null });
  if (reward.listId) tx.emit('lists.changed', { list: 'coupons', userId: null });
}

/** @throws AppError notFound, also when this viewer may not see its customer */
async function readableReward(ctx: Context, viewer: Viewer, id: string): Promise<RewardDoc> {
  const reward = await ctx.models.rewards.findById(id).lean<RewardDoc>().exec();
  if (!reward) throw noReward();
  await readableCustomer(ctx, viewer, reward.customerId);
  return reward;
}

const noReward = () => new AppError({ code: 'notFound', message: 'There is no such reward.' });

async function decidedAlready(ctx: Context, viewer: Viewer, reward: RewardDoc): Promise<AppError> {
  const [presented] = await presentRewards(ctx, viewer, [reward]);
  return new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: `This reward is ${reward.undoes ? 'an undo' : reward.state} already.`,
    data: { reward: presented },
  });
}

async function answer(ctx: Context, viewer: Viewer, reward: RewardDoc): Promise<Reward> {
  const [presented] = await presentRewards(ctx, viewer, [reward]);
  if (!presented) throw new Error('A reward was changed and nothing came back.');
  return presented;
}
