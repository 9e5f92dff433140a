import { normalise } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { isSame } from '../customers/customer.merge.fields.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { advocatesDueNow } from './advocate.due.ts';
import { type AdvocateDoc, type AdvocateDueDoc, isListed } from './advocate.model.ts';
import { advocateSettings } from './advocate.settings.ts';
import { type AdvocateSources, advocateSources } from './advocate.sources.ts';
import { placeAt } from './order.ts';
import { revenueOf } from './referral.ts';
import { changeOf, dayOf, type Score, scoreFrom, trendFrom } from './score.ts';

/** What people decide, and what a document begins with. */
type Board = Pick<
  AdvocateDoc,
  'stage' | 'dormantFrom' | 'order' | 'ownerId' | 'nextTask' | 'version' | 'createdAt'
>;
type Derived = Omit<AdvocateDoc, keyof Board | 'rev'>;

const dayMs = 86_400_000;
/** After every day: there is nothing to derive. */
const noDay = '9999';

/**
 * Derives the scores of those who are due and strikes them off. What was said of one of them meanwhile stays due.
 * @returns whose are other than before
 */
export async function deriveAdvocates(
  ctx: Context,
  due: readonly Pick<AdvocateDueDoc, '_id' | 'due'>[],
): Promise<string[]> {
  const { models } = ctx;
  const ids = due.map(({ _id }) => _id);
  const said = await models.customers
    .find({ _id: { $in: ids } })
    .lean<CustomerDoc[]>()
    .exec();
  await survivorsDue(ctx, said);
  const customers = said.filter((customer) => !customer.mergedInto);
  const [known, settings, sources] = await Promise.all([
    models.advocates
      .find({ _id: { $in: [...ids, ...customers.flatMap(({ members }) => members)] } })
      .lean<AdvocateDoc[]>()
      .exec(),
    advocateSettings(ctx),
    advocateSources(ctx, customers),
  ]);
  const now = ctx.now();
  const changed: string[] = [];
  const stale = new Set<string>();
  for (const one of sources) {
    const id = one.customer._id;
    const before = known.find((doc) => doc._id === id);
    const reaches = one.authors.flatMap(({ reach }) => (reach === null ? [] : [reach]));
    const scored = { ...one, reaches, settings, now };
    const score = scoreFrom(scored);
    if (!before && isNobody(one, score)) continue;
    await hearEarlier(ctx, one, before);
    const board = before ?? boardOf(ctx, known, one.customer);
    const derived = derivedOf(one, { score, trend: trendFrom(scored), board, now });
    if (before && isSame(before, { ...before, ...derived })) continue;
    if (await write(ctx, { before, board, derived })) changed.push(id);
    else stale.add(id);
    await settleSilence(ctx, { ...board, ...derived }, { days: settings.dormantDays, now });
  }
  const alive = new Set(customers.map(({ _id }) => _id));
  const gone = known.filter((doc) => ids.includes(doc._id) && !alive.has(doc._id) && !doc.gone);
  if (gone.length)
    await models.advocates
      .updateMany(
        { _id: { $in: gone.map(({ _id }) => _id) } },
        { $set: { gone: true, listed: false, day: noDay }, $inc: { rev: 1 } },
      )
      .exec();
  const done = due.filter(({ _id }) => !stale.has(_id));
  if (done.length)
    await models.advocatesDue.bulkWrite(
      done.map(({ _id, due: times }) => ({ deleteOne: { filter: { _id, due: times } } })),
      { ordered: false },
    );
  return [...changed, ...gone.map(({ _id }) => _id)];
}

/** What is said of somebody who was merged is of whoever they are read through. */
async function survivorsDue(ctx: Context, said: readonly CustomerDoc[]): Promise<void> {
  const ids = new Set(said.map(({ _id }) => _id));
  const merged = said.filter((customer) => customer.mergedInto);
  const found = await Promise.all(merged.map(({ _id }) => survivorOf(ctx.models.customers, _id)));
  await advocatesDueNow(
    ctx,
    found.flatMap((survivor) => (survivor && !ids.has(survivor._id) ? [survivor._id] : [])),
  );
}

/** Of most customers there is nothing to say: they bought something, or wrote. */
function isNobody(sources: AdvocateSources, score: Score): boolean {
  return (
    !sources.evidence.length &&
    !sources.authors.length &&
    !sources.code &&
    !sources.testimonials.length &&
    sources.points === 0 &&
    !score.kinds.length
  );
}

