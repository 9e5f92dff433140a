import type { SpikeRise } from '../../shared/listening.ts';

/** What an hour is used to. */
export interface Usual {
  median: number;
  /** Median of the distances from the median, scaled so that it is a standard deviation of what is normally distributed. */
  deviation: number;
  mean: number;
}

export const weeksBack = 8;
export const hoursBack = 24;
/** With fewer weeks to look back on, the hours before are the usual. */
export const fewestWeeks = 3;
/** Fewer are no spike, whatever is usual. */
export const fewest = 8;
const times = 2;
const deviations = 3;
/** How rarely chance alone may bring as many. */
const byChance = 1e-4;
/** Up to here an hour is so quiet that deviations say nothing. */
const small = 10;

/**
 * @param of.weeks this hour of the week in each of the weeks before that there are, the newest first
 * @param of.hours the hours right before
 */
export function usualOf(of: { weeks: readonly number[]; hours: readonly number[] }): Usual {
  const counts = of.weeks.length >= fewestWeeks ? of.weeks : [...of.weeks, ...of.hours];
  const median = medianOf(counts);
  return {
    median,
    deviation: 1.4826 * medianOf(counts.map((count) => Math.abs(count - median))),
    mean: counts.length ? counts.reduce((sum, count) => sum + count, 0) / counts.length : 0,
  };
}

/** The rule as SpikeAlert has it, in the contract of listening. Pure. */
export function isSpike(count: number, usual: Usual): boolean {
  if (count < fewest || count < times * usual.median) return false;
  if (count <= usual.median + deviations * usual.deviation) return false;
  if (usual.median >= small) return true;
  return poissonTail(count, Math.max(usual.median, usual.mean, 0.5)) < byChance;
}

/** What is said and what of it is negative are each held to the same rule: complaints may surge while there is no more said than ever. Pure. */
export function riseOf(
  counts: { all: number; negative: number },
  usual: { all: Usual; negative: Usual },
): SpikeRise | null {
  const all = isSpike(counts.all, usual.all);
  const negative = isSpike(counts.negative, usual.negative);
  if (all) return negative ? 'both' : 'all';
  return negative ? 'negative' : null;
}

/** Of an alert that was told of the one, is the other no news? */
export function covers(told: SpikeRise, rise: SpikeRise): boolean {
  return told === 'both' || told === rise;
}

/** How probable `count` or more are where `mean` are expected. */
export function poissonTail(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < count; k += 1) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}

function medianOf(numbers: readonly number[]): number {
  if (!numbers.length) return 0;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}
