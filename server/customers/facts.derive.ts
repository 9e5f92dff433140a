import { createHash } from 'node:crypto';
import { normalise } from '../../shared/text/normalise.ts';
import { advocatesDueNow } from '../advocates/advocate.due.ts';
import type { Context } from '../context.ts';
import { compareDue } from '../duplicates/compare.due.ts';
import { keyFacts } from '../duplicates/facts.keys.ts';
import { qualityFacts } from '../quality/facts.quality.ts';
import { isSame as sameValues } from './customer.merge.fields.ts';
import type { CustomerDoc } from './customer.model.ts';
import { survivorOf } from './customer.survivor.ts';
import { activityOf, learntChannels } from './facts.activity.ts';
import { factsDueNow } from './facts.due.ts';
import type { FactsDoc, FactsDueDoc } from './facts.model.ts';
import { identityFacts, profileFacts } from './facts.profile.ts';
import { sentimentFacts, staleAtOf } from './facts.sentiment.ts';
import { type FactsSources, factsSources } from './facts.sources.ts';
import { recordFacts } from './facts.values.ts';
import { orderOfName } from './name.order.ts';

/** Facts but for what a derivation itself adds. */
export type Derived = Omit<FactsDoc, 'rev' | 'updatedAt'>;

/** Everything that lists, segments, quality and duplicates ask of one customer. Pure. */
function deriveFacts(sources: FactsSources): Derived {
  const { customer, identities, conversations, messages, records, consents, fields } = sources;
  const learnt = learntChannels(messages, identities);
  const quality = qualityFacts({ ...sources, ...sources.quality });
  const { sentiment, staleAt } = sentimentFacts([...messages, ...sources.furtherBack], sources.quality.now);
  const { staleAt: windowAt, ...ofRecords } = recordFacts(records, sources.quality.now);
  return {
    _id: customer._id,
    customerVersion: customer.version,
    name: customer.name,
    nameKey: orderOfName(customer.name),
    nameText: normalise(customer.name),
    ...identityFacts(identities),
    learnt,
    ...ofRecords,
    activity: activityOf(customer, { conversations, messages: [...messages, ...sources.furtherBack] }),
    profile: profileFacts(customer, { consents, learnt, fields }),
    sentiment,
    ...quality,
    staleAt: staleAtOf(staleAtOf(quality.staleAt, staleAt), windowAt),
    ...keyFacts(sources),
    sample: sampleOf(customer._id),
    createdAt: customer.createdAt,
  };
}

/** 0 to 9,999, evenly, whatever CIDs look like. */
function sampleOf(customerId: string): number {
  return createHash('sha256').update(customerId).digest().readUInt32BE(0) % 10_000;
}

/**
 * Derives the facts of those who are due and strikes them off. What was said of one of them meanwhile stays due; facts that another
 * derivation wrote meanwhile are not written over.
 * @returns whose facts are other than before, or gone
 */
export async function derive(ctx: Context, due: readonly FactsDueDoc[]): Promise<string[]> {
  const { models } = ctx;
  const ids = due.map((one) => one._id);
  const [said, known] = await Promise.all([
    models.customers
      .find({ _id: { $in: ids } })
      .lean<CustomerDoc[]>()
      .exec(),
    models.facts
      .find({ _id: { $in: ids } })
      .lean<FactsDoc[]>()
      .exec(),
  ]);
  const customers = said.filter((customer) => !customer.mergedInto);
  await survivorsDue(ctx, said);
  const before = new Map(known.map((facts) => [facts._id, facts]));
  await ctx.background.makeWay();
  const derived: Derived[] = [];
  for (const sources of await factsSources(ctx, customers)) {
    await ctx.background.makeWay();
    derived.push(deriveFacts(sources));
  }
  const changed = derived.filter((facts) => !isSame(before.get(facts._id), facts));
  const alive = new Set(customers.map((customer) => customer._id));
  const gone = known.filter((facts) => !alive.has(facts._id)).map((facts) => facts._id);

  await ctx.background.makeWay();
  const stale = await write(ctx, { changed, before, gone });
  await compareDue(ctx, { changed, before, gone });
  // Merges, purchases, consents: whatever facts hear of may be of advocates too.
  await advocatesDueNow(ctx, [...ids, ...gone]);
  await ctx.background.makeWay();
  await models.factsDue.bulkWrite(
    due.filter((one) => !stale.has(one._id)).map(({ _id, due }) => ({ deleteOne: { filter: { _id, due } } })),
    { ordered: false },
  );
  return [...changed.map((facts) => facts._id), ...gone];
}

/** What hangs on somebody who was merged is a fact of whoever they are read through: those are due in their stead. */
async function survivorsDue(ctx: Context, said: readonly CustomerDoc[]): Promise<void> {
  const ids = new Set(said.map((customer) => customer._id));
  const merged = said.filter((customer) => customer.mergedInto);
  const found = await Promise.all(merged.map(({ _id }) => survivorOf(ctx.models.customers, _id)));
  await factsDueNow(
    ctx,
    found.flatMap((survivor) => (survivor && !ids.has(survivor._id) ? [survivor._id] : [])),
  );
}

/** @returns those whose facts another derivation wrote meanwhile */
async function write(
  ctx: Context,
  facts: { changed: readonly Derived[]; before: ReadonlyMap<string, FactsDoc>; gone: readonly string[] },
): Promise<Set<string>> {
  const { changed, before, gone } = facts;
  const updatedAt = ctx.now();
  if (gone.length) await ctx.models.facts.deleteMany({ _id: { $in: [...gone] } }).exec();
  if (!changed.length) return new Set();
  // By the driver: these are whole documents by their types, and casting each costs more than storing it.
  const result = await ctx.models.facts.collection.bulkWrite(
    changed.map((one) => {
      const rev = before.get(one._id)?.rev;
      const document = { ...one, _id: one._id as never, rev: (rev ?? 0) + 1, updatedAt };
      return {
        updateOne: {
          filter: { _id: one._id as never, ...(rev === undefined ? {} : { rev }) },
          update: rev === undefined ? { $setOnInsert: withoutId(document) } : { $set: withoutId(document) },
          upsert: rev === undefined,
        },
      };
    }),
    { ordered: false },
  );
  const written = result.upsertedCount + result.modifiedCount;
  return written === changed.length ? new Set() : new Set(changed.map((one) => one._id));
}

function withoutId({ _id, ...others }: FactsDoc): Omit<FactsDoc, '_id'> {
  return others;
}

/** Whether a derivation gives what is there: then nobody needs to hear of it. */
function isSame(before: FactsDoc | undefined, after: Derived): boolean {
  if (!before) return false;
  const { rev: _rev, updatedAt: _updatedAt, customerVersion: _version, ...kept } = before;
  const { customerVersion: _newer, ...made } = after;
  return sameValues(kept, made);
}
