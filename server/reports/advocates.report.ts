import { may, type Viewer } from '../../shared/access.ts';
import type { AdvocateReport } from '../../shared/reward.ts';
import type { AdvocateDoc } from '../advocates/advocate.model.ts';
import type { Context } from '../context.ts';
import { survivorsOf } from '../customers/customer.survivor.ts';
import type { AuthorDoc } from '../listening/author.ts';
import { findOrganisation } from '../users/organisation.ts';
import { mayNot } from '../users/user.create.ts';
import { aboutsOf, aspectRows } from './aspects.report.ts';
import { evidenceIn, type Heard, type Period } from './period.ts';
import { productsToday } from './products.report.ts';
import { rewardRows } from './rewards.report.ts';

const isPositive = ({ part }: Pick<Heard, 'part'>) =>
  part === 'praise' || part === 'recommendation' || part === 'testimonial';

/** Of what it is told; null: of everything. */
export interface ReportOf {
  channelId: string | null;
  product: string | null;
}

/**
 * What may be said of advocates in a time, of channels that the viewer may use. What strangers said counts among words and reach; they are
 * nobody's advocates.
 *
 * @throws AppError forbidden
 */
export async function advocateReport(
  ctx: Context,
  viewer: Viewer,
  period: Period,
  of: ReportOf,
): Promise<AdvocateReport> {
  if (!may(viewer, 'report.read')) throw mayNot('see reports');
  const there: Heard[] = [];
  for await (const one of evidenceIn(ctx, viewer, period))
    if (of.channelId === null || one.channelId === of.channelId) there.push(one);
  const abouts = await aboutsOf(ctx, there);
  const about = await productsToday(ctx, period, abouts);
  const here = there.map((one) => ({ ...one, products: about(one) }));
  const { product } = of;
  const heard = product === null ? here : here.filter(({ products }) => products.includes(product));
  const [owners, authors, organisation, channels] = await Promise.all([
    survivorsOf(
      ctx,
      heard.flatMap(({ customerId }) => customerId ?? []),
    ),
    ctx.models.authors
      .find({ _id: { $in: [...new Set(heard.map(({ authorId }) => authorId))] } }, { reach: 1 })
      .lean<Pick<AuthorDoc, '_id' | 'reach'>[]>()
      .exec(),
    findOrganisation(ctx),
    ctx.models.channels.find({}, { name: 1 }).lean<{ _id: string; name: string }[]>().exec(),
  ]);
  const docs = await ctx.models.advocates
    .find({ _id: { $in: [...new Set(owners.values())] }, gone: false }, { kinds: 1 })
    .lean<Pick<AdvocateDoc, '_id' | 'kinds'>[]>()
    .exec();
  const kinds = new Map(docs.map(({ _id, kinds }) => [_id, kinds]));
  const reach = new Map(authors.map((author) => [author._id, author.reach ?? 0]));
  const people: People = {
    ownersOf: (some) => [
      ...new Set(
        some.flatMap(({ customerId }) => (customerId ? (owners.get(customerId) ?? customerId) : [])),
      ),
    ],
    is: (owner, kind) => kinds.get(owner)?.includes(kind) ?? false,
    reachOf: (authorIds) => [...authorIds].reduce((sum, id) => sum + (reach.get(id) ?? 0), 0),
  };
  const days = daysOf(period, organisation?.timeZone ?? 'UTC');
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    products: [...new Set(here.flatMap(({ products }) => products))].sort((a, b) => a.localeCompare(b, 'fa')),
    byChannel: channelRows(heard, people, channels),
    byProduct: productRows(heard, people),
    byAspect: aspectRows(abouts, product),
    said: saidRows(heard, days),
    reach: reachRows(heard, people, days),
    rewards: await rewardRows(ctx, viewer, period),
  };
}

interface People {
  /** The customers of today whose these words are. */
  ownersOf(some: readonly Heard[]): string[];
  is(owner: string, kind: AdvocateDoc['kinds'][number]): boolean;
  /** Followers, each of those who spoke once. */
  reachOf(authorIds: Iterable<string>): number;
}

function groups<T>(some: readonly T[], of: (one: T) => readonly string[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of some)
    for (const group of of(one)) {
      const list = found.get(group);
      if (list) list.push(one);
      else found.set(group, [one]);
    }
  return found;
}

const sources = (some: readonly Heard[]) => new Set(some.map(({ sourceId }) => sourceId)).size;

function channelRows(
  heard: readonly Heard[],
  people: People,
  channels: readonly { _id: string; name: string }[],
): AdvocateReport['byChannel'] {
  const withUs = heard.filter(({ part }) => part !== 'criticism');
  return [...groups(withUs, ({ channelId }) => [channelId])]
    .map(([channelId, some]) => {
      const owners = people.ownersOf(some);
      return {
        channelId,
        name: channels.find(({ _id }) => _id === channelId)?.name ?? '',
        advocates: owners.filter((owner) => people.is(owner, 'advocate')).length,
        influencers: owners.filter((owner) => people.is(owner, 'influencer')).length,
        helpers: owners.filter((owner) => people.is(owner, 'helper')).length,
        reach: people.reachOf(new Set(some.map(({ authorId }) => authorId))),
        positive: sources(some.filter(isPositive)),
      };
    })
    .sort((a, b) => b.positive - a.positive || (a.channelId < b.channelId ? -1 : 1));
}

const mostProducts = 100;

function productRows(heard: readonly Heard[], people: People): AdvocateReport['byProduct'] {
  return [...groups(heard, ({ products }) => products)]
    .map(([product, some]) => {
      const positive = some.filter(isPositive);
      const owners = people.ownersOf(positive);
      return {
        product,
        advocates: owners.filter((owner) => people.is(owner, 'advocate')).length,
        positive: sources(positive),
        negative: sources(some.filter(({ part }) => part === 'criticism')),
      };
    })
    .sort((a, b) => b.positive + b.negative - (a.positive + a.negative) || (a.product < b.product ? -1 : 1))
    .slice(0, mostProducts);
}

/** The days of a time by the organisation's clock, those without a word included, and which of them a moment is of. */
interface Days {
  all: string[];
  of(at: Date): string;
}

function daysOf(period: Period, timeZone: string): Days {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone });
  const of = (at: Date) => format.format(at);
  const all: string[] = [];
  const last = of(new Date(period.to.getTime() - 1));
  for (let day = of(period.from); day <= last; day = nextDay(day)) all.push(day);
  return { all, of };
}

function saidRows(heard: readonly Heard[], days: Days): AdvocateReport['said'] {
  const byDay = groups(heard, ({ at }) => [days.of(at)]);
  return days.all.map((at) => {
    const some = byDay.get(at) ?? [];
    return {
      at,
      positive: sources(some.filter(isPositive)),
      negative: sources(some.filter(({ part }) => part === 'criticism')),
    };
  });
}

function reachRows(heard: readonly Heard[], people: People, days: Days): AdvocateReport['reach'] {
  const spoken = groups(
    heard.filter((one) => one.part !== 'criticism' && one.public),
    ({ at }) => [days.of(at)],
  );
  return days.all.map((at) => {
    const voices = new Set((spoken.get(at) ?? []).map(({ authorId }) => authorId));
    return { at, reach: people.reachOf(voices), voices: voices.size };
  });
}

const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
