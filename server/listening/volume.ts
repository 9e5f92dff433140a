import type { Viewer } from '../../shared/access.ts';
import type { ListenAsk, TopAuthors, Volume } from '../../shared/listening.ts';
import { type SentimentLabel, sentimentLabels } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import { anySearch, type HitDoc, type HitHourDoc } from './hit.model.ts';
import { authorsOf } from './hit.presenter.ts';
import { channelsOf, hitsQuery, mustListen, type Range, rangeOf } from './hit.query.ts';
import { hourMs, hourOf, hourShift } from './hour.ts';
import { listeningSearches } from './listen.match.ts';
import { risenWords } from './risen.ts';
import { sampleBefore } from './sample.ts';

type Labels = Record<SentimentLabel, number>;
const none = (): Labels => ({ positive: 0, neutral: 0, negative: 0 });
const total = (labels: Labels) => labels.positive + labels.neutral + labels.negative;

/** Up to three days are shown by the hour. */
const byHourMs = 3 * 24 * hourMs;
/** People, reach and what only hits tell (words; or everything, by author or hashtag) are of so many, the newest. */
const mostRead = 30_000;
const mostTags = 12;
const mostTopics = 12;
const mostForTopics = 2_000;
const mostAuthors = 20;

/** @throws AppError forbidden; invalid; notFound for another's channel */
export async function volumeOf(
  ctx: Context,
  viewer: Viewer,
  options: { ask: ListenAsk; timeZone: string },
): Promise<Volume> {
  mustListen(viewer, 'listening.read', 'see what is said in public');
  const { ask, timeZone } = options;
  const range = rangeOf(ctx, ask);
  const shift = await hourShift(ctx);
  const whole: Range = { from: hourOf(range.from, shift), to: range.to };
  const step = range.to.getTime() - range.from.getTime() <= byHourMs ? 'hour' : 'day';
  const [spoken, topics, counted] = await Promise.all([
    spokenIn(ctx, viewer, { ask, range: whole }),
    topicsOf(ctx, viewer, { ask, range: whole }),
    isCounted(ask) ? countsOf(ctx, viewer, { ask, range: whole }) : null,
  ]);
  const rows = emptyRows(whole, { step, timeZone, shift });
  const people = new Map<string, number>();
  for (const one of counted?.hours ?? spoken) {
    const row = rows.at(one.hour);
    if (row) for (const label of sentimentLabels) row[label] += one.labels[label];
  }
  for (const { hour, authorId, reach } of spoken) {
    rows.speaks(hour, authorId, reach);
    people.set(authorId, Math.max(people.get(authorId) ?? 0, reach));
  }
  const list = rows.list();
  const sum = none();
  for (const row of list) for (const label of sentimentLabels) sum[label] += row[label];
  const tags = counted?.tags ?? (await tagsOf(ctx, viewer, { ask, range: whole }));
  return {
    step,
    rows: list,
    total: { ...sum, people: people.size, reach: sumOf(people.values()) },
    hashtags: mostOf(tags, mostTags).map(([tag, labels]) => ({
      tag,
      count: total(labels),
      positive: labels.positive,
      negative: labels.negative,
    })),
    topics,
  };
}

