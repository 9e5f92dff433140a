import type { Own } from './matcher.ts';

/** What was learnt of what people taught away: how much each word speaks for "not about us". */
export interface Learnt {
  /** The weightiest first. Positive: it speaks for "not about us"; negative: for "about us". */
  words: { word: string; weight: number }[];
  /** How often it is not about us, before any word is known. */
  prior: number;
}

/** Fewer say nothing. */
export const fewestExamples = 5;
/** A word that was met less often tells nothing. */
const fewestMeetings = 3;
/** The natural logarithm of the odds that count as clear: twenty to one. */
export const clearOdds = Math.log(20);
const mostWords = 200;
/** A word this weak is left out. */
const leastWeight = 0.7;
/** The prior cannot decide alone. */
const mostPrior = 1;

/**
 * Naive Bayes over words that are there or not, with a half added to every count. Pure.
 * @param examples each the telling words of one text
 * @param options.own words of the search itself, which stand in all of them
 * @returns null when too few were taught away
 */
export function learn(
  examples: { away: readonly (readonly string[])[]; kept: readonly (readonly string[])[] },
  options: { own: Own },
): Learnt | null {
  const { away, kept } = examples;
  if (away.length < fewestExamples) return null;
  const inAway = countIn(away);
  const inKept = countIn(kept);
  const words = [...new Set([...inAway.keys(), ...inKept.keys()])]
    .filter((word) => !options.own.has(word))
    .flatMap((word) => {
      const a = inAway.get(word) ?? 0;
      const k = inKept.get(word) ?? 0;
      if (a + k < fewestMeetings) return [];
      const weight = Math.log((a + 0.5) / (away.length + 1)) - Math.log((k + 0.5) / (kept.length + 1));
      return Math.abs(weight) < leastWeight ? [] : [{ word, weight: Math.round(weight * 1000) / 1000 }];
    })
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.word < b.word ? -1 : 1))
    .slice(0, mostWords);
  const prior = Math.log((away.length + 1) / (kept.length + 1));
  return { words, prior: Math.max(-mostPrior, Math.min(mostPrior, prior)) };
}

/**
 * Is this clearly not about us? Pure.
 * @returns the words that say so, the weightiest first; null when they do not
 */
export function isAway(learnt: Learnt | null, words: readonly string[]): string[] | null {
  if (!learnt) return null;
  const weights = new Map(learnt.words.map(({ word, weight }) => [word, weight]));
  let odds = learnt.prior;
  const for_: { word: string; weight: number }[] = [];
  for (const word of new Set(words)) {
    const weight = weights.get(word);
    if (weight === undefined) continue;
    odds += weight;
    if (weight > 0) for_.push({ word, weight });
  }
  if (odds < clearOdds || !for_.length) return null;
  return for_
    .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1))
    .slice(0, 5)
    .map(({ word }) => word);
}

/** Words that tell what is not about us, for people to read. */
export function learntWords(learnt: Learnt | null): string[] {
  return (learnt?.words ?? []).flatMap(({ word, weight }) => (weight > 0 ? [word] : [])).slice(0, 20);
}

function countIn(texts: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of new Set(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
