import type * as z from 'zod/mini';
import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { SavedSearch, SavedSearchCreate, SavedSearchUpdate } from '../../shared/listening.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { nameTaken } from '../db/name.ts';
import { invalid } from '../http/validate.ts';
import { commit } from '../messages/commit.ts';
import { forgetProducts } from '../sentiment/products.ts';
import type { HitHourDoc } from './hit.model.ts';
import { mustListen } from './hit.query.ts';
import { learntWords } from './learn.ts';
import { lookBackFrom } from './listen.back.ts';
import { canBeFound } from './matcher.ts';
import type { SavedSearchDoc } from './saved.model.ts';

const weekMs = 7 * 24 * 3_600_000;
const most = 200;
const mostFormerNames = 20;

/** Archived ones too: what they found is still there. @throws AppError forbidden */
export async function listSearches(ctx: Context, viewer: Viewer): Promise<SavedSearch[]> {
  mustListen(viewer, 'listening.read', 'see what is searched for');
  const searches = await ctx.models.savedSearches
    .find({})
    .sort({ createdAt: 1, _id: 1 })
    .lean<SavedSearchDoc[]>();
  return present(ctx, viewer, searches);
}

/**
 * From now on it looks at all that is said, and at the last ninety days from the newest backwards.
 * @throws AppError forbidden; invalid for a term without a word in it, a channel that is none of the viewer's, a name that another of
 *   its kind has (duplicateName), or too many searches
 */
export async function createSearch(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof SavedSearchCreate>,
): Promise<SavedSearch> {
  mustListen(viewer, 'listening.manage', 'save searches');
  await mustMakeSense(ctx, viewer, form);
  await mustBeOneOfItsName(ctx, form);
  if ((await ctx.models.savedSearches.countDocuments({ archived: false }).exec()) >= most)
    throw invalid({ name: `There may be ${most} searches at most; archive one first` });
  const search: SavedSearchDoc = {
    _id: ctx.uuid(),
    ...form,
    archived: false,
    version: 1,
    run: lookBackFrom(ctx.now()),
    learnt: null,
    taught: 0,
    createdAt: ctx.now(),
    byUserId: viewer.id,
  };
  await ctx.models.savedSearches.insertMany([search]);
  return changed(ctx, viewer, search);
}

/**
 * What changes what it finds makes it look back anew: what it no longer finds is its hit no more.
 * @throws AppError forbidden, notFound; invalid as for a new one
 */
export async function updateSearch(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; update: z.output<typeof SavedSearchUpdate> },
): Promise<SavedSearch> {
  mustListen(viewer, 'listening.manage', 'change searches');
  const { id, update } = options;
  const after = await commit(ctx, async (tx) => {
    const { session } = tx;
    const before = await tx.models.savedSearches.findById(id, null, { session }).lean<SavedSearchDoc>();
    if (!before) throw new AppError({ code: 'notFound', message: 'There is no such search.' });
    const next: SavedSearchDoc = { ...before, ...withoutAbsent(update) };
    if (next.name !== before.name) next.formerNames = formerNamesOf(before, next.name);
    await mustMakeSense(ctx, viewer, next);
    const isNamed = next.name !== before.name || next.kind !== before.kind || before.archived;
    // Two that were named alike before that was refused may still be changed otherwise.
    if (isNamed && !next.archived) await mustBeOneOfItsName(ctx, next);
    const looks = wordsOf(before) !== wordsOf(next) || (before.archived && !next.archived);
    const set: SavedSearchDoc = looks
      ? { ...next, version: before.version + 1, run: lookBackFrom(ctx.now()) }
      : next;
    const { _id, ...fields } = set;
    await tx.models.savedSearches.updateOne({ _id }, { $set: fields }, { session });
    return set;
  });
  return changed(ctx, viewer, after);
}

/** What was heard under an earlier name is told under the new one. */
const formerNamesOf = ({ formerNames = [], name }: SavedSearchDoc, now: string): string[] =>
  [...formerNames.filter((one) => one !== name && one !== now), name].slice(-mostFormerNames);

