import type { SpikeRise } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import type { HitDoc, HitHourDoc, SpikeDoc } from './hit.model.ts';
import { type CountChange, hourId } from './hit.settle.ts';
import { hourMs } from './hour.ts';
import { compileSearch } from './matcher.ts';
import { risenWords } from './risen.ts';
import { sampleBefore } from './sample.ts';
import type { SavedSearchDoc } from './saved.model.ts';
import { covers, hoursBack, riseOf, type Usual, usualOf, weeksBack } from './spike.rule.ts';

/** Older hours are no alert any more, whatever is still found in them. */
const stillMs = 2 * hourMs;
const weekMs = 7 * 24 * hourMs;
/** Hits that an explanation is made of. */
const mostRead = 500;
const mostShown = 5;
/** It is explained anew once it has grown by so much. */
const growth = 1.2;

/** Looks at the hours in which hits were counted or uncounted, and ends alerts whose hour is over. */
export async function watchSpikes(
  ctx: Context,
  counts: readonly Pick<CountChange, 'searchId' | 'hour'>[],
): Promise<void> {
  const oldest = new Date(ctx.now().getTime() - stillMs);
  const hours = new Map<string, { searchId: string; hour: Date }>();
  for (const { searchId, hour } of counts)
    if (hour >= oldest) hours.set(hourId(searchId, hour), { searchId, hour });
  let changed = await endOver(ctx);
  if (hours.size) {
    const ids = [...new Set([...hours.values()].map(({ searchId }) => searchId))];
    const searches = await ctx.models.savedSearches
      .find({ _id: { $in: ids }, alert: true, archived: false, run: null })
      .lean<SavedSearchDoc[]>();
    const byId = new Map(searches.map((search) => [search._id, search]));
    for (const { searchId, hour } of hours.values()) {
      const search = byId.get(searchId);
      if (search && (await watch(ctx, search, hour))) changed = true;
    }
  }
  if (changed) ctx.bus.emit('lists.changed', { list: 'spikes', userId: null });
}

async function endOver(ctx: Context): Promise<boolean> {
  const before = new Date(ctx.now().getTime() - hourMs);
  const over = await ctx.models.spikes
    .find({ endedAt: null, hour: { $lte: before } }, { hour: 1 })
    .limit(100)
    .lean<Pick<SpikeDoc, '_id' | 'hour'>[]>();
  for (const { _id, hour } of over)
    await ctx.models.spikes.updateOne(
      { _id, endedAt: null },
      { $set: { endedAt: new Date(hour.getTime() + hourMs) } },
    );
  return over.length > 0;
}

/** @returns whether whoever shows alerts has something to ask for */
async function watch(ctx: Context, search: SavedSearchDoc, hour: Date): Promise<boolean> {
  const { spikes } = ctx.models;
  const _id = hourId(search._id, hour);
  const [counted, usual, known] = await Promise.all([
    ctx.models.hitHours.findById(_id).lean<HitHourDoc>().exec(),
    usualHour(ctx, search._id, hour),
    spikes.findById(_id).lean<SpikeDoc>().exec(),
  ]);
  const count = counted?.n ?? 0;
  const parts = partsOf(counted);
  const negative = sumOf(parts.negative);
  const rise = riseOf({ all: count, negative }, usual);
  const over = hour.getTime() + hourMs <= ctx.now().getTime();
  if (!rise) {
    if (!known || known.endedAt) return false;
    await spikes.updateOne({ _id }, { $set: { endedAt: ctx.now(), count, ...parts } });
    return true;
  }
  const same = (known?.rise ?? 'all') === rise;
  if (known && known.count === count && sumOf(known.negative) === negative && same) return false;
  const told = {
    count,
    rise,
    usual: usual.all.median,
    usualNegative: usual.negative.median,
    ...parts,
    endedAt: over ? new Date(hour.getTime() + hourMs) : null,
  };
  const risen = rise === 'negative' ? negative : count;
  if (known && same && risen < (known.explained ?? 0) * growth && !known.endedAt) {
    await spikes.updateOne({ _id }, { $set: told });
    return true;
  }
  const spike: Omit<SpikeDoc, '_id' | 'seenBy'> = {
    searchId: search._id,
    hour,
    ...told,
    explained: risen,
    ...(await explain(ctx, search, { hour, rise })),
  };
  await spikes.updateOne({ _id }, { $set: spike, $setOnInsert: { seenBy: [] } }, { upsert: true });
  // What goes on since the hour before was told already.
  const before = await spikes
    .findById(hourId(search._id, new Date(hour.getTime() - hourMs)), { rise: 1 })
    .lean<Pick<SpikeDoc, 'rise'>>()
    .exec();
  const goesOn = before !== null && covers(before.rise ?? 'all', rise);
  if (!known && !goesOn) ctx.bus.emit('spike.began', { spikeId: _id });
  return true;
}

