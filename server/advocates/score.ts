import {
  type AdvocateKind,
  type AdvocateSettings,
  type ScorePart,
  scoreOf,
  scoreParts,
} from '../../shared/advocate.ts';
import type { AdvocateDay, EvidenceDoc, WordPart } from './advocate.model.ts';

const dayMs = 86_400_000;

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
  /** Followers of each of their identities that speak in public. */
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
  const { evidence, purchases, referrals, reaches, settings, now } = sources;
  const words = (part: WordPart) => evidence.filter((one) => one.part === part);
  const sum = (list: readonly { weight: number }[]) =>
    round3(list.reduce((all, { weight }) => all + weight, 0));
  const weighed = (list: readonly Bought[]) => list.map((one) => ({ weight: purchaseWeight(one) }));
  const reach = reaches.length ? reaches.reduce((all, one) => all + one, 0) : -1;
  const lastAt = newest([...evidence.filter((one) => one.part !== 'criticism'), ...purchases, ...referrals]);

  const sums = {
    praise: sum(words('praise')),
    recommendation: sum(words('recommendation')),
    testimonial: sum(words('testimonial')),
    help: sum(words('help')),
    reach: Math.max(0, reach),
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
  const score = scoreOf(parts, settings.weights);
  return {
    parts,
    sums,
    counts,
    score,
    reach,
    lastAt,
    kinds: kindsOf({ score, reach, help: sums.help, evidence, settings, now }),
    channelIds: [...new Set(evidence.map((one) => one.channelId))].sort(),
    products: mostSpokenOf(evidence),
  };
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
export const dayBefore = (at: Date, days: number): string => dayOf(new Date(at.getTime() - days * dayMs));

const keptDays = 31;

/** The days' scores with today's; the last of a day holds. */
export function withToday(days: readonly AdvocateDay[], score: number, now: Date): AdvocateDay[] {
  const today = dayOf(now);
  const since = dayBefore(now, keptDays - 1);
  const before = days.filter(({ day }) => day < today);
  // What was last known of the time before stands for the days on which nothing was written.
  const older = before.filter(({ day }) => day < since).at(-1);
  const kept = before.filter(({ day }) => day >= since);
  const first = older && kept[0]?.day !== since ? [{ day: since, score: older.score }] : [];
  return [...first, ...kept, { day: today, score }];
}

/** The score on that day or last before it; 0 before anything was known. */
export function scoreOn(days: readonly AdvocateDay[], day: string): number {
  return days.filter((one) => one.day <= day).at(-1)?.score ?? 0;
}

/** One score a day of the last thirty, the oldest first. */
export function trendOf(days: readonly AdvocateDay[], now: Date): number[] {
  return Array.from({ length: 30 }, (_, n) => scoreOn(days, dayBefore(now, 29 - n)));
}
