import { rangesOf } from '../../shared/text/term.ts';
import { handleKey, tagKey } from '../listening/hashtags.ts';
import { isIn, type ReadText, readText, type Term, termOf } from '../listening/matcher.ts';
import { mostRead, type Token, tokensOf } from './tokens.ts';

/** What the organisation sells, and how people speak of it. */
export interface Product {
  name: string;
  /** As it is called where it is bought: found as it stands there. */
  titles: readonly string[];
  /** Of a saved search for it: its words are found as listening finds them, and what it leaves out names it not. */
  search: { terms: readonly string[]; exclude: readonly string[] } | null;
}

interface Title {
  words: string[];
  product: number;
}
interface Prepared {
  /** By their first word, the longest first. */
  titles: ReadonlyMap<string, readonly Title[]>;
  /** By how their words begin. */
  phrases: ReadonlyMap<string, readonly { term: Term & { kind: 'words' }; product: number }[]>;
  /** By `tag` or `handle` and its key. */
  signs: ReadonlyMap<string, readonly number[]>;
  exclude: ReadonlyMap<number, readonly Term[]>;
}

const prepared = new WeakMap<readonly Product[], Prepared>();

/**
 * Where products are named in a text. The same array of products again is prepared once. Pure.
 * @returns token → names
 */
export function namedIn(
  text: string,
  tokens: readonly Token[],
  products: readonly Product[],
): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>();
  if (!products.length) return found;
  const index = prepare(products);
  const searched = index.phrases.size > 0 || index.signs.size > 0;
  const read = searched ? readText(text.slice(0, mostRead)) : null;
  const barred = new Set(
    [...index.exclude].flatMap(([product, terms]) =>
      read && terms.some((term) => isIn(read, term)) ? [product] : [],
    ),
  );
  const add = (at: number, product: number) => {
    const name = products[product]?.name;
    if (name === undefined || at < 0 || barred.has(product)) return;
    found.set(at, (found.get(at) ?? new Set()).add(name));
  };
  for (let at = 0; at < tokens.length; at += 1)
    for (const { words, product } of index.titles.get(bare(tokens[at])) ?? [])
      if (standsAt(tokens, at, words)) {
        add(at, product);
        break;
      }
  if (read)
    for (const { place, product } of searchedIn(text, read, index))
      add(
        tokens.findIndex(({ end }) => end > place),
        product,
      );
  return found;
}

function* searchedIn(
  text: string,
  read: ReadText,
  { phrases, signs }: Prepared,
): Generator<{ place: number; product: number }> {
  // Most words begin as none of the terms does.
  for (const beginning of new Set([...read.spans.keys()].map(beginningOf)))
    for (const { term, product } of phrases.get(beginning) ?? [])
      for (const [place] of rangesOf(read, term.words)) yield { place, product };
  if (!signs.size) return;
  for (const { 0: sign, index: place } of text.matchAll(signed)) {
    const key = sign.startsWith('@') ? `handle ${handleKey(sign)}` : `tag ${tagKey(sign)}`;
    for (const product of signs.get(key) ?? []) yield { place, product };
  }
}

const signed = /(?<![\p{L}\p{N}_.&])[#＃@][\p{L}\p{N}\p{M}_.\u200B-\u200D\u00AC]+/gu;
const beginningOf = (word: string) => word.slice(0, 2);

function prepare(products: readonly Product[]): Prepared {
  const known = prepared.get(products);
  if (known) return known;
  const titles = new Map<string, Title[]>();
  const phrases = new Map<string, { term: Term & { kind: 'words' }; product: number }[]>();
  const signs = new Map<string, number[]>();
  const exclude = new Map<number, Term[]>();
  for (const [product, { titles: called, search }] of products.entries()) {
    for (const words of called.map(wordsOf).filter(tells)) put(titles, words[0] ?? '', { words, product });
    for (const term of search?.terms.flatMap((one) => termOf(one, false)) ?? []) {
      if (term.kind !== 'words') {
        put(signs, `${term.kind} ${term.key}`, product);
        continue;
      }
      const { parts } = term.words;
      for (const beginning of new Set([parts.join(''), parts[0] ?? ''].map(beginningOf)))
        put(phrases, beginning, { term, product });
    }
    const without = search?.exclude.flatMap((one) => termOf(one, false)) ?? [];
    if (without.length) exclude.set(product, without);
  }
  for (const some of titles.values()) some.sort((a, b) => b.words.length - a.words.length);
  const index = { titles, phrases, signs, exclude };
  prepared.set(products, index);
  return index;
}

function put<T>(into: Map<string, T[]>, name: string, one: T): void {
  const known = into.get(name);
  if (known) known.push(one);
  else into.set(name, [one]);
}

/** Cut as texts are: K30 is a letter and a number there, and a half-space joins. */
const wordsOf = (title: string): string[] =>
  tokensOf(title)
    .filter(({ kind }) => kind === 'word' || kind === 'number')
    .map(bare);

/** A title of one short word is a word of the language more often than the product. */
const tells = (words: readonly string[]) => words.length > 1 || (words[0]?.length ?? 0) >= 4;

const standsAt = (tokens: readonly Token[], at: number, words: readonly string[]) =>
  words.every((word, n) => {
    const key = bare(tokens[at + n]);
    return key === word || (n === words.length - 1 && endsLike(key, word));
  });

/** Numbers are kept with a sign before them. */
const bare = (token: Pick<Token, 'key'> | undefined): string => token?.key.replace(/^#/, '') ?? '';

/** کیف and کیفش, the bag and bags. */
const endsLike = (key: string, word: string) =>
  key.startsWith(word) && key.length <= word.length + 3 && word.length >= 3;
