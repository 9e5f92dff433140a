import type { SavedSearchCreate } from '../../shared/listening.ts';
import { joinsOf } from '../../shared/text/joins.ts';
import { tokenise, type Word } from '../../shared/text/tokens.ts';
import { handleKey, handlesOf, hashtagsOf, tagKey } from './hashtags.ts';

/** What a saved search looks at, read once for all of them. */
export interface ReadText {
  words: readonly Word[];
  /** Where each word stands in `words`. */
  places: ReadonlyMap<string, number[]>;
  /** Words, and what may be written as one. */
  spans: ReadonlySet<string>;
  tags: ReadonlySet<string>;
  handles: ReadonlySet<string>;
}

export interface Said {
  channelId: string;
  /** Who said it. */
  handle: string;
  text: ReadText;
}

type Term =
  | { kind: 'words'; parts: string[]; joined: string }
  | { kind: 'tag'; key: string }
  | { kind: 'handle'; key: string };

export interface Matcher {
  matches(said: Said): boolean;
  /** Words of its own terms: they say nothing of what else a text is about. */
  own: ReadonlySet<string>;
}

/** A plural joined to its word: گوشیها. */
const plural = /^ها(?:ی|یی|یم|یت|یش|یمان|یتان|یشان)?$/;
const shortestWithPlural = 3;

export function readText(text: string): ReadText {
  const { words } = tokenise(text);
  const places = new Map<string, number[]>();
  for (const [index, word] of words.entries()) {
    const at = places.get(word.text);
    if (at) at.push(index);
    else places.set(word.text, [index]);
  }
  const spans = new Set(words.map((word) => word.text));
  for (const joined of joinsOf(words)) spans.add(joined.text);
  return {
    words,
    places,
    spans,
    tags: new Set(hashtagsOf(text).map(tagKey)),
    handles: handlesOf(text),
  };
}

/**
 * What a saved search finds: any of its terms, none of those it excludes, by nobody whose words do not count. Pure.
 *
 * - One word is found as a word of its own, however it is joined (پیش‌نویس, پیشنویس, پیش نویس), and in its plural (گوشی‌ها, phones); never
 *   as a part of another word.
 * - Several words are a phrase: in a row with nothing but spaces, half-spaces and signs inside words between them, or written as one.
 * - `#tag`, and any term of a search of the kind `hashtag`, is that hashtag in every spelling; `@name` is that name with its @.
 */
export function compileSearch(
  search: Pick<SavedSearchCreate, 'kind' | 'terms' | 'exclude' | 'excludeAuthors' | 'channelIds'>,
): Matcher {
  const terms = search.terms.flatMap((term) => termOf(term, search.kind === 'hashtag'));
  const exclude = search.exclude.flatMap((term) => termOf(term, false));
  const authors = new Set(search.excludeAuthors.map(handleKey));
  const channels = search.channelIds === 'all' ? null : new Set(search.channelIds);
  return {
    own: new Set(
      terms.flatMap((term) => (term.kind === 'words' ? [...term.parts, term.joined] : [term.key])),
    ),
    matches: ({ channelId, handle, text }) =>
      (!channels || channels.has(channelId)) &&
      !authors.has(handleKey(handle)) &&
      terms.some((term) => isIn(text, term)) &&
      !exclude.some((term) => isIn(text, term)),
  };
}

/** There is something in it that can be found. */
export function canBeFound(term: string, kind: SavedSearchCreate['kind']): boolean {
  return termOf(term, kind === 'hashtag').length > 0;
}

function termOf(text: string, asTag: boolean): Term[] {
  const trimmed = text.trim();
  if (asTag || /^[#＃]/.test(trimmed)) {
    const key = tagKey(trimmed);
    return key ? [{ kind: 'tag', key }] : [];
  }
  if (/^@\S+$/.test(trimmed)) {
    const key = handleKey(trimmed);
    return key ? [{ kind: 'handle', key }] : [];
  }
  const parts = withoutEzafe(tokenise(trimmed).words.map((word) => word.text));
  return parts.length ? [{ kind: 'words', parts, joined: parts.join('') }] : [];
}

/** خانه‌ی is خانهٔ, and its mark is nothing. */
function withoutEzafe(parts: string[]): string[] {
  return parts.length > 1 && parts.at(-1) === 'ی' && parts.at(-2)?.endsWith('ه') ? parts.slice(0, -1) : parts;
}

function isIn(text: ReadText, term: Term): boolean {
  if (term.kind === 'tag') return text.tags.has(term.key);
  if (term.kind === 'handle') return text.handles.has(term.key);
  if (text.spans.has(term.joined) || isInPlural(text, term.joined)) return true;
  return term.parts.length > 1 && isInARow(text, term.parts);
}

function isInPlural(text: ReadText, word: string): boolean {
  if (word.length < shortestWithPlural) return false;
  if (englishPlurals(word).some((each) => text.spans.has(each))) return true;
  if (!/\p{Script=Arabic}$/u.test(word)) return false;
  for (const span of text.spans)
    if (span.length > word.length && span.startsWith(word) && plural.test(span.slice(word.length)))
      return true;
  return false;
}

/** phones, boxes, batteries. Whose it is (phone's) is a word by itself to `tokenise`. */
function englishPlurals(word: string): string[] {
  if (word.length < shortestWithPlural || !/[a-z]$/.test(word)) return [];
  if (/[^aeiou]y$/.test(word)) return [`${word.slice(0, -1)}ies`];
  if (/(?:[sxz]|ch|sh)$/.test(word)) return [`${word}es`];
  return word.endsWith('o') ? [`${word}s`, `${word}es`] : [`${word}s`];
}

function isInARow({ words, places }: ReadText, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  // Of a phrase the last word has the plural: power banks.
  const last = new Set(englishPlurals(parts.at(-1) ?? ''));
  return (places.get(first) ?? []).some((from) =>
    rest.every((part, index) => {
      const word = words[from + 1 + index];
      if (!word || word.gap === 'break') return false;
      return word.text === part || (index === rest.length - 1 && last.has(word.text));
    }),
  );
}
