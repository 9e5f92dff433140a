import type { Context } from '../context.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { HitDoc, Verdict } from './hit.model.ts';
import { learn } from './learn.ts';
import { compileSearch } from './matcher.ts';
import type { SavedSearchDoc } from './saved.model.ts';

/** Examples of each kind, the newest. */
const mostAway = 300;
const mostKept = 600;

/**
 * Learns anew what is not about us, of what people taught away and what they did not. Two at the same moment conflict on the search, so
 * that the later one has seen all examples.
 */
export async function relearn(ctx: Context, searchIds: readonly string[]): Promise<void> {
  for (const searchId of searchIds)
    await commit(ctx, async (tx) => {
      const { session } = tx;
      const search = await tx.models.savedSearches
        .findById(searchId, null, { session })
        .lean<SavedSearchDoc>();
      if (!search) return;
      const away = await examples(tx, { searchId, verdict: 'taught', limit: mostAway });
      const said = await examples(tx, { searchId, verdict: 'kept', limit: mostKept });
      const unsaid = await examples(tx, {
        searchId,
        verdict: 'none',
        limit: mostKept - said.length,
      });
      const taught = await tx.models.hits.countDocuments({ searchId, verdict: 'taught' }, { session }).exec();
      const learnt = learn({ away, kept: [...said, ...unsaid] }, { own: compileSearch(search).own });
      await tx.models.savedSearches.updateOne({ _id: searchId }, { $set: { learnt, taught } }, { session });
    });
  if (searchIds.length) ctx.bus.emit('lists.changed', { list: 'searches', userId: null });
}

async function examples(
  tx: Tx,
  of: { searchId: string; verdict: Verdict; limit: number },
): Promise<string[][]> {
  if (of.limit <= 0) return [];
  const rows = await tx.models.hits
    .find(
      { searchId: of.searchId, verdict: of.verdict, deletedAt: null },
      { words: 1 },
      { session: tx.session },
    )
    .sort({ at: -1 })
    .limit(of.limit)
    .lean<Pick<HitDoc, 'words'>[]>();
  return rows.map(({ words }) => words);
}