/** @throws AppError as volumeOf */
export async function topAuthors(ctx: Context, viewer: Viewer, ask: ListenAsk): Promise<TopAuthors> {
  mustListen(viewer, 'listening.read', 'see what is said in public');
  const spoken = await spokenIn(ctx, viewer, { ask, range: rangeOf(ctx, ask) });
  const people = new Map<string, { labels: Labels; reach: number; lastAt: Date }>();
  for (const { authorId, labels, reach, lastAt } of spoken) {
    const one = people.get(authorId) ?? { labels: none(), reach: 0, lastAt };
    for (const label of sentimentLabels) one.labels[label] += labels[label];
    one.reach = Math.max(one.reach, reach);
    if (lastAt > one.lastAt) one.lastAt = lastAt;
    people.set(authorId, one);
  }
  const list = [...people].map(([authorId, one]) => ({ authorId, ...one, count: total(one.labels) }));
  const half = mostAuthors / 2;
  const loudest = [...list].sort((a, b) => b.count - a.count || b.reach - a.reach).slice(0, half);
  const widest = [...list].sort((a, b) => b.reach - a.reach || b.count - a.count).slice(0, half);
  const top = [...new Set([...loudest, ...widest])].sort((a, b) => b.count - a.count || b.reach - a.reach);
  const authorOf = await authorsOf(
    ctx,
    viewer,
    top.map(({ authorId }) => ({ authorId, connector: '' })),
  );
  return {
    authors: top.flatMap(({ authorId, count, labels, lastAt }) => {
      const author = authorOf.get(authorId);
      const { positive, negative } = labels;
      return author ? [{ author, count, positive, negative, lastAt: lastAt.toISOString() }] : [];
    }),
  };
}

/** What the hours' counts can answer by themselves. */
const isCounted = (ask: ListenAsk) =>
  ask.state === undefined && ask.hashtag === undefined && ask.authorId === undefined;

const within = ({ from, to }: Range) => ({ at: { $gte: from, $lt: to } });

interface Spoken {
  hour: Date;
  authorId: string;
  labels: Labels;
  reach: number;
  lastAt: Date;
}

/** Who spoke in which hour, of the newest hits. */
async function spokenIn(
  ctx: Context,
  viewer: Viewer,
  options: { ask: ListenAsk; range: Range },
): Promise<Spoken[]> {
  const { ask, range } = options;
  const groups = await ctx.models.hits.aggregate<{
    _id: { hour: Date; authorId: string; label: SentimentLabel | null };
    n: number;
    reach: number | null;
    lastAt: Date;
  }>([
    { $match: { ...hitsQuery(viewer, ask), ...(ask.state ? {} : { counted: true }), ...within(range) } },
    { $sort: { at: -1 } },
    { $limit: mostRead },
    {
      $group: {
        _id: { hour: '$hour', authorId: '$authorId', label: '$label' },
        n: { $sum: 1 },
        reach: { $max: '$reach' },
        lastAt: { $max: '$at' },
      },
    },
  ]);
  return groups.map(({ _id, n, reach, lastAt }) => ({
    hour: _id.hour,
    authorId: _id.authorId,
    labels: { ...none(), [_id.label ?? 'neutral']: n },
    reach: reach ?? 0,
    lastAt,
  }));
}

async function countsOf(
  ctx: Context,
  viewer: Viewer,
  { ask, range }: { ask: ListenAsk; range: Range },
): Promise<{ hours: { hour: Date; labels: Labels }[]; tags: Map<string, Labels> }> {
  const channels = channelsOf(viewer, ask.channelId);
  const docs = await ctx.models.hitHours
    .find({ searchId: ask.searchId ?? anySearch, hour: { $gte: range.from, $lt: range.to } })
    .lean<HitHourDoc[]>();
  const may = (channelId: string) => channels === 'all' || channels.includes(channelId);
  const tags = new Map<string, Labels>();
  const add = (into: Labels, labels: Partial<Labels>) => {
    for (const label of sentimentLabels)
      if (!ask.label || ask.label === label) into[label] += labels[label] ?? 0;
  };
  const hours = docs.map((doc) => {
    const labels = none();
    for (const [channelId, sources] of Object.entries(doc.by)) {
      if (!may(channelId)) continue;
      for (const [source, some] of Object.entries(sources))
        if (!ask.source || ask.source === source) add(labels, some);
    }
    // Hashtags are counted of all sources together.
    if (!ask.source)
      for (const [channelId, of] of Object.entries(doc.tags)) {
        if (!may(channelId)) continue;
        for (const [tag, some] of Object.entries(of)) {
          const known = tags.get(tag) ?? none();
          add(known, some);
          tags.set(tag, known);
        }
      }
    return { hour: doc.hour, labels };
  });
  return { hours, tags: ask.source ? await tagsOf(ctx, viewer, { ask, range }) : tags };
}

