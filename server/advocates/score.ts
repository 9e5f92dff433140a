import {
  type AdvocateKind,
  type AdvocateSettings,
  type ScorePart,
  scoreOf,
  scoreParts,
} from '../../shared/advocate.ts';
import type { EvidenceDoc, WordPart } from './advocate.model.ts';

const dayMs = 86_400_000;
const trendDays = 30;

/** How much evidence of a part comes to 63 of 100: the first counts most, and nothing comes to more than 100. */
const saturation = {
  praise: 6,
  recommendation: 3,
  testimonial: 2,
  help: 5,
  purchases: 8,
  referrals: 4,
} as const;

/** So many followers are 100. */
const fullReach = 1_000_000;
/** Half of it is left after so many days of silence. */
export const recencyHalfLife = 45;
/** Help that makes a helper: three answers, or two that were thanked for. */
const helperFrom = 3;
/** Words against us count for the kind this long. */
const criticismDays = 90;

/** A purchase as it counts. */
export interface Bought {
  at: Date;
  amount: number | null;
  currency: string;
}

export interface Score {
  /** 0 to 100 each, to a tenth. */
  parts: Record<ScorePart, number>;
  sums: Record<ScorePart, number>;
  counts: Record<ScorePart, number>;
  score: number;
  kinds: AdvocateKind[];
  reach: number;
  lastAt: Date | null;
  channelIds: string[];
  products: string[];
}

export type ScoredEvidence = Pick<
  EvidenceDoc,
  'part' | 'weight' | 'at' | 'channelId' | 'products' | 'public'
>;

export interface ScoreSources {
  evidence: readonly ScoredEvidence[];
  /** Their own, neither cancelled nor returned; and those of others who named their code. */
  purchases: readonly Bought[];
  referrals: readonly Bought[];
  /** Followers of each of their identities of which a platform tells. */
  reaches: readonly number[];
  settings: AdvocateSettings;
  now: Date;
}

/** Itself counts one, and what was spent counts by its logarithm: ten million rials as much again. Other currencies have no rate. */
export function purchaseWeight({ amount, currency }: Bought): number {
  const millions = currency === 'IRR' ? Math.max(0, amount ?? 0) / 1_000_000 : 0;
  return 1 + Math.log10(1 + millions);
}

/** Everything about one person that their evidence says. Pure: at one moment the same evidence is the same score. */
export function scoreFrom(sources: ScoreSources): Score {
  const { evidence, reaches, settings, now } = sources;
  const weighed = weigh(sources);
  const score = scoreOf(weighed.parts, settings.weights);
  const reach = reaches.length ? weighed.sums.reach : -1;
  return {
    ...weighed,
    score,
    reach,
    kinds: kindsOf({ score, reach, help: weighed.sums.help, evidence, settings, now }),
    channelIds: [...new Set(evidence.map((one) => one.channelId))].sort(),
    products: mostSpokenOf(evidence),
  };
}

/**
 * The score at the end of each of the last thirty days of UTC, the last one now: by what is known today of each day, and by today's
 * weights. So it moves by what somebody said and did, and not by a merge, a setting, or the day on which we learnt of it. Reach has no
 * past that platforms tell: it is today's on all days. Pure.
 */
export function trendFrom(sources: ScoreSources): number[] {
  const { settings, now } = sources;
  const today = Date.parse(dayOf(now));
  return Array.from({ length: trendDays }, (_, n) => {
    const at = new Date(Math.min(now.getTime(), today - (trendDays - 2 - n) * dayMs - 1));
    const until = <T extends { at: Date }>(some: readonly T[]) => some.filter((one) => one.at <= at);
    const { parts } = weigh({
      ...sources,
      evidence: until(sources.evidence),
      purchases: until(sources.purchases),
      referrals: until(sources.referrals),
      now: at,
    });
    return scoreOf(parts, settings.weights);
  });
}

