import type { SpikeRise } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { postsThemselves } from '../posts/post.itself.ts';
import type { HitDoc, SpikeDoc } from './hit.model.ts';
import type { CountChange } from './hit.settle.ts';
import { hourMs } from './hour.ts';
import { messageIdOf } from './listen.source.ts';
import { compileSearch } from './matcher.ts';
import { risenWords } from './risen.ts';
import { sampleBefore } from './sample.ts';
import type { SavedSearchDoc } from './saved.model.ts';
import { type Counted, countHours, sumOf, usualBefore } from './spike.count.ts';
import { riseOf } from './spike.rule.ts';
import {
  goesOnWith,
  hourStretch,
  knownAcross,
  newAcross,
  type Stretch,
  toldAround,
} from './spike.stretch.ts';

/** Older hours are no alert any more, whatever is still found in them. */
const stillMs = 2 * hourMs;
/** Hits that an explanation is made of. */
const mostRead = 500;
const mostShown = 5;
const nothing: Counted = { count: 0, of: {}, negative: {} };
/** It is explained anew once it has grown by so much. */
const growth = 1.2;

/**
 * Looks at the hours in which hits were counted or uncounted, and at the sixty minutes across two of them; ends alerts whose sixty minutes
 * are over.
 */
export async function watchSpikes(
  ctx: Context,
  counts: readonly Pick<CountChange, 'searchId' | 'hour'>[],
): Promise<void> {
  const oldest = new Date(ctx.now().getTime() - stillMs);
  const hours = new Map<string, Map<number, Date>>();
  for (const { searchId, hour } of counts)
    if (hour >= oldest)
      hours.set(searchId, (hours.get(searchId) ?? new Map<number, Date>()).set(hour.getTime(), hour));
  let changed = await endOver(ctx);
  if (hours.size) {
    const searches = await ctx.models.savedSearches
      .find({ _id: { $in: [...hours.keys()] }, alert: true, archived: false, run: null })
      .lean<SavedSearchDoc[]>();
    for (const search of searches)
      if (await watchSearch(ctx, search, [...(hours.get(search._id)?.values() ?? [])])) changed = true;
  }
  if (changed) ctx.bus.emit('lists.changed', { list: 'spikes', userId: null });
}

/** @returns whether whoever shows alerts has something to ask for */
async function watchSearch(ctx: Context, search: SavedSearchDoc, hours: readonly Date[]): Promise<boolean> {
  let changed = false;
  const look = async (stretch: Stretch) => {
    if (await watch(ctx, search, stretch)) changed = true;
  };
  for (const stretch of await knownAcross(ctx, search._id, hours)) await look(stretch);
  for (const hour of hours) await look(hourStretch(search._id, hour));
  // After the hours: what is an alert of an hour is told as that.
  const across = hours[0] && (await newAcross(ctx, search._id, hours[0]));
  if (across) await look(across);
  return changed;
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
async function watch(ctx: Context, search: SavedSearchDoc, stretch: Stretch): Promise<boolean> {
  const { spikes } = ctx.models;
  const { _id, from } = stretch;
  const [[counted = nothing], usual, known] = await Promise.all([
    stretch.count(ctx, search._id, [from]),
    usualBefore(ctx, search._id, stretch),
    spikes.findById(_id).lean<SpikeDoc>().exec(),
  ]);
  const { count } = counted;
  const negative = sumOf(counted.negative);
  const rise = riseOf({ all: count, negative }, usual);
  const end = new Date(from.getTime() + hourMs);
  if (!rise) {
    if (!known || known.endedAt) return false;
    await spikes.updateOne({ _id }, { $set: { endedAt: ctx.now(), ...counted } });
    return true;
  }
  const same = (known?.rise ?? 'all') === rise;
  if (known && known.count === count && sumOf(known.negative) === negative && same) return false;
  const told = {
    rise,
    usual: usual.all.median,
    usualNegative: usual.negative.median,
    ...counted,
    endedAt: end <= ctx.now() ? end : null,
  };
  const risen = rise === 'negative' ? negative : count;
  if (known && same && risen < (known.explained ?? 0) * growth && !known.endedAt) {
    await spikes.updateOne({ _id }, { $set: told });
    return true;
  }
  // What goes on since the hour before, or lies across this one, was told already.
  const around = known ? [] : await toldAround(ctx, search._id, { stretch, rise });
  const burst = goesOnWith(stretch, around);
  if (burst) {
    await spikes.updateOne({ _id: burst._id }, { $set: { into: rise } });
    return false;
  }
  if (around.length && stretch.count !== countHours) return false;
  const explained = { explained: risen, ...(await explain(ctx, search, { hour: from, rise })) };
  const { upsertedCount } = await spikes.updateOne(
    { _id },
    {
      $set: { ...told, ...explained },
      $setOnInsert: { searchId: search._id, hour: from, seenBy: [] },
    },
    { upsert: true },
  );
  // Of two servers that saw it begin, one has begun it.
  if (upsertedCount && !around.length) ctx.bus.emit('spike.began', { spikeId: _id });
  return true;
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
    posts: postsOf(
      hits,
      await postsThemselves(ctx, [...new Set(hits.flatMap(({ postId }) => postId ?? []))]),
    ),
    hits: firstOf([...first, ...byReach], ({ sourceId }) => sourceId).map(({ sourceId, channelId }) => ({
      id: sourceId,
      channelId,
    })),
  };
}

/** So few under one post are chance. */
const fewUnder = 3;

function firstOf(hits: readonly Read[], keyOf: (hit: Read) => string): Read[] {
  const found = new Map<string, Read>();
  for (const hit of hits) if (found.size < mostShown && !found.has(keyOf(hit))) found.set(keyOf(hit), hit);
  return [...found.values()];
}

/** The post under which most of it was said, where there is one. */
function postsOf(hits: readonly Read[], themselves: readonly string[]): SpikeDoc['posts'] {
  const itself = new Set(themselves);
  const posts = new Map<string, SpikeDoc['posts'][number]>();
  for (const { postId, channelId, sourceId } of hits) {
    if (!postId || itself.has(messageIdOf(sourceId) ?? sourceId)) continue;
    const one = posts.get(key(postId, channelId)) ?? { id: postId, channelId, count: 0 };
    posts.set(key(postId, channelId), { ...one, count: one.count + 1 });
  }
  return [...posts.values()].filter(({ count }) => count >= fewUnder && count * 2 >= hits.length);
}
