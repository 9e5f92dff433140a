import type { Context } from '../context.ts';
import type { Finding, Source } from './hit.settle.ts';
import { isAway } from './learn.ts';
import { compileSearch, type Matcher, readText } from './matcher.ts';
import type { SavedSearchDoc } from './saved.model.ts';
import { tellingWords } from './words.ts';

export interface Listening {
  search: SavedSearchDoc;
  matcher: Matcher;
}

/** Every search that still looks, ready to look. */
export async function listeningSearches(ctx: Pick<Context, 'models'>): Promise<Listening[]> {
  const searches = await ctx.models.savedSearches
    .find({ archived: false })
    .sort({ _id: 1 })
    .lean<SavedSearchDoc[]>()
    .exec();
  return searches.map((search) => ({ search, matcher: compileSearch(search) }));
}

/** What each of these searches says of a source. */
export function findingsOf(listening: readonly Listening[], source: Source): Map<string, Finding> {
  const text = readText(source.text);
  const said = { channelId: source.channelId, handle: source.handle, text };
  let words: string[] | null = null;
  return new Map(
    listening.map(({ search, matcher }) => {
      const matched = matcher.matches(said);
      if (matched && search.learnt) words ??= tellingWords(source.text);
      return [search._id, { matched, away: matched ? isAway(search.learnt, words ?? []) : null }];
    }),
  );
}

export const findsAny = (found: ReadonlyMap<string, Finding>) =>
  [...found.values()].some(({ matched }) => matched);
