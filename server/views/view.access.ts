import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { filterOf, type SavedView, type ViewFilter, type ViewKey } from '../../shared/view.ts';
import type { Context } from '../context.ts';
import type { SavedViewDoc } from './view.model.ts';

/** Of their own, for everyone, or for one of their teams. */
export function sharedWithViewer(viewer: Pick<Viewer, 'id' | 'teamIds'>): Record<string, unknown> {
  return { $or: [{ ownerId: viewer.id }, { sharedWith: { $in: ['everyone', ...viewer.teamIds] } }] };
}

/** The same rule for something read already. */
export function isSharedWith(
  viewer: Pick<Viewer, 'id' | 'teamIds'>,
  thing: { ownerId: string; sharedWith: string },
): boolean {
  return (
    thing.ownerId === viewer.id ||
    thing.sharedWith === 'everyone' ||
    viewer.teamIds.includes(thing.sharedWith)
  );
}

/** As it is kept: a word or the id of a team. */
export const keptSharing = (sharedWith: SavedView['sharedWith']): string =>
  typeof sharedWith === 'object' ? sharedWith.teamId : sharedWith;

export const presentSharing = (kept: string): SavedView['sharedWith'] =>
  kept === 'nobody' || kept === 'everyone' ? kept : { teamId: kept };

/**
 * The filter behind a key, for this viewer.
 * @throws AppError notFound for a saved view that is not there, or not theirs to see
 */
export async function viewFilter(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  key: ViewKey,
): Promise<ViewFilter> {
  const id = key.startsWith('saved:') ? key.slice('saved:'.length) : null;
  const saved =
    id === null
      ? null
      : await ctx.models.views
          .findOne({ _id: id, ...sharedWithViewer(viewer) })
          .lean<SavedViewDoc>()
          .exec();
  const filter = filterOf(key, saved ? [{ id: saved._id, filter: saved.filter }] : []);
  if (!filter) throw new AppError({ code: 'notFound', message: 'There is no such view.' });
  return filter;
}
