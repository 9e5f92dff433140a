import type { Own } from './matcher.ts';

/** What was said in one hit, as words. */
export interface WordsOf {
  words: readonly string[];
  hashtags: readonly string[];
}

export interface Risen {
  word: string;
  count: number;
  /** How often it would be met in as many hits at other times. */
  usual: number;
}

const fewest = 3;
/** Standard deviations of the log-odds ratio. */
const leastScore = 2;
const added = 0.5;

/**
 * Words (and hashtags, with their #) that are met far more often now than before: the log-odds ratio of being in a hit, with a half
 * added to every count, over its standard deviation. Pure.
 * @param options.own words of the searches themselves
 */
export function risenWords(
  now: readonly WordsOf[],
  before: readonly WordsOf[],
  options: { own: Own; limit: number },
): Risen[] {
  const counts = countIn(now);
  const usually = countIn(before);
  const score = (a: number, b: number) =>
    (Math.log((a + added) / (now.length - a + added)) - Math.log((b + added) / (before.length - b + added))) /
    Math.sqrt(1 / (a + added) + 1 / (b + added));
  return [...counts]
    .filter(([, count]) => count >= fewest)
    .map(([word, count]) => {
      const others = usually.get(word) ?? 0;
      const usual = before.length ? (others / before.length) * now.length : 0;
      return { word, count, usual: Math.round(usual * 10) / 10, score: score(count, others) };
    })
    .filter((one) => one.score >= leastScore && one.count > one.usual)
    .filter(({ word }) => !options.own.has(word.replace(/^#/, '')))
    .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
    .slice(0, options.limit)
    .map(({ word, count, usual }) => ({ word, count, usual }));
}

function countIn(hits: readonly WordsOf[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { words, hashtags } of hits)
    for (const word of new Set([...words, ...hashtags.map((tag) => `#${tag}`)]))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