/** Against seven days before, to a tenth. */
export const changeOf = (trend: readonly number[]): number =>
  round1((trend.at(-1) ?? 0) - (trend.at(-8) ?? 0));

function weigh(sources: ScoreSources): Pick<Score, 'parts' | 'sums' | 'counts' | 'lastAt'> {
  const { evidence, purchases, referrals, reaches, now } = sources;
  const words = (part: WordPart) => evidence.filter((one) => one.part === part);
  const sum = (list: readonly { weight: number }[]) =>
    round3(list.reduce((all, { weight }) => all + weight, 0));
  const weighed = (list: readonly Bought[]) => list.map((one) => ({ weight: purchaseWeight(one) }));
  const lastAt = newest([...evidence.filter((one) => one.part !== 'criticism'), ...purchases, ...referrals]);

  const sums = {
    praise: sum(words('praise')),
    recommendation: sum(words('recommendation')),
    testimonial: sum(words('testimonial')),
    help: sum(words('help')),
    reach: reaches.reduce((all, one) => all + one, 0),
    purchases: sum(weighed(purchases)),
    referrals: sum(weighed(referrals)),
    recency: lastAt ? daysBetween(lastAt, now) : 0,
  };
  const counts = {
    praise: words('praise').length,
    recommendation: words('recommendation').length,
    testimonial: words('testimonial').length,
    help: words('help').length,
    reach: reaches.length,
    purchases: purchases.length,
    referrals: referrals.length,
    recency: lastAt ? 1 : 0,
  };
  const parts = Object.fromEntries(
    scoreParts.map((part) => [part, round1(partOf(part, sums[part], counts[part]))]),
  ) as Record<ScorePart, number>;
  return { parts, sums, counts, lastAt };
}

function partOf(part: ScorePart, sum: number, count: number): number {
  if (!count) return 0;
  if (part === 'reach') return Math.min(100, (100 * Math.log10(1 + sum)) / Math.log10(1 + fullReach));
  if (part === 'recency') return 100 * 2 ** (-Math.max(0, sum) / recencyHalfLife);
  return 100 * (1 - Math.exp(-sum / saturation[part]));
}

function kindsOf(of: {
  score: number;
  reach: number;
  help: number;
  evidence: readonly ScoredEvidence[];
  settings: AdvocateSettings;
  now: Date;
}): AdvocateKind[] {
  const since = of.now.getTime() - criticismDays * dayMs;
  const lately = of.evidence.filter((one) => one.at.getTime() >= since);
  const against = lately.filter((one) => one.part === 'criticism');
  const withUs = lately.filter((one) => one.part === 'praise' || one.part === 'recommendation').length;
  // Whoever complains to us alone is a case for support, and speaks against nobody.
  const aloud = against.some((one) => one.public);
  const often = against.length >= 2 || of.reach >= of.settings.detractorReach;
  const kinds: AdvocateKind[] = [];
  if (of.reach >= of.settings.influencerReach) kinds.push('influencer');
  if (of.score >= of.settings.advocateScore) kinds.push('advocate');
  if (of.help >= helperFrom) kinds.push('helper');
  if (against.length > withUs && aloud && often) kinds.push('detractor');
  return kinds;
}

const mostProducts = 3;

function mostSpokenOf(evidence: readonly ScoredEvidence[]): string[] {
  const counts = new Map<string, number>();
  for (const { part, products } of evidence)
    if (part !== 'criticism') for (const one of products) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))
    .slice(0, mostProducts)
    .map(([product]) => product);
}

function newest(some: readonly { at: Date }[]): Date | null {
  let last: Date | null = null;
  for (const { at } of some) if (!last || at > last) last = at;
  return last;
}

/** To a thousandth, so that the same moment twice is the same number. */
const daysBetween = (from: Date, to: Date) => round3((to.getTime() - from.getTime()) / dayMs);
const round1 = (number: number) => Math.round(number * 10) / 10;
const round3 = (number: number) => Math.round(number * 1000) / 1000;

/** Of UTC, so that a day is the same on every server. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
