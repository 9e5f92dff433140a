import { may, type Viewer } from '../../shared/access.ts';
import type { AdvocateReport } from '../../shared/reward.ts';
import type { AdvocateDoc } from '../advocates/advocate.model.ts';
import type { Context } from '../context.ts';
import { survivorsOf } from '../customers/customer.survivor.ts';
import { Breath } from '../jobs/breath.ts';
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
  const organisation = await findOrganisation(ctx);
  const days = daysOf(period, organisation?.timeZone ?? 'UTC');
  // Of two years it is long work: whoever waits for something shorter comes in between.
  const breath = new Breath();
  const here: Word[] = [];
  for (const one of there) {
    if (here.length % breathEvery === 0) await breath.draw();
    here.push({ ...one, products: about(one), day: days.of(one.at) });
  }
  const { product } = of;
  const heard = product === null ? here : here.filter(({ products }) => products.includes(product));
  const [owners, authors, channels] = await Promise.all([
    survivorsOf(
      ctx,
      heard.flatMap(({ customerId }) => customerId ?? []),
    ),
    ctx.models.authors
      .find({ _id: { $in: [...new Set(heard.map(({ authorId }) => authorId))] } }, { reach: 1 })
      .lean<Pick<AuthorDoc, '_id' | 'reach'>[]>()
      .exec(),
    ctx.models.channels.find({}, { name: 1 }).lean<{ _id: string; name: string }[]>().exec(),
  ]);
  const docs = await ctx.models.advocates
    .find({ _id: { $in: [...new Set(owners.values())] }, gone: false }, { kinds: 1 })
    .lean<Pick<AdvocateDoc, '_id' | 'kinds'>[]>()
    .exec();
  const kinds = new Map(docs.map(({ _id, kinds }) => [_id, kinds]));
  const reach = new Map(authors.map((author) => [author._id, author.reach ?? 0]));
  const people: People = {
    ownersOf: (some) => {
      const found = new Set<string>();
      for (const { customerId } of some) if (customerId) found.add(owners.get(customerId) ?? customerId);
      return [...found];
    },
    is: (owner, kind) => kinds.get(owner)?.includes(kind) ?? false,
    reachOf: (authorIds) => [...authorIds].reduce((sum, id) => sum + (reach.get(id) ?? 0), 0),
  };
  const told = async <T>(rows: () => T): Promise<T> => {
    await breath.draw();
    return rows();
  };
  const products = await told(() => new Set(here.flatMap((one) => one.products)));
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    products: [...products].sort((a, b) => a.localeCompare(b, 'fa')),
    byChannel: await channelRows(heard, people, { channels, breath }),
    byProduct: await productRows(heard, people, breath),
    byAspect: await told(() => aspectRows(abouts, product)),
    said: await told(() => saidRows(heard, days.all)),
    reach: await told(() => reachRows(heard, people, days.all)),
    rewards: await rewardRows(ctx, viewer, period),
  };
}

/** So many words are gone through between two looks at the time. */
const breathEvery = 500;

interface Word extends Heard {
  /** By the organisation's clock. */
  day: string;
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

async function channelRows(
  heard: readonly Heard[],
  people: People,
  { channels, breath }: { channels: readonly { _id: string; name: string }[]; breath: Breath },
): Promise<AdvocateReport['byChannel']> {
  const withUs = heard.filter(({ part }) => part !== 'criticism');
  const rows: AdvocateReport['byChannel'] = [];
  for (const [channelId, some] of groups(withUs, ({ channelId }) => [channelId])) {
    await breath.draw();
    const owners = people.ownersOf(some);
    rows.push({
      channelId,
      name: channels.find(({ _id }) => _id === channelId)?.name ?? '',
      advocates: owners.filter((owner) => people.is(owner, 'advocate')).length,
      influencers: owners.filter((owner) => people.is(owner, 'influencer')).length,
      helpers: owners.filter((owner) => people.is(owner, 'helper')).length,
      reach: people.reachOf(new Set(some.map(({ authorId }) => authorId))),
      positive: sources(some.filter(isPositive)),
    });
  }
  return rows.sort((a, b) => b.positive - a.positive || (a.channelId < b.channelId ? -1 : 1));
}

const mostProducts = 100;

async function productRows(
  heard: readonly Heard[],
  people: People,
  breath: Breath,
): Promise<AdvocateReport['byProduct']> {
  const rows: AdvocateReport['byProduct'] = [];
  for (const [product, some] of groups(heard, ({ products }) => products)) {
    await breath.draw();
    const positive = some.filter(isPositive);
    const owners = people.ownersOf(positive);
    rows.push({
      product,
      advocates: owners.filter((owner) => people.is(owner, 'advocate')).length,
      positive: sources(positive),
      negative: sources(some.filter(({ part }) => part === 'criticism')),
    });
  }
  return rows
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

function saidRows(heard: readonly Word[], days: readonly string[]): AdvocateReport['said'] {
  const byDay = groups(heard, ({ day }) => [day]);
  return days.map((at) => {
    const some = byDay.get(at) ?? [];
    return {
      at,
      positive: sources(some.filter(isPositive)),
      negative: sources(some.filter(({ part }) => part === 'criticism')),
    };
  });
}

function reachRows(heard: readonly Word[], people: People, days: readonly string[]): AdvocateReport['reach'] {
  const spoken = groups(
    heard.filter((one) => one.part !== 'criticism' && one.public),
    ({ day }) => [day],
  );
  return days.map((at) => {
    const voices = new Set((spoken.get(at) ?? []).map(({ authorId }) => authorId));
    return { at, reach: people.reachOf(voices), voices: voices.size };
  });
}

const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