type Words = Pick<HitDoc, 'words' | 'hashtags' | 'label'>;

function newest(ctx: Context, viewer: Viewer, { ask, range }: { ask: ListenAsk; range: Range }) {
  return ctx.models.hits
    .find({ ...hitsQuery(viewer, ask), ...within(range) }, { words: 1, hashtags: 1, label: 1 })
    .sort({ at: -1 })
    .limit(mostForTopics)
    .lean<Words[]>()
    .exec();
}

async function tagsOf(
  ctx: Context,
  viewer: Viewer,
  options: { ask: ListenAsk; range: Range },
): Promise<Map<string, Labels>> {
  const tags = new Map<string, Labels>();
  for (const { hashtags, label } of await newest(ctx, viewer, options))
    for (const tag of hashtags) {
      const known = tags.get(tag) ?? none();
      known[label ?? 'neutral'] += 1;
      tags.set(tag, known);
    }
  return tags;
}

async function topicsOf(
  ctx: Context,
  viewer: Viewer,
  options: { ask: ListenAsk; range: Range },
): Promise<Volume['topics']> {
  const { ask, range } = options;
  const hits = await newest(ctx, viewer, options);
  if (!hits.length) return [];
  const searchId = ask.searchId ?? anySearch;
  const before = await sampleBefore(ctx, {
    searchIds: [searchId],
    before: range.from,
    channelIds: channelsOf(viewer, ask.channelId),
  });
  const listening = await listeningSearches(ctx);
  const matchers = listening
    .filter(({ search }) => !ask.searchId || search._id === ask.searchId)
    .map(({ matcher }) => matcher);
  const own = { has: (word: string) => matchers.some((matcher) => matcher.own.has(word)) };
  const plain = (some: readonly { words: readonly string[] }[]) =>
    some.map(({ words }) => ({ words, hashtags: [] }));
  return risenWords(plain(hits), plain(before), { own, limit: mostTopics }).map(({ word, count }) => {
    const met = hits.filter(({ words }) => words.includes(word));
    const of = (label: SentimentLabel) => met.filter((hit) => hit.label === label).length;
    return { word, count, positive: of('positive'), negative: of('negative') };
  });
}

type Row = Volume['rows'][number];

/** Rows for every hour or day of a range, those of which nothing is known too. */
function emptyRows(range: Range, of: { step: Volume['step']; timeZone: string; shift: number }) {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: of.timeZone, dateStyle: 'short' });
  const nameOf = (hour: Date) => (of.step === 'hour' ? String(hour.getTime()) : dayOf.format(hour));
  const rows = new Map<string, Row>();
  const speakers = new Map<string, Map<string, number>>();
  for (let at = range.from.getTime(); at < range.to.getTime(); at += hourMs) {
    const name = nameOf(new Date(at));
    if (!rows.has(name)) rows.set(name, { at: new Date(at).toISOString(), ...none(), reach: 0 });
  }
  // An hour that began otherwise, when the organisation's clock was another's, is of the row that it begins in.
  const rowName = (hour: Date) => nameOf(hourOf(hour, of.shift));
  return {
    at: (hour: Date) => rows.get(rowName(hour)),
    speaks(hour: Date, authorId: string, reach: number): void {
      const name = rowName(hour);
      const some = speakers.get(name) ?? new Map<string, number>();
      some.set(authorId, Math.max(some.get(authorId) ?? 0, reach));
      speakers.set(name, some);
    },
    list: (): Row[] =>
      [...rows].map(([name, row]) => ({ ...row, reach: sumOf(speakers.get(name)?.values() ?? []) })),
  };
}

const sumOf = (numbers: Iterable<number>) => [...numbers].reduce((sum, n) => sum + n, 0);

function mostOf(counts: ReadonlyMap<string, Labels>, limit: number): [string, Labels][] {
  return [...counts]
    .filter(([, labels]) => total(labels) > 0)
    .sort(([a, one], [b, other]) => total(other) - total(one) || (a < b ? -1 : 1))
    .slice(0, limit);
}
