import { joinsOf } from './joins.ts';
import { type NumberRun, tokenise } from './tokens.ts';

/** The first of a term tells its kind. */
export const numberSign = '#';
/** Parts of a long number, each found by itself and all of them together. */
export const gram = 4;

const longestTerm = 40;
/** Of one text: nobody writes as many different words, but machines do. */
const mostTerms = 4_000;

/** What an index keeps of a word. */
export const termOf = (word: string) => (word.length > longestTerm ? word.slice(0, longestTerm) : word);

/**
 * What a text is found by, each once: its words, what some write as one word, and `#` with every four digits in a row of its numbers,
 * or the whole of a shorter one.
 */
export function termsOf(text: string): Set<string> {
  const { words, numbers } = tokenise(text);
  const terms = new Set<string>();
  for (const word of words) if (!word.digits) terms.add(termOf(word.text));
  for (const joined of joinsOf(words)) if (!joined.digits) terms.add(termOf(joined.text));
  for (const number of numbers) for (const term of numberTerms(number)) terms.add(term);
  if (terms.size <= mostTerms) return terms;
  return new Set([...terms].slice(0, mostTerms));
}

function* numberTerms({ digits, groups }: NumberRun): Generator<string> {
  for (const [index, from] of groups.entries()) {
    const group = digits.slice(from, groups[index + 1] ?? digits.length);
    if (group.length < gram) yield numberSign + group;
  }
  yield* gramsOf(digits);
}

/** Nothing of fewer digits than a part has. */
export function* gramsOf(digits: string): Generator<string> {
  for (let at = 0; at + gram <= digits.length; at += 1) yield numberSign + digits.slice(at, at + gram);
}
