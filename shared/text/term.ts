import { isEnded } from './endings.ts';
import type { Range } from './find.ts';
import { joinsOf } from './joins.ts';
import { tokenise, type Word } from './tokens.ts';

/** A word or a phrase of a saved search. */
export interface Term {
  /** Folded. */
  parts: readonly string[];
  /** All of it, as it may be written as one word. */
  whole: Forms;
  last: Forms;
}

interface Forms {
  word: string;
  /** It, and its English plurals. */
  plain: readonly string[];
}

/** A text as terms are looked for in it: read once for all of them. */
export interface ReadWords {
  words: readonly Word[];
  /** Where each word stands in `words`. */
  places: ReadonlyMap<string, number[]>;
  /** Words, and what may be written as one: where each stands in the text. */
  spans: ReadonlyMap<string, Range[]>;
}

export function readWords(text: string): ReadWords {
  const { words } = tokenise(text);
  const places = new Map<string, number[]>();
  const spans = new Map<string, Range[]>();
  for (const [index, word] of words.entries()) put(places, word.text, index);
  for (const { text: written, start, end } of [...words, ...joinsOf(words)])
    put(spans, written, [start, end]);
  return { words, places, spans };
}

function put<T>(into: Map<string, T[]>, name: string, one: T): void {
  const known = into.get(name);
  if (known) known.push(one);
  else into.set(name, [one]);
}

/** @returns null where there is no word in it */
export function readTerm(text: string): Term | null {
  const parts = withoutEzafe(tokenise(text).words.map((word) => word.text));
  const last = parts.at(-1);
  if (last === undefined) return null;
  return { parts, whole: formsOf(parts.join('')), last: formsOf(last) };
}

/**
 * Where a term stands in a text: the one judge of what a saved search finds, on the server and on the client. Pure.
 *
 * - One word is found as a word of its own, however it is joined (پیش‌نویس, پیشنویس, پیش نویس), in its plural (گوشی‌ها, phones), and with
 *   what people join to a Persian name (پاوربانکتون, پاوربانکو); never as a part of another word.
 * - Several words are a phrase: in a row with nothing but spaces, half-spaces and signs inside words between them, or written as one.
 *
 * @returns in no order; some may overlap
 */
export function rangesOf(read: ReadWords, { parts, whole, last }: Term): Range[] {
  const ranges = whole.plain.flatMap((written) => read.spans.get(written) ?? []);
  for (const [written, at] of read.spans) if (isEnded(written, whole.word)) ranges.push(...at);
  return parts.length > 1 ? [...ranges, ...inARow(read, parts, last)] : ranges;
}

/** Is it a word of the term, in any form in which it is found? */
export function isOf({ parts, whole, last }: Term, word: string): boolean {
  return parts.includes(word) || isForm(word, whole) || isForm(word, last);
}

function inARow({ words, places }: ReadWords, parts: readonly string[], last: Forms): Range[] {
  const [first = '', ...rest] = parts;
  return (places.get(first) ?? []).flatMap((from): Range[] => {
    const fits = rest.every((part, index) => {
      const word = words[from + 1 + index];
      if (!word || word.gap === 'break') return false;
      // Of a phrase the last word has the ending: power banks.
      return word.text === part || (index === rest.length - 1 && isForm(word.text, last));
    });
    const [start, end] = [words[from]?.start, words[from + rest.length]?.end];
    return fits && start !== undefined && end !== undefined ? [[start, end]] : [];
  });
}

const isForm = (written: string, { word, plain }: Forms) => plain.includes(written) || isEnded(written, word);

const formsOf = (word: string): Forms => ({ word, plain: [word, ...englishPlurals(word)] });

const shortestWithPlural = 3;

/** phones, boxes, batteries. Whose it is (phone's) is a word by itself to `tokenise`. */
function englishPlurals(word: string): string[] {
  if (word.length < shortestWithPlural || !/[a-z]$/.test(word)) return [];
  if (/[^aeiou]y$/.test(word)) return [`${word.slice(0, -1)}ies`];
  if (/(?:[sxz]|ch|sh)$/.test(word)) return [`${word}es`];
  return word.endsWith('o') ? [`${word}s`, `${word}es`] : [`${word}s`];
}

/** خانه‌ی is خانهٔ, and its mark is nothing. */
function withoutEzafe(parts: string[]): string[] {
  return parts.length > 1 && parts.at(-1) === 'ی' && parts.at(-2)?.endsWith('ه') ? parts.slice(0, -1) : parts;
}
