import type { QueryFilter } from 'mongoose';
import { may, type Viewer } from '../../shared/access.ts';
import { countCeiling } from '../../shared/conversation.ts';
import type { Duplicate, DuplicatePage } from '../../shared/duplicate.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { canSeeFacts } from '../customers/customer.visible.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { invalid } from '../http/validate.ts';
import { mayNot } from '../users/user.create.ts';
import { compareDueNow } from './compare.due.ts';
import { anybody } from './compare.ts';
import type { DuplicateDoc } from './duplicate.model.ts';
import { presentDuplicate, type Side } from './duplicate.presenter.ts';
import { strongSigns } from './reasons.ts';

type State = 'open' | 'dismissed';

/** Pairs that are looked at for one page at the most, where many are of customers the viewer may not see. */
const mostLookedAt = 2_000;
const surestFirst = { score: -1, _id: 1 } as const;

/** One window of the queue: pairs of which the viewer may see both, the surest first. @throws AppError forbidden, invalid */
export async function listDuplicates(
  ctx: Context,
  viewer: Viewer,
  options: { state: State; after: string | null; limit: number },
): Promise<DuplicatePage> {
  if (!may(viewer, 'customer.link')) throw mayNot('decide which customers are the same');
  const { state, limit } = options;
  const duplicates: Duplicate[] = [];
  let cursor = options.after;
  let more = true;
  for (let looked = 0; more && duplicates.length < limit && looked < mostLookedAt; ) {
    const window = await ctx.models.duplicates
      .find({ $and: [visiblePairs(viewer, state), cursor === null ? {} : beyond(cursor)] })
      .sort(surestFirst)
      .limit(limit + 1)
      .lean<DuplicateDoc[]>()
      .exec();
    const page = window.slice(0, limit);
    const seen = new Map((await shown(ctx, viewer, page)).map((one) => [one.id, one]));
    for (const pair of page) {
      if (duplicates.length === limit) break;
      const one = seen.get(pair._id);
      if (one) duplicates.push(one);
      cursor = cursorOf(pair);
    }
    more = window.length > page.length || duplicates.length === limit;
    looked += page.length;
  }
  const count = await countDuplicates(ctx, viewer, state);
  return { duplicates, next: more && cursor !== options.after ? cursor : null, count };
}

/** How many pairs wait, up to 999 and 1000 for more. @throws AppError forbidden */
export function countDuplicates(ctx: Context, viewer: Viewer, state: State = 'open'): Promise<number> {
  if (!may(viewer, 'customer.link')) throw mayNot('decide which customers are the same');
  return ctx.models.duplicates.countDocuments(visiblePairs(viewer, state), { limit: countCeiling }).exec();
}

/** Who may be the same person as this customer. @throws AppError forbidden, notFound */
export async function duplicatesOf(ctx: Context, viewer: Viewer, id: string): Promise<Duplicate[]> {
  const customer = await readableCustomer(ctx, viewer, id);
  const pairs = await ctx.models.duplicates
    .find({ customerIds: customer._id, state: 'open' })
    .lean<DuplicateDoc[]>()
    .exec();
  return shown(
    ctx,
    viewer,
    pairs.sort((a, b) => b.score - a.score),
  );
}

/**
 * Not the same: the pair leaves the queue, and comes again only when a sign appears that was not there now. Said of a customer who is
 * merged later, it holds for whoever they became.
 * @throws AppError forbidden, notFound; conflict stateChanged when it was decided meanwhile
 */
export async function dismissDuplicate(ctx: Context, viewer: Viewer, id: string): Promise<Duplicate> {
  const pair = await decidable(ctx, viewer, { id, state: 'open' });
  const facts = await ctx.models.facts
    .find({ _id: { $in: pair.customerIds } })
    .lean<FactsDoc[]>()
    .exec();
  const [one, two] = facts;
  const set: Partial<DuplicateDoc> = {
    state: 'dismissed',
    decidedAt: ctx.now(),
    decidedByUserId: viewer.id,
    knownSigns: one && two ? strongSigns(one, two) : [],
  };
  return decide(ctx, viewer, { pair, set });
}

