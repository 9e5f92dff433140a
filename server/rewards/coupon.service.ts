import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { CouponList, CouponListCreate, CouponListUpdate } from '../../shared/reward.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { takeName } from '../db/name.ts';
import { invalid } from '../http/validate.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { CouponCodeDoc, CouponListDoc } from './reward.model.ts';

/** Codes written in one commit. */
const perCommit = 500;
/** Of those that are known already, so many are named. */
const mostNamed = 10;

/** Every list, the newest first, with how many codes are left. @throws AppError forbidden */
export async function listCouponLists(ctx: Context, viewer: Viewer): Promise<{ lists: CouponList[] }> {
  if (!may(viewer, 'reward.give') && !may(viewer, 'advocate.manage')) throw mayNot('see coupons');
  const lists = await ctx.models.couponLists
    .find({})
    .sort({ createdAt: -1, _id: -1 })
    .lean<CouponListDoc[]>()
    .exec();
  return { lists: await Promise.all(lists.map((list) => presentList(ctx, list))) };
}

/** @throws AppError forbidden; invalid: codes twice or known already, no worth or cost by who may not approve; duplicateName */
export async function createCouponList(
  ctx: Context,
  viewer: Viewer,
  form: CouponListCreate,
): Promise<CouponList> {
  if (!may(viewer, 'advocate.manage')) throw mayNot('manage lists of coupons');
  if (!may(viewer, 'reward.approve')) mustSayWorth(form);
  const list: CouponListDoc = {
    _id: ctx.uuid(),
    name: form.name,
    points: form.points,
    cost: form.cost,
    expiresAt: form.expiresAt === null ? null : new Date(form.expiresAt),
    archived: false,
    createdAt: ctx.now(),
    byUserId: viewer.id,
  };
  await mustBeNew(ctx, form.codes);
  await commit(ctx, async (tx) => {
    if (!(await takeName(tx, { kind: 'couponList', name: list.name, of: list._id }))) throw duplicateName();
    await tx.models.couponLists.insertMany([list], { session: tx.session });
  });
  await addCodes(ctx, list, form.codes);
  ctx.bus.emit('lists.changed', { list: 'coupons', userId: null });
  return presentList(ctx, list);
}

/** Whoever has to ask for approval does not make coupons that need none. @throws AppError invalid */
function mustSayWorth({ points, cost }: CouponListCreate): void {
  const wrong = {
    ...(points < 1 && { points: 'Say what a code is worth in points: one or more.' }),
    ...(!cost?.amount && { cost: 'Say what a code costs: coupons are held against the limit for approval.' }),
  };
  if (Object.keys(wrong).length) throw invalid(wrong);
}

/** More codes for a list. The same call again adds nothing and is refused with the codes that are there. */
export async function addCouponCodes(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; codes: readonly string[] },
): Promise<CouponList> {
  if (!may(viewer, 'advocate.manage')) throw mayNot('manage lists of coupons');
  const list = await find(ctx, options.id);
  await mustBeNew(ctx, options.codes);
  await addCodes(ctx, list, options.codes);
  ctx.bus.emit('lists.changed', { list: 'coupons', userId: null });
  return presentList(ctx, list);
}

/** Renames or archives it, or brings it back. @throws AppError forbidden, notFound, duplicateName */
export async function updateCouponList(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; update: z.infer<typeof CouponListUpdate> },
): Promise<CouponList> {
  if (!may(viewer, 'advocate.manage')) throw mayNot('manage lists of coupons');
  const { name, archived } = options.update;
  const list = await commit(ctx, async (tx) => {
    const before = await tx.models.couponLists
      .findById(options.id, null, { session: tx.session })
      .lean<CouponListDoc>();
    if (!before) throw noList();
    if (name !== undefined) await rename(tx, before, name);
    const set = { ...(name !== undefined && { name }), ...(archived !== undefined && { archived }) };
    if (Object.keys(set).length)
      await tx.models.couponLists.updateOne({ _id: before._id }, { $set: set }, { session: tx.session });
    return { ...before, ...set };
  });
  ctx.bus.emit('lists.changed', { list: 'coupons', userId: null });
  return presentList(ctx, list);
}

async function rename(tx: Tx, list: CouponListDoc, name: string): Promise<void> {
  if (!(await takeName(tx, { kind: 'couponList', name, of: list._id, before: list.name })))
    throw duplicateName();
}

const duplicateName = () =>
  new AppError({
    code: 'invalid',
    reason: 'duplicateName',
    message: 'Another list has this name.',
    fields: { name: 'Choose a name that no other list has.' },
  });

async function find(ctx: Context, id: string): Promise<CouponListDoc> {
  const list = await ctx.models.couponLists.findById(id).lean<CouponListDoc>().exec();
  if (!list) throw noList();
  return list;
}

const noList = () => new AppError({ code: 'notFound', message: 'There is no such list of coupons.' });

/** A code is given once: it is in one list, and there once. */
async function mustBeNew(ctx: Context, codes: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  const twice = codes.filter((code) => seen.size === seen.add(code).size);
  if (twice.length) throw invalid({ codes: `These are there twice: ${named(twice)}` });
  const known = await ctx.models.couponCodes
    .find({ _id: { $in: codes.map((code) => key(code)) } }, { code: 1 })
    .limit(mostNamed + 1)
    .lean<Pick<CouponCodeDoc, 'code'>[]>()
    .exec();
  if (known.length) throw knownAlready(known.map(({ code }) => code));
}

const knownAlready = (codes: readonly string[]) => {
  const message = `These are in a list already: ${named(codes)}`;
  return new AppError({
    code: 'invalid',
    message,
    fields: { codes: message },
    data: { known: codes.slice(0, mostNamed) },
  });
};

const named = (codes: readonly string[]) =>
  [...codes.slice(0, mostNamed), ...(codes.length > mostNamed ? ['…'] : [])].join(', ');

/** After those that are there. Two at once for one code conflict on it, and the second is refused. */
async function addCodes(ctx: Context, list: CouponListDoc, codes: readonly string[]): Promise<void> {
  for (let from = 0; from < codes.length; from += perCommit) {
    const some = codes.slice(from, from + perCommit);
    await commit(ctx, async (tx) => {
      const ids = some.map((code) => key(code));
      const taken = await tx.models.couponCodes
        .find({ _id: { $in: ids } }, { code: 1 }, { session: tx.session })
        .lean<Pick<CouponCodeDoc, 'code'>[]>();
      if (taken.length) throw knownAlready(taken.map(({ code }) => code));
      const base = tx.ctx.now().getTime();
      await tx.models.couponCodes.insertMany(
        some.map(
          (code, at): CouponCodeDoc => ({
            _id: key(code),
            listId: list._id,
            code,
            place: base + (from + at) / 10_000,
            rewardId: '',
          }),
        ),
        { session: tx.session, lean: true },
      );
    });
  }
}

async function presentList(ctx: Context, list: CouponListDoc): Promise<CouponList> {
  const [left, all] = await Promise.all([
    ctx.models.couponCodes.countDocuments({ listId: list._id, rewardId: '' }).exec(),
    ctx.models.couponCodes.countDocuments({ listId: list._id }).exec(),
  ]);
  return {
    id: list._id,
    name: list.name,
    points: list.points,
    cost: list.cost && { ...list.cost },
    expiresAt: list.expiresAt?.toISOString() ?? null,
    left,
    given: all - left,
    archived: list.archived,
  };
}
