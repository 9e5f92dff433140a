import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Author, SpikeAlert } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import type { SpikeDoc } from './hit.model.ts';
import { authorsOf } from './hit.presenter.ts';
import { mustListen } from './hit.query.ts';
import type { SavedSearchDoc } from './saved.model.ts';

const page = 30;
/** Less than this part of it on channels of theirs is no alert for them. */
const leastShare = 0.5;

/**
 * Alerts, newest first. Somebody who may not use all channels is told of those that are mostly on theirs, with what is on theirs.
 * @throws AppError forbidden; invalid for a cursor that is none
 */
export async function listSpikes(
  ctx: Context,
  viewer: Viewer,
  after: string | null,
): Promise<{ spikes: SpikeAlert[]; next: string | null }> {
  mustListen(viewer, 'listening.read', 'see what is said in public');
  const place = after === null ? null : placeOf(after);
  const found = await ctx.models.spikes
    .find(
      place
        ? {
            hour: { $lte: place.hour },
            $or: [{ hour: { $lt: place.hour } }, { hour: place.hour, _id: { $lt: place.id } }],
          }
        : {},
    )
    .sort({ hour: -1, _id: -1 })
    .limit(page + 1)
    .lean<SpikeDoc[]>();
  const shown = found.slice(0, page);
  const last = shown.at(-1);
  return {
    spikes: await presentSpikes(ctx, viewer, shown),
    next: found.length > page && last ? `${last.hour.getTime()}.${last._id}` : null,
  };
}

/** @throws AppError forbidden, notFound */
export async function seeSpike(ctx: Context, viewer: Viewer, id: string): Promise<SpikeAlert> {
  mustListen(viewer, 'listening.read', 'see what is said in public');
  const spike = await ctx.models.spikes.findById(id).lean<SpikeDoc>().exec();
  if (!spike || !concerns(viewer, spike)) throw noSpike();
  await ctx.models.spikes.updateOne({ _id: id }, { $addToSet: { seenBy: viewer.id } });
  ctx.bus.emit('lists.changed', { list: 'spikes', userId: viewer.id });
  const seenBy = [...new Set([...spike.seenBy, viewer.id])];
  const [shown] = await presentSpikes(ctx, viewer, [{ ...spike, seenBy }]);
  if (!shown) throw noSpike();
  return shown;
}

/** It is, mostly, on channels of theirs: what rose of it. */
export function concerns(
  viewer: Viewer,
  spike: Pick<SpikeDoc, 'of' | 'count' | 'rise' | 'negative'>,
): boolean {
  const { rise, negative } = spike;
  const all = rise === 'negative' ? Object.values(negative).reduce((sum, n) => sum + n, 0) : spike.count;
  const theirs = rise === 'negative' ? sumOver(viewer, negative) : visibleCount(viewer, spike);
  return theirs >= Math.max(1, all * leastShare);
}

function visibleCount(viewer: Viewer, { of, count }: Pick<SpikeDoc, 'of' | 'count'>): number {
  return viewer.channelIds === 'all' ? count : sumOver(viewer, of);
}

function sumOver(viewer: Viewer, of: Record<string, number>): number {
  return Object.entries(of).reduce((sum, [id, n]) => sum + (canUseChannel(viewer, id) ? n : 0), 0);
}

async function presentSpikes(
  ctx: Context,
  viewer: Viewer,
  spikes: readonly SpikeDoc[],
): Promise<SpikeAlert[]> {
  const theirs = spikes.filter((spike) => concerns(viewer, spike));
  if (!theirs.length) return [];
  const mine = ({ channelId }: { channelId: string }) => canUseChannel(viewer, channelId);
  const [searches, authorOf] = await Promise.all([
    ctx.models.savedSearches
      .find({ _id: { $in: theirs.map(({ searchId }) => searchId) } }, { name: 1 })
      .lean<Pick<SavedSearchDoc, '_id' | 'name'>[]>(),
    authorsOf(
      ctx,
      viewer,
      theirs.flatMap(({ authors }) =>
        authors.filter(mine).map(({ id }) => ({ authorId: id, connector: '' })),
      ),
    ),
  ]);
  const nameOf = new Map(searches.map(({ _id, name }) => [_id, name]));
  return theirs.map((spike) => {
    const count = visibleCount(viewer, spike);
    const whole = count === spike.count;
    return {
      id: spike._id,
      searchId: spike.searchId,
      searchName: nameOf.get(spike.searchId) ?? '',
      at: spike.hour.toISOString(),
      count,
      usual: spike.usual,
      rise: spike.rise ?? 'all',
      usualNegative: spike.usualNegative ?? 0,
      negative: sumOver(viewer, spike.negative),
      // Words are of all channels together.
      words: whole ? spike.words : [],
      authors: spike.authors.filter(mine).flatMap(({ id }): Author[] => {
        const author = authorOf.get(id);
        return author ? [author] : [];
      }),
      postId: spike.posts.find(mine)?.id ?? null,
      hitIds: spike.hits.filter(mine).map(({ id }) => id),
      seenBy: spike.seenBy,
      endedAt: spike.endedAt?.toISOString() ?? null,
    };
  });
}

function placeOf(cursor: string): { hour: Date; id: string } {
  const [, time = '', id = ''] = /^(\d{1,15})\.(.+)$/s.exec(cursor) ?? [];
  if (!id) throw invalid({ after: 'Must be the “next” of an earlier page' });
  return { hour: new Date(Number(time)), id };
}

function noSpike(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such alert.' });
}