/** Takes "not the same" back. @throws AppError forbidden, notFound; conflict stateChanged */
export async function restoreDuplicate(ctx: Context, viewer: Viewer, id: string): Promise<Duplicate> {
  const pair = await decidable(ctx, viewer, { id, state: 'dismissed' });
  const set: Partial<DuplicateDoc> = {
    state: 'open',
    decidedAt: null,
    decidedByUserId: null,
    knownSigns: [],
  };
  return decide(ctx, viewer, { pair, set });
}

async function decide(
  ctx: Context,
  viewer: Viewer,
  { pair, set }: { pair: DuplicateDoc; set: Partial<DuplicateDoc> },
): Promise<Duplicate> {
  const after = await ctx.models.duplicates
    .findOneAndUpdate({ _id: pair._id, state: pair.state }, { $set: set }, { returnDocument: 'after' })
    .lean<DuplicateDoc>()
    .exec();
  if (!after) throw decidedMeanwhile();
  // What it said of others, of members of either, holds no more, or does now.
  await compareDueNow(ctx, pair.customerIds);
  ctx.bus.emit('lists.changed', { list: 'duplicates', userId: null });
  const [shownNow] = await shown(ctx, viewer, [after]);
  if (!shownNow) throw noDuplicate();
  return shownNow;
}

async function decidable(
  ctx: Context,
  viewer: Viewer,
  { id, state }: { id: string; state: State },
): Promise<DuplicateDoc> {
  if (!may(viewer, 'customer.link')) throw mayNot('decide which customers are the same');
  const pair = await ctx.models.duplicates.findById(id).lean<DuplicateDoc>().exec();
  if (!pair || !(await shown(ctx, viewer, [pair])).length) throw noDuplicate();
  if (pair.state !== state) throw decidedMeanwhile();
  return pair;
}

function noDuplicate(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such pair of customers.' });
}

function decidedMeanwhile(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: 'Somebody decided on these two meanwhile.',
  });
}

/** Those of the pairs whose customers are both there and may both be seen, as they are today. */
async function shown(ctx: Context, viewer: Viewer, pairs: readonly DuplicateDoc[]): Promise<Duplicate[]> {
  const ids = [...new Set(pairs.flatMap((pair) => pair.customerIds))];
  if (!ids.length) return [];
  const [customers, facts, identities] = await Promise.all([
    ctx.models.customers
      .find({ _id: { $in: ids }, mergedInto: null }, { name: 1, createdAt: 1, profile: 1 })
      .lean<Side['customer'][]>()
      .exec(),
    ctx.models.facts
      .find({ _id: { $in: ids } }, { activity: 1, values: 1, completeness: 1 })
      .lean<Pick<FactsDoc, '_id' | 'activity' | 'values' | 'completeness'>[]>()
      .exec(),
    ctx.models.identities
      .find({ customerId: { $in: ids } })
      .sort({ lastSeenAt: -1 })
      .lean<IdentityDoc[]>()
      .exec(),
  ]);
  const sideOf = (id: string | undefined): Side | null => {
    const customer = customers.find((one) => one._id === id);
    const theirs = facts.find((one) => one._id === id);
    if (!customer || !theirs || !canSeeFacts(viewer, theirs)) return null;
    return { customer, facts: theirs, identities: identities.filter((one) => one.customerId === id) };
  };
  return pairs.flatMap((pair) => {
    const [first, second] = [sideOf(pair.customerIds[0]), sideOf(pair.customerIds[1])];
    return first && second ? [presentDuplicate(pair, [first, second])] : [];
  });
}

function visiblePairs(viewer: Viewer, state: State): QueryFilter<DuplicateDoc> {
  if (viewer.channelIds === 'all') return { state };
  const mine = { $in: [...viewer.channelIds, anybody] };
  return { state, firstChannels: mine, secondChannels: mine };
}

function cursorOf(pair: Pick<DuplicateDoc, '_id' | 'score'>): string {
  return Buffer.from(`${pair.score}:${pair._id}`).toString('base64url');
}

function beyond(cursor: string): QueryFilter<DuplicateDoc> {
  const [, score, id] = /^(\d{1,3}):(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (id === undefined) throw invalid({ after: 'This is no cursor of this list.' });
  const points = Number(score);
  return { score: { $lte: points }, $or: [{ score: { $lt: points } }, { score: points, _id: { $gt: id } }] };
}
