import type { DuplicateReason } from '../../shared/duplicate.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { key } from '../db/key.ts';
import type { Holders } from './compare.keys.ts';
import { comparedFields, holdersOf } from './compare.keys.ts';
import type { DuplicateDoc } from './duplicate.model.ts';
import { type Comparable, compareCustomers, leastScore, strongSigns } from './reasons.ts';

/** The surest of one customer's; who is like more than these is like everybody. */
const mostPairs = 20;

/** Two customers who may be one, as they are today. */
interface Found {
  _id: string;
  customerIds: [string, string];
  score: number;
  reasons: DuplicateReason[];
  firstChannels: string[];
  secondChannels: string[];
  strong: string[];
}

/** Nobody has a conversation with them: whoever may read customers sees them. */
export const anybody = '*';

export const channelsOf = (facts: { activity: Pick<FactsDoc['activity'], 'channelIds'> }): string[] =>
  facts.activity.channelIds.length ? facts.activity.channelIds : [anybody];

/**
 * Looks for duplicates of these customers anew: writes the pairs that are there now, takes away those whose reasons are gone, and marks
 * those that became one customer. One at a time, under a lease.
 * @returns how many pairs changed
 */
export async function compareAgain(ctx: Context, customerIds: readonly string[]): Promise<number> {
  const { models } = ctx;
  const alive = await factsOf(ctx, customerIds);
  const gone = customerIds.filter((id) => !alive.some((facts) => facts._id === id));
  const ended = await endPairsOf(ctx, gone);
  if (!alive.length) return ended;

  await ctx.background.makeWay();
  const holders = await holdersOf(ctx, alive);
  const found = new Map<string, Found>();
  for (const facts of alive) {
    // Whoever asks this server something does not wait for the names of all of them.
    await ctx.background.makeWay();
    for (const pair of pairsOf(facts, holders)) found.set(pair._id, pair);
  }

  const ids = alive.map((facts) => facts._id);
  const known = await models.duplicates
    .find({ customerIds: { $in: ids } })
    .lean<DuplicateDoc[]>()
    .exec();
  await ctx.background.makeWay();
  const dismissed = await dismissedAmong(ctx, [...found.values()]);
  await ctx.background.makeWay();
  return ended + (await write(ctx, { ids, found, known, dismissed }));
}

function factsOf(ctx: Pick<Context, 'models'>, customerIds: readonly string[]): Promise<Comparable[]> {
  return ctx.models.facts
    .find({ _id: { $in: [...customerIds] } }, comparedFields)
    .lean<Comparable[]>()
    .exec();
}

function pairsOf(facts: Comparable, holders: Holders): Found[] {
  const found: Found[] = [];
  for (const other of holders.likes(facts)) {
    const { score, reasons } = compareCustomers(facts, other, holders.count);
    if (score < leastScore) continue;
    const [first, second] = facts._id < other._id ? [facts, other] : [other, facts];
    found.push({
      _id: key(first._id, second._id),
      customerIds: [first._id, second._id],
      score,
      // The evidence stands in the order of the customers.
      reasons:
        first === facts ? reasons : reasons.map((one) => ({ ...one, evidence: [...one.evidence].reverse() })),
      firstChannels: channelsOf(first),
      secondChannels: channelsOf(second),
      strong: strongSigns(first, second),
    });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, mostPairs);
}

/** Pairs of customers who were merged into another: of two that are one now the pair is `merged`, an open one is no more. */
async function endPairsOf(ctx: Context, gone: readonly string[]): Promise<number> {
  if (!gone.length) return 0;
  const { models } = ctx;
  const pairs = await models.duplicates
    .find({ customerIds: { $in: [...gone] }, state: { $in: ['open', 'merged'] } })
    .lean<DuplicateDoc[]>()
    .exec();
  let changed = 0;
  for (const pair of pairs) {
    const [one, two] = await Promise.all(pair.customerIds.map((id) => survivorOf(models.customers, id)));
    const merged = Boolean(one && two && one._id === two._id);
    if (merged && pair.state === 'merged') continue;
    changed += 1;
    if (merged)
      await models.duplicates
        .updateOne({ _id: pair._id, state: 'open' }, { $set: { state: 'merged', decidedAt: ctx.now() } })
        .exec();
    else await models.duplicates.deleteOne({ _id: pair._id, state: pair.state }).exec();
  }
  return changed;
}