/** What they said in public before they were a customer is theirs from now on. */
async function hearEarlier(
  ctx: Context,
  sources: AdvocateSources,
  before: AdvocateDoc | undefined,
): Promise<void> {
  const unheard = sources.authors.filter(({ _id }) => !before?.authorIds.includes(_id));
  if (!unheard.length) return;
  await ctx.models.mentions
    .updateMany(
      { authorId: { $in: unheard.map(({ _id }) => _id) }, messageId: null },
      { $addToSet: { todo: 'advocate' } },
    )
    .exec();
}

const furthest = ['discovered', 'dormant', 'contacted', 'engaged', 'ambassador'];

/** A place that one of those had who were merged into them, the furthest one; else the last among the discovered. */
function boardOf(ctx: Context, known: readonly AdvocateDoc[], customer: CustomerDoc): Board {
  const [merged] = known
    .filter((doc) => customer.members.includes(doc._id))
    .sort((a, b) => furthest.indexOf(b.stage) - furthest.indexOf(a.stage));
  const now = ctx.now();
  return {
    stage: merged?.stage ?? 'discovered',
    dormantFrom: merged?.dormantFrom ?? null,
    order: merged?.order ?? placeAt(now, ctx.random()),
    ownerId: merged?.ownerId ?? null,
    nextTask: merged?.nextTask ?? null,
    version: 1,
    createdAt: now,
  };
}

function derivedOf(
  sources: AdvocateSources,
  of: { score: Score; trend: number[]; board: Board; now: Date },
): Derived {
  const { customer } = sources;
  const { score, trend, board, now } = of;
  return {
    _id: customer._id,
    gone: false,
    listed: isListed({ ...board, kinds: score.kinds }),
    name: customer.name,
    nameText: normalise(customer.name),
    kinds: score.kinds,
    score: score.score,
    parts: score.parts,
    sums: score.sums,
    counts: score.counts,
    trend,
    day: dayOf(now),
    change: changeOf(trend),
    reach: score.reach,
    channelIds: score.channelIds,
    seenOn: sources.seenOn,
    authorIds: sources.authors.map(({ _id }) => _id).sort(),
    products: score.products,
    lastAt: score.lastAt,
    optedOut: sources.optedOut,
    consent: consentOf(sources),
    points: sources.points,
    referralCode: sources.code?._id ?? null,
    referred: {
      purchases: sources.referrals.length,
      revenue: revenueOf(sources.referrals),
    },
  };
}

/** Of several quotes the best word counts. */
function consentOf({ testimonials }: AdvocateSources): AdvocateDoc['consent'] {
  const states = testimonials.filter(({ messageId, state }) => messageId || state !== 'asked');
  if (states.some(({ state }) => state === 'given')) return 'given';
  if (states.some(({ state }) => state === 'asked')) return 'asked';
  return states.length ? 'refused' : 'unknown';
}

/** @returns false when another derivation was first */
async function write(
  ctx: Context,
  of: { before: AdvocateDoc | undefined; board: Board; derived: Derived },
): Promise<boolean> {
  const { before, board, derived } = of;
  const { _id, ...set } = derived;
  if (before) {
    const result = await ctx.models.advocates
      .updateOne({ _id, rev: before.rev }, { $set: set, $inc: { rev: 1 } })
      .exec();
    return result.matchedCount === 1;
  }
  const { stage, dormantFrom, order, ownerId, nextTask, version, createdAt } = board;
  const first = { stage, dormantFrom, order, ownerId, nextTask, version, createdAt };
  const result = await ctx.models.advocates
    .updateOne({ _id }, { $setOnInsert: { ...set, ...first, rev: 1 } }, { upsert: true })
    .exec();
  return result.upsertedCount === 1;
}

/**
 * Whoever is silent for too long is dormant; whoever speaks again is where they were. Only where this moved them: a stage that a person
 * chose stays until a person chooses another.
 */
async function settleSilence(
  ctx: Context,
  doc: Pick<AdvocateDoc, '_id' | 'stage' | 'dormantFrom' | 'version' | 'lastAt'>,
  options: { days: number; now: Date },
): Promise<void> {
  const since = options.now.getTime() - options.days * dayMs;
  const silent = doc.lastAt !== null && doc.lastAt.getTime() < since;
  const active = doc.stage === 'contacted' || doc.stage === 'engaged' || doc.stage === 'ambassador';
  const becomes =
    silent && active
      ? { stage: 'dormant' as const, dormantFrom: doc.stage }
      : !silent && doc.stage === 'dormant' && doc.dormantFrom
        ? { stage: doc.dormantFrom, dormantFrom: null }
        : null;
  if (!becomes) return;
  await ctx.models.advocates
    .updateOne({ _id: doc._id, version: doc.version }, { $set: becomes, $inc: { version: 1 } })
    .exec();
}
