import type { QueryFilter } from 'mongoose';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type {
  Segment,
  SegmentCount,
  SegmentCreate,
  SegmentRule,
  SegmentUpdate,
} from '../../shared/segment.ts';
import type { Context } from '../context.ts';
import { mayNot } from '../users/user.create.ts';
import { countFacts } from './segment.count.ts';
import type { SegmentDoc } from './segment.model.ts';
import { fieldTypes, mustBeAskable, queryOfRule } from './segment.rule.ts';
import { segmentSize } from './segment.size.ts';

function presentSegment(segment: SegmentDoc, size: SegmentCount): Segment {
  return {
    id: segment._id,
    name: segment.name,
    rule: segment.rule,
    ownerId: segment.ownerId,
    sharedWith: segment.sharedWith,
    createdAt: segment.createdAt.toISOString(),
    updatedAt: segment.updatedAt.toISOString(),
    size,
  };
}

/** Of one person. */
export const mostSegments = 100;

/** How long one that was deleted can be brought back, as itself. */
const keptMs = 30 * 24 * 60 * 60_000;

const seenBy = (viewer: Viewer): QueryFilter<SegmentDoc> => ({
  deletedAt: null,
  $or: [{ ownerId: viewer.id }, { sharedWith: 'everyone' }],
});

/** Their own and everybody's, each with how many of the customers they may see it holds. */
export async function listSegments(ctx: Context, viewer: Viewer): Promise<Segment[]> {
  if (!may(viewer, 'customer.read')) throw mayNot('see segments');
  const segments = await ctx.models.segments
    .find(seenBy(viewer))
    .sort({ createdAt: 1, _id: 1 })
    .lean<SegmentDoc[]>()
    .exec();
  const listed: Segment[] = [];
  // One after the other: counts are asked of one database.
  for (const segment of segments)
    listed.push(presentSegment(segment, await segmentSize(ctx, viewer, segment)));
  return listed;
}

/** @throws AppError forbidden; notFound also for somebody else's own */
export async function getSegment(ctx: Context, viewer: Viewer, id: string): Promise<Segment> {
  const segment = await seenSegment(ctx, viewer, id);
  return presentSegment(segment, await segmentSize(ctx, viewer, segment));
}

/** The rule behind an id, for this viewer. @throws AppError forbidden, notFound */
export async function ruleOfSegment(ctx: Context, viewer: Viewer, id: string): Promise<SegmentRule> {
  return (await seenSegment(ctx, viewer, id)).rule;
}

async function seenSegment(ctx: Context, viewer: Viewer, id: string): Promise<SegmentDoc> {
  if (!may(viewer, 'customer.read')) throw mayNot('see segments');
  const segment = await ctx.models.segments
    .findOne({ _id: id, ...seenBy(viewer) })
    .lean<SegmentDoc>()
    .exec();
  if (!segment) throw noSegment();
  return segment;
}

/** What a rule holds that nobody has saved yet. @throws AppError forbidden; invalid, with each condition that cannot be asked */
export async function countRule(ctx: Context, viewer: Viewer, rule: SegmentRule): Promise<SegmentCount> {
  if (!may(viewer, 'customer.read')) throw mayNot('see segments');
  return countFacts(ctx, viewer, await queryOfRule(ctx, rule));
}

/** @throws AppError forbidden, also for sharing without being an administrator; invalid; conflict with too many */
export async function createSegment(ctx: Context, viewer: Viewer, form: SegmentCreate): Promise<Segment> {
  if (!may(viewer, 'segment.write')) throw mayNot('save segments');
  mustShare(viewer, form.sharedWith);
  mustBeAskable(form.rule, await fieldTypes(ctx));
  const has = await ctx.models.segments.countDocuments({ ownerId: viewer.id, deletedAt: null }).exec();
  if (has >= mostSegments)
    throw new AppError({
      code: 'conflict',
      message: `You have ${has} segments, each counted whenever they are shown. Delete one that is not needed any more.`,
    });
  const now = ctx.now();
  const segment: SegmentDoc = {
    ...form,
    _id: ctx.uuid(),
    ownerId: viewer.id,
    createdAt: now,
    updatedAt: now,
  };
  await ctx.models.segments.insertMany([segment]);
  announce(ctx, segment);
  return presentSegment(segment, await segmentSize(ctx, viewer, segment));
}

/** @throws AppError forbidden, notFound; invalid */
export async function updateSegment(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: SegmentUpdate },
): Promise<Segment> {
  const before = await ownSegment(ctx, viewer, options.id);
  const { change } = options;
  if (change.sharedWith !== undefined && change.sharedWith !== before.sharedWith)
    mustShare(viewer, 'everyone');
  if (change.rule) mustBeAskable(change.rule, await fieldTypes(ctx));
  const set = { ...change, updatedAt: ctx.now() };
  await ctx.models.segments.updateOne({ _id: before._id }, { $set: set }).exec();
  const after = { ...before, ...set } as SegmentDoc;
  announce(ctx, before, after);
  return presentSegment(after, await segmentSize(ctx, viewer, after));
}

/** One that is gone already is gone. It can be brought back for a month. @throws AppError forbidden for another's */
export async function deleteSegment(ctx: Context, viewer: Viewer, id: string): Promise<void> {
  const known = await ownSegment(ctx, viewer, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'notFound') return null;
    throw error;
  });
  if (!known) return;
  const at = ctx.now();
  await ctx.models.segments.updateOne({ _id: id, deletedAt: null }, { $set: { deletedAt: at } }).exec();
  await ctx.models.segments.deleteMany({ deletedAt: { $lt: new Date(at.getTime() - keptMs) } }).exec();
  announce(ctx, known);
}

/**
 * The undo of deleting: the same segment, its owner's, at the same address. One that is there is as it is.
 * @throws AppError forbidden, notFound
 */
export async function restoreSegment(ctx: Context, viewer: Viewer, id: string): Promise<Segment> {
  const segment = await ownSegment(ctx, viewer, id, { deleted: true });
  await ctx.models.segments.updateOne({ _id: id }, { $set: { deletedAt: null } }).exec();
  announce(ctx, segment);
  return presentSegment(segment, await segmentSize(ctx, viewer, segment));
}

async function ownSegment(
  ctx: Context,
  viewer: Viewer,
  id: string,
  { deleted = false } = {},
): Promise<SegmentDoc> {
  if (!may(viewer, 'segment.write')) throw mayNot('change segments');
  const segment = await ctx.models.segments
    .findOne({ _id: id, ...(!deleted && { deletedAt: null }) })
    .lean<SegmentDoc>()
    .exec();
  if (!segment) throw noSegment();
  const shared = segment.sharedWith === 'everyone';
  if (segment.ownerId === viewer.id && (!shared || may(viewer, 'segment.manage'))) return segment;
  if (shared && may(viewer, 'segment.manage')) return segment;
  if (shared) throw mayNot('change a segment that is everybody’s');
  throw noSegment();
}

function mustShare(viewer: Viewer, sharedWith: Segment['sharedWith']): void {
  if (sharedWith === 'everyone' && !may(viewer, 'segment.manage'))
    throw mayNot('share segments with everyone');
}

function noSegment(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such segment.' });
}

function announce(ctx: Context, ...segments: SegmentDoc[]): void {
  const alone = segments.every((segment) => segment.sharedWith === 'nobody');
  ctx.bus.emit('lists.changed', { list: 'segments', userId: alone ? (segments[0]?.ownerId ?? null) : null });
}
