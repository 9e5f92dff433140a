import { externalIdOf, type RecordItem } from '../../shared/record.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { FactsBought, FactsNames, FactsServices, FactsValues } from './facts.model.ts';

/** What is read of each record of a customer and of all who were merged into them. */
export const valuesFrom = {
  kind: 1,
  status: 1,
  at: 1,
  externalId: 1,
  title: 1,
  amount: 1,
  currency: 1,
  'items.name': 1,
  'items.code': 1,
} as const;
export type ValuesFrom = Pick<
  RecordDoc,
  'kind' | 'status' | 'at' | 'externalId' | 'title' | 'amount' | 'currency'
> & { items: readonly Pick<RecordItem, 'name' | 'code'>[] };

const dayMs = 86_400_000;
/** The times, in days up to now, over which it is told too what was bought and done. */
const shorter = 90;
const longer = 365;

/** Distinct names or codes that are kept of one customer: the newest. */
const mostNames = 200;

export interface RecordFacts {
  values: FactsValues;
  bought: FactsBought;
  services: FactsServices;
  /** When the next record enters or leaves one of those times; null when none will. */
  staleAt: Date | null;
}

/** What somebody is worth, what they bought and what was done for them, of what was neither cancelled nor returned. Pure. */
export function recordFacts(records: Iterable<ValuesFrom>, now: Date): RecordFacts {
  const kept = [...records].filter(({ status }) => status !== 'cancelled' && status !== 'returned');
  const purchases = kept.filter(({ kind }) => kind === 'purchase');
  const services = kept.filter(({ kind }) => kind === 'service');
  return {
    values: valuesOf(purchases, now),
    bought: { ...namesOf(purchases, boughtIn, now), codes: codesOf(purchases) },
    services: { count: services.length, ...ends(services, now), ...namesOf(services, doneIn, now) },
    staleAt: staleAtOf(kept, now),
  };
}

/**
 * What is spent is of purchases in rials: there is no exchange rate by which others could be added, and they count as purchases all the
 * same.
 */
function valuesOf(purchases: readonly ValuesFrom[], now: Date): FactsValues {
  const spent = (some: readonly ValuesFrom[]) =>
    some.reduce((sum, { amount, currency }) => sum + (currency === 'IRR' ? (amount ?? 0) : 0), 0);
  const { firstAt, lastAt } = ends(purchases, now);
  return {
    spent: spent(purchases),
    spent90: spent(purchases.filter(({ at }) => isWithin(at, shorter, now))),
    spent365: spent(purchases.filter(({ at }) => isWithin(at, longer, now))),
    purchases: purchases.length,
    firstPurchaseAt: firstAt,
    lastPurchaseAt: lastAt,
  };
}

/** The first and the last that have been: what is dated ahead is neither until then. */
function ends(records: readonly ValuesFrom[], now: Date): { firstAt: Date | null; lastAt: Date | null } {
  let firstAt: Date | null = null;
  let lastAt: Date | null = null;
  for (const { at } of records) {
    if (at > now) continue;
    if (!firstAt || at < firstAt) firstAt = at;
    if (!lastAt || at > lastAt) lastAt = at;
  }
  return { firstAt, lastAt };
}

/** A record dated ahead is not within any time yet. */
function isWithin(at: Date, days: number, now: Date): boolean {
  return at <= now && at.getTime() + days * dayMs > now.getTime();
}

function staleAtOf(records: readonly ValuesFrom[], now: Date): Date | null {
  let soonest = Number.POSITIVE_INFINITY;
  for (const { at, kind } of records) {
    const borders = kind === 'purchase' ? [0, shorter, longer] : [0, longer];
    const next = borders.map((days) => at.getTime() + days * dayMs).find((one) => one > now.getTime());
    if (next !== undefined && next < soonest) soonest = next;
  }
  return Number.isFinite(soonest) ? new Date(soonest) : null;
}

/** A title that only repeats the number says nothing of what it was. */
const titleOf = ({ title, externalId }: ValuesFrom): string =>
  externalIdOf(title) === externalId ? '' : title;

/** A purchase without items is called what it is called itself. */
const boughtIn = (one: ValuesFrom): string[] =>
  one.items.some(({ name }) => normalise(name)) ? one.items.map(({ name }) => name) : [titleOf(one)];

const doneIn = (one: ValuesFrom): string[] => [titleOf(one), ...one.items.map(({ name }) => name)];

function namesOf(
  records: readonly ValuesFrom[],
  namesIn: (record: ValuesFrom) => string[],
  now: Date,
): FactsNames {
  const all = newest(records, namesIn);
  const lately = records.filter(({ at }) => isWithin(at, longer, now));
  return {
    names: all.map(({ name }) => name),
    written: all.map(({ written }) => written),
    lately: newest(lately, namesIn).map(({ name }) => name),
  };
}

const codesOf = (purchases: readonly ValuesFrom[]): string[] =>
  newest(purchases, ({ items }) => items.map(({ code }) => code)).map(({ name }) => name);

interface Name {
  name: string;
  /** As it was written last. */
  written: string;
  at: number;
}

/** The newest names, each once, the newest first: the same whatever order the records come in. */
function newest(records: readonly ValuesFrom[], namesIn: (record: ValuesFrom) => string[]): Name[] {
  const known = new Map<string, Name>();
  for (const record of records)
    for (const text of namesIn(record)) {
      const one = { name: normalise(text), written: text.trim(), at: record.at.getTime() };
      const before = known.get(one.name);
      if (
        one.name &&
        (!before || one.at > before.at || (one.at === before.at && one.written < before.written))
      )
        known.set(one.name, one);
    }
  return [...known.values()].sort((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1)).slice(0, mostNames);
}
