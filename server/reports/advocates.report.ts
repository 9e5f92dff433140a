import { may, type Viewer } from '../../shared/access.ts';
import type { AdvocateReport } from '../../shared/reward.ts';
import type { AdvocateDoc } from '../advocates/advocate.model.ts';
import type { Context } from '../context.ts';
import type { AuthorDoc } from '../listening/author.ts';
import { findOrganisation } from '../users/organisation.ts';
import { mayNot } from '../users/user.create.ts';
import { aspectRows } from './aspects.report.ts';
import { evidenceIn, type Heard, type Period, survivorsOf } from './period.ts';
import { rewardRows } from './rewards.report.ts';

const isPositive = ({ part }: Pick<Heard, 'part'>) =>
  part === 'praise' || part === 'recommendation' || part === 'testimonial';

/** What may be said of advocates in a time, of channels that the viewer may use. @throws AppError forbidden */
export async function advocateReport(ctx: Context, viewer: Viewer, period: Period): Promise<AdvocateReport> {
  if (!may(viewer, 'report.read')) throw mayNot('see reports');
  const heard: Heard[] = [];
  for await (const one of evidenceIn(ctx, viewer, period)) heard.push(one);
  const [owners, authors, organisation, channels] = await Promise.all([
    survivorsOf(
      ctx,
      heard.map(({ customerId }) => customerId),
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
    ownerOf: ({ customerId }) => owners.get(customerId) ?? customerId,
    is: (owner, kind) => kinds.get(owner)?.includes(kind) ?? false,
    reachOf: (authorIds) => [...authorIds].reduce((sum, id) => sum + (reach.get(id) ?? 0), 0),
  };
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    byChannel: channelRows(heard, people, channels),
    byProduct: productRows(heard, people),
    byAspect: await aspectRows(ctx, heard),
    reach: reachRows(heard, people, { period, timeZone: organisation?.timeZone ?? 'UTC' }),
    rewards: await rewardRows(ctx, viewer, period),
  };
}

interface People {
  ownerOf(one: Heard): string;
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
      const owners = [...new Set(some.map(people.ownerOf))];
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
      const owners = [...new Set(positive.map(people.ownerOf))];
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

/** One row a day by the organisation's clock, days without a word included. */
function reachRows(
  heard: readonly Heard[],
  people: People,
  of: { period: Period; timeZone: string },
): AdvocateReport['reach'] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: of.timeZone });
  const dayOf = (at: Date) => format.format(at);
  const spoken = groups(
    heard.filter((one) => one.part !== 'criticism' && one.public),
    ({ at }) => [dayOf(at)],
  );
  const rows: AdvocateReport['reach'] = [];
  const last = dayOf(new Date(of.period.to.getTime() - 1));
  for (let day = dayOf(of.period.from); day <= last; day = nextDay(day)) {
    const voices = new Set((spoken.get(day) ?? []).map(({ authorId }) => authorId));
    rows.push({ at: day, reach: people.reachOf(voices), voices: voices.size });
  }
  return rows;
}

const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