function withoutAbsent<T extends object>(update: T): Partial<T> {
  return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** What decides what it finds. */
function wordsOf(search: SavedSearchDoc): string {
  const { kind, terms, exclude, excludeAuthors, channelIds } = search;
  return JSON.stringify([kind === 'hashtag', terms, exclude, excludeAuthors, channelIds]);
}

async function changed(ctx: Context, viewer: Viewer, search: SavedSearchDoc): Promise<SavedSearch> {
  forgetProducts(ctx);
  ctx.bus.emit('lists.changed', { list: 'searches', userId: null });
  ctx.queue.wake('listen', 'owed');
  const [shown] = await present(ctx, viewer, [search]);
  return shown as SavedSearch;
}

async function mustMakeSense(
  ctx: Context,
  viewer: Viewer,
  form: Pick<SavedSearchDoc, 'kind' | 'terms' | 'exclude' | 'channelIds'>,
): Promise<void> {
  const wrong: Record<string, string> = {};
  const check = (field: 'terms' | 'exclude', kind: SavedSearchDoc['kind']) => {
    const empty = form[field].findIndex((term) => !canBeFound(term, kind));
    if (empty >= 0) wrong[`${field}.${empty}`] = 'Must have a letter or a digit in it';
  };
  check('terms', form.kind);
  check('exclude', 'keyword');
  if (form.channelIds !== 'all') {
    const known = new Set(
      (await ctx.models.channels.find({ _id: { $in: form.channelIds } }, { _id: 1 }).lean()).map(
        ({ _id }) => _id,
      ),
    );
    const strange = form.channelIds.findIndex((id) => !known.has(id) || !canUseChannel(viewer, id));
    if (strange >= 0) wrong[`channelIds.${strange}`] = 'There is no such channel';
  }
  if (Object.keys(wrong).length) throw invalid(wrong);
}

/** Of one kind: what a brand and a hashtag find may well be called alike. */
async function mustBeOneOfItsName(
  ctx: Context,
  { _id, kind, name }: Pick<SavedSearchDoc, 'kind' | 'name'> & { _id?: string },
): Promise<void> {
  const others = await ctx.models.savedSearches
    .find({ kind, archived: false, ...(_id && { _id: { $ne: _id } }) }, { name: 1 })
    .lean<Pick<SavedSearchDoc, 'name'>[]>();
  if (others.some((other) => normalise(other.name) === normalise(name)))
    throw nameTaken('search of this kind');
}

async function present(
  ctx: Context,
  viewer: Viewer,
  searches: readonly SavedSearchDoc[],
): Promise<SavedSearch[]> {
  const now = ctx.now().getTime();
  const ids = searches.map(({ _id }) => _id);
  const [week, before] = await Promise.all([
    countHits(ctx, viewer, { ids, from: new Date(now - weekMs), to: null }),
    countHits(ctx, viewer, { ids, from: new Date(now - 2 * weekMs), to: new Date(now - weekMs) }),
  ]);
  return searches.map((search) => ({
    id: search._id,
    name: search.name,
    kind: search.kind,
    terms: search.terms,
    exclude: search.exclude,
    excludeAuthors: search.excludeAuthors,
    channelIds: search.channelIds,
    alert: search.alert,
    archived: search.archived,
    createdAt: search.createdAt.toISOString(),
    byUserId: search.byUserId,
    week: week.get(search._id) ?? 0,
    weekBefore: before.get(search._id) ?? 0,
    taught: search.taught,
    learnt: learntWords(search.learnt),
  }));
}

/** From the hours' counts, of the channels that the viewer may use. */
async function countHits(
  ctx: Context,
  viewer: Viewer,
  of: { ids: readonly string[]; from: Date; to: Date | null },
): Promise<Map<string, number>> {
  const n =
    viewer.channelIds === 'all'
      ? '$n'
      : { $add: [0, ...viewer.channelIds.map((id) => ({ $ifNull: [`$of.${id}`, 0] }))] };
  const sums = await ctx.models.hitHours.aggregate<Pick<HitHourDoc, '_id' | 'n'>>([
    {
      $match: {
        searchId: { $in: [...of.ids] },
        hour: { $gte: of.from, ...(of.to && { $lt: of.to }) },
      },
    },
    { $group: { _id: '$searchId', n: { $sum: n } } },
  ]);
  return new Map(sums.map(({ _id, n: count }) => [_id, count]));
}

/** What a listener may search for on a channel. */
export async function searchesOn(
  ctx: Pick<Context, 'models'>,
  channelId: string,
): Promise<{ terms: string[]; exclude: string[] }[]> {
  const searches = await ctx.models.savedSearches
    .find({ archived: false })
    .sort({ createdAt: 1, _id: 1 })
    .lean<SavedSearchDoc[]>();
  return searches
    .filter(({ channelIds }) => channelIds === 'all' || channelIds.includes(channelId))
    .map(({ kind, terms, exclude }) => ({
      terms: kind === 'hashtag' ? terms.map((term) => `#${term.replace(/^[#＃]/, '')}`) : terms,
      exclude,
    }));
}