function partsOf(counted: HitHourDoc | null): Pick<SpikeDoc, 'of' | 'negative'> {
  const negative = Object.entries(counted?.by ?? {}).map(([channelId, sources]): [string, number] => [
    channelId,
    Object.values(sources).reduce((sum, labels) => sum + (labels.negative ?? 0), 0),
  ]);
  return { of: counted?.of ?? {}, negative: Object.fromEntries(negative) };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** Of the weeks since the search first found anything. */
async function usualHour(
  ctx: Context,
  searchId: string,
  hour: Date,
): Promise<{ all: Usual; negative: Usual }> {
  const first = await ctx.models.hits
    .findOne({ searchId, at: { $gt: new Date(0) } }, { hour: 1 })
    .sort({ at: 1 })
    .lean<Pick<HitDoc, 'hour'>>();
  const since = first?.hour ?? hour;
  const back = (ms: number, most: number) =>
    Array.from({ length: most }, (_, n) => new Date(hour.getTime() - (n + 1) * ms)).filter(
      (at) => at >= since,
    );
  const weeks = back(weekMs, weeksBack);
  const hours = back(hourMs, hoursBack);
  const docs = await ctx.models.hitHours
    .find({ _id: { $in: [...weeks, ...hours].map((at) => hourId(searchId, at)) } }, { hour: 1, n: 1, by: 1 })
    .lean<HitHourDoc[]>();
  const counts = new Map(
    docs.map((doc) => [doc.hour.getTime(), { all: doc.n, negative: sumOf(partsOf(doc).negative) }]),
  );
  const usual = (what: 'all' | 'negative') => {
    const countsOf = (times: readonly Date[]) => times.map((at) => counts.get(at.getTime())?.[what] ?? 0);
    return usualOf({ weeks: countsOf(weeks), hours: countsOf(hours) });
  };
  return { all: usual('all'), negative: usual('negative') };
}

type Read = Pick<
  HitDoc,
  'sourceId' | 'at' | 'words' | 'hashtags' | 'authorId' | 'channelId' | 'postId' | 'reach'
>;

async function explain(
  ctx: Context,
  search: SavedSearchDoc,
  { hour, rise }: { hour: Date; rise: SpikeRise },
): Promise<Pick<SpikeDoc, 'words' | 'authors' | 'posts' | 'hits'>> {
  const hits = await ctx.models.hits
    .find(
      {
        searchId: search._id,
        counted: true,
        at: { $gte: hour, $lt: new Date(hour.getTime() + hourMs) },
        ...(rise === 'negative' && { label: 'negative' }),
      },
      { sourceId: 1, at: 1, words: 1, hashtags: 1, authorId: 1, channelId: 1, postId: 1, reach: 1 },
    )
    .sort({ at: 1 })
    .limit(mostRead)
    .lean<Read[]>();
  const before = await sampleBefore(ctx, { searchIds: [search._id], before: hour, channelIds: 'all' });
  const { own } = compileSearch(search);
  const byReach = [...hits].sort((a, b) => (b.reach ?? -1) - (a.reach ?? -1));
  const first = hits.slice(0, 1);
  return {
    words: risenWords(hits, before, { own, limit: 10 }),
    authors: firstOf(byReach, ({ authorId }) => authorId).map(({ authorId, channelId }) => ({
      id: authorId,
      channelId,
    })),
    posts: postsOf(hits),
    hits: firstOf([...first, ...byReach], ({ sourceId }) => sourceId).map(({ sourceId, channelId }) => ({
      id: sourceId,
      channelId,
    })),
  };
}

function firstOf(hits: readonly Read[], keyOf: (hit: Read) => string): Read[] {
  const found = new Map<string, Read>();
  for (const hit of hits) if (found.size < mostShown && !found.has(keyOf(hit))) found.set(keyOf(hit), hit);
  return [...found.values()];
}

function postsOf(hits: readonly Read[]): SpikeDoc['posts'] {
  const posts = new Map<string, SpikeDoc['posts'][number]>();
  for (const { postId, channelId } of hits) {
    if (!postId) continue;
    const one = posts.get(key(postId, channelId)) ?? { id: postId, channelId, count: 0 };
    posts.set(key(postId, channelId), { ...one, count: one.count + 1 });
  }
  return [...posts.values()].sort((a, b) => b.count - a.count).slice(0, mostShown);
}
