import { normalise } from '../../shared/text/normalise.ts';

/** Searching among what is on hand: names, titles, deeds. Persian-aware, forgiving, the best first. */

/** With and without the spaces: «می‌خواهم» is also found by «میخواهم». */
interface Prepared {
  text: string;
  tight: string;
}

const prepare = (text: string): Prepared => {
  const even = normalise(text);
  return { text: even, tight: even.replaceAll(' ', '') };
};

/** All letters of the word in their order, however far apart; null when they are not there. The nearer, the better. */
function scattered(word: string, tight: string): number | null {
  let at = -1;
  let first = 0;
  for (const [n, letter] of [...word].entries()) {
    at = tight.indexOf(letter, at + 1);
    if (at < 0) return null;
    if (n === 0) first = at;
  }
  const spread = at - first + 1 - word.length;
  return spread > word.length * 2 ? null : 10 - Math.min(8, spread);
}

function scoreWord(word: string, { text, tight }: Prepared): number | null {
  if (text === word) return 100;
  if (text.startsWith(word)) return 80;
  if (text.includes(` ${word}`)) return 60;
  if (text.includes(word)) return 40;
  if (tight.includes(word)) return 30;
  return word.length < 2 ? null : scattered(word, tight);
}

/**
 * How well something fits what was typed; null when it does not. Every word must be found in one of its texts; texts are
 * given most telling first, and each counts less than the one before.
 */
export function scoreOf(query: string, texts: readonly string[]): number | null {
  const words = normalise(query).split(' ').filter(Boolean);
  const prepared = texts.map(prepare);
  let total = 0;
  for (const word of words) {
    let best: number | null = null;
    for (const [nth, text] of prepared.entries()) {
      const score = scoreWord(word, text);
      if (score !== null) best = Math.max(best ?? 0, score / (1 + nth * 0.5));
    }
    if (best === null) return null;
    total += best;
  }
  return total;
}

/** What fits, the best first; what fits alike stays in its order. An empty query keeps everything. */
export function findIn<Item>(
  items: readonly Item[],
  query: string,
  textsOf: (item: Item) => readonly string[],
): Item[] {
  if (normalise(query) === '') return [...items];
  return items
    .map((item, at) => ({ item, at, score: scoreOf(query, textsOf(item)) }))
    .filter((each): each is { item: Item; at: number; score: number } => each.score !== null)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ item }) => item);
}
