import type { ClientSession } from 'mongoose';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { anySearch, type HitDoc } from './hit.model.ts';
import type { SavedSearchDoc } from './saved.model.ts';

/** Of these mentions: those that were taught away, and those that only searches for competitors found. */
export async function aboutOthers(
  of: Pick<Context, 'models'> & { session?: ClientSession },
  mentionIds: readonly string[],
): Promise<Set<string>> {
  if (!mentionIds.length) return new Set();
  const { models, session = null } = of;
  const hits = await models.hits
    .find(
      { _id: { $in: mentionIds.map((id) => key(anySearch, id)) } },
      { sourceId: 1, state: 1, searchIds: 1 },
      { session },
    )
    .lean<Pick<HitDoc, 'sourceId' | 'state' | 'searchIds'>[]>();
  if (!hits.length) return new Set();
  const competitors = await models.savedSearches
    .find({ kind: 'competitor' }, { _id: 1 }, { session })
    .lean<Pick<SavedSearchDoc, '_id'>[]>();
  const theirs = new Set(competitors.map((search) => search._id));
  return new Set(
    hits
      .filter(
        ({ state, searchIds }) =>
          state === 'notUs' || (searchIds.length > 0 && searchIds.every((id) => theirs.has(id))),
      )
      .map(({ sourceId }) => sourceId),
  );
}
