import { may, type Viewer } from '../../shared/access.ts';
import type { Advocate, AdvocateUpdate } from '../../shared/advocate.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { editedByAgent } from '../customers/edit.write.ts';
import { invalid } from '../http/validate.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { UserDoc } from '../users/user.model.ts';
import { presentOne, readableAdvocate } from './advocate.detail.ts';
import { type AdvocateDoc, isListed } from './advocate.model.ts';
import { presentAdvocate } from './advocate.presenter.ts';
import { placeAt, placeBetween } from './order.ts';

type Change = Partial<
  Pick<AdvocateDoc, 'stage' | 'dormantFrom' | 'order' | 'ownerId' | 'nextTask' | 'listed'>
>;

/**
 * Moves a card, gives it an owner or a task. What is other than before is kept in the customer's history.
 * @throws AppError forbidden, notFound; 409 stateChanged, with the card as it is; invalid for an owner or a place that is none
 */
export async function updateAdvocate(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; update: AdvocateUpdate },
): Promise<Advocate> {
  if (!may(viewer, 'advocate.write')) throw mayNot('move advocates');
  const { customer } = await readableAdvocate(ctx, viewer, options.customerId);
  const { update } = options;
  const minted = ctx.uuid();
  const tie = ctx.random();
  await commit(ctx, async (tx) => {
    const before = await tx.models.advocates
      .findById(customer._id, null, { session: tx.session })
      .lean<AdvocateDoc>();
    if (!before || before.gone)
      throw new AppError({ code: 'notFound', message: 'There is no such advocate any more.' });
    if (before.version !== update.version)
      throw new AppError({
        code: 'conflict',
        reason: 'stateChanged',
        message: 'Somebody moved or changed this card meanwhile.',
        data: { advocate: presentAdvocate(before) },
      });
    const change = await changeOf(tx, before, { update, tie });
    if (!Object.keys(change).length) return;
    const written = await tx.models.advocates.updateOne(
      { _id: before._id, version: before.version },
      { $set: change, $inc: { version: 1 } },
      { session: tx.session },
    );
    if (!written.matchedCount) throw new Again(`advocate ${before._id} changed`);
    await editedByAgent(tx, {
      customerId: before._id,
      byUserId: viewer.id,
      minted,
      changes: [
        { field: 'advocate.stage', before: before.stage, after: change.stage },
        { field: 'advocate.owner', before: before.ownerId, after: change.ownerId },
        { field: 'advocate.nextTask', before: before.nextTask?.text ?? null, after: taskText(change) },
      ],
    });
    tx.emit('lists.changed', { list: 'advocates', userId: null });
    tx.emit('history.changed', { customerId: before._id });
  });
  return presentOne(ctx, viewer, customer._id);
}

/** Undefined: it stays. */
const taskText = ({ nextTask }: Change) => (nextTask === undefined ? undefined : (nextTask?.text ?? null));

async function changeOf(
  tx: Tx,
  before: AdvocateDoc,
  options: { update: AdvocateUpdate; tie: number },
): Promise<Change> {
  const { update } = options;
  const change: Change = {};
  if (update.stage !== undefined && update.stage !== before.stage)
    // A stage that a person chose: nobody comes back out of it by themselves.
    Object.assign(change, { stage: update.stage, dormantFrom: null });
  if (change.stage || update.before !== undefined)
    change.order = await placeOf(tx, before, {
      stage: change.stage ?? before.stage,
      before: update.before ?? null,
      tie: options.tie,
    });
  if (update.ownerId !== undefined && update.ownerId !== before.ownerId) {
    await mustWorkHere(tx, update.ownerId);
    change.ownerId = update.ownerId;
  }
  if (update.nextTask !== undefined)
    change.nextTask = update.nextTask && {
      text: update.nextTask.text,
      due: update.nextTask.due === null ? null : new Date(update.nextTask.due),
    };
  const stage = change.stage ?? before.stage;
  const ownerId = change.ownerId === undefined ? before.ownerId : change.ownerId;
  const listed = isListed({ kinds: before.kinds, stage, ownerId });
  if (listed !== before.listed) change.listed = listed;
  return change;
}

/** A place before that card; null: the last of the column. */
async function placeOf(
  tx: Tx,
  card: AdvocateDoc,
  to: { stage: AdvocateDoc['stage']; before: string | null; tie: number },
): Promise<string> {
  const others = { stage: to.stage, _id: { $ne: card._id }, gone: false };
  const { session, models } = tx;
  if (to.before === null) {
    const last = await models.advocates
      .findOne(others, { order: 1 }, { session })
      .sort({ order: -1, _id: -1 })
      .lean<Pick<AdvocateDoc, 'order'>>();
    const now = placeAt(tx.ctx.now(), to.tie);
    return last && last.order >= now ? placeBetween(last.order, null) : now;
  }
  const next = await models.advocates
    .findOne({ ...others, $and: [{ _id: to.before }] }, { order: 1 }, { session })
    .lean<Pick<AdvocateDoc, 'order'>>();
  if (!next)
    throw invalid({ before: 'That card is not in this column any more. Look again and move it once more.' });
  const previous = await models.advocates
    .findOne({ ...others, order: { $lt: next.order } }, { order: 1 }, { session })
    .sort({ order: -1, _id: -1 })
    .lean<Pick<AdvocateDoc, 'order'>>();
  return placeBetween(previous?.order ?? null, next.order);
}

async function mustWorkHere(tx: Tx, userId: string | null): Promise<void> {
  if (userId === null) return;
  const user = await tx.models.users.findById(userId, null, { session: tx.session }).lean<UserDoc>();
  if (!user?.active || !may(user, 'advocate.read'))
    throw invalid({ ownerId: 'Choose a colleague who may see advocates.' });
}