/** Pairs among these that somebody said are not the same, whichever of their members it was said of, with what was known then. */
async function dismissedAmong(ctx: Context, pairs: readonly Found[]): Promise<Map<string, Set<string>>> {
  const dismissed = new Map<string, Set<string>>();
  if (!pairs.length) return dismissed;
  const { models } = ctx;
  const customers = await models.customers
    .find({ _id: { $in: [...new Set(pairs.flatMap((pair) => pair.customerIds))] } }, { members: 1 })
    .lean<Pick<CustomerDoc, '_id' | 'members'>[]>()
    .exec();
  const members = new Map(customers.map((customer) => [customer._id, customer.members]));
  const said = await models.duplicates
    .find({ state: 'dismissed', customerIds: { $in: customers.flatMap((customer) => customer.members) } })
    .lean<DuplicateDoc[]>()
    .exec();
  if (!said.length) return dismissed;
  for (const pair of pairs) {
    const [first, second] = pair.customerIds.map((id) => new Set(members.get(id) ?? [id]));
    const theirs = said.filter(({ customerIds: [a = '', b = ''] }) =>
      Boolean((first?.has(a) && second?.has(b)) || (first?.has(b) && second?.has(a))),
    );
    if (theirs.length) dismissed.set(pair._id, new Set(theirs.flatMap((one) => one.knownSigns)));
  }
  return dismissed;
}

type Operation = Parameters<Context['models']['duplicates']['collection']['bulkWrite']>[0][number];

async function write(
  ctx: Context,
  state: {
    ids: readonly string[];
    found: ReadonlyMap<string, Found>;
    known: readonly DuplicateDoc[];
    dismissed: ReadonlyMap<string, ReadonlySet<string>>;
  },
): Promise<number> {
  const known = new Map(state.known.map((pair) => [pair._id, pair]));
  const operations: Operation[] = [];
  const stays = new Set<string>();
  for (const pair of state.found.values()) {
    const before = known.get(pair._id);
    const knownThen = state.dismissed.get(pair._id);
    // "Not the same" holds until a sign appears that was not known when it was said.
    if (knownThen && pair.strong.every((sign) => knownThen.has(sign))) continue;
    stays.add(pair._id);
    if (before?.state === 'open' && isSame(before, pair)) continue;
    operations.push(open(pair, { before, now: ctx.now() }));
  }
  for (const pair of state.known) {
    if (stays.has(pair._id) || pair.state !== 'open') continue;
    operations.push({ deleteOne: { filter: { _id: pair._id as never, state: 'open' } } });
  }
  if (!operations.length) return 0;
  await ctx.models.duplicates.collection.bulkWrite(operations, { ordered: false });
  return operations.length;
}

function open(
  { strong: _strong, _id, ...pair }: Found,
  { before, now }: { before: DuplicateDoc | undefined; now: Date },
): Operation {
  const set = {
    ...pair,
    state: 'open' as const,
    foundAt: before?.state === 'open' ? before.foundAt : now,
    decidedAt: null,
    decidedByUserId: null,
    knownSigns: [],
  };
  return before
    ? // Whoever decides on it at this moment has decided.
      { updateOne: { filter: { _id: _id as never, state: before.state }, update: { $set: set } } }
    : { updateOne: { filter: { _id: _id as never }, update: { $setOnInsert: set }, upsert: true } };
}

function isSame(before: DuplicateDoc, after: Found): boolean {
  return (
    before.score === after.score &&
    JSON.stringify([before.reasons, before.firstChannels, before.secondChannels]) ===
      JSON.stringify([after.reasons, after.firstChannels, after.secondChannels])
  );
}
