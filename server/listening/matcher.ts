import type { SavedSearchCreate } from '../../shared/listening.ts';
import {
  isOf,
  type ReadWords,
  rangesOf,
  readTerm,
  readWords,
  type Term as Words,
} from '../../shared/text/term.ts';
import { handleKey, handlesOf, hashtagsOf, tagKey } from './hashtags.ts';

/** What a saved search looks at, read once for all of them. */
export interface ReadText extends ReadWords {
  tags: ReadonlySet<string>;
  handles: ReadonlySet<string>;
}

export interface Said {
  channelId: string;
  /** Who said it. */
  handle: string;
  text: ReadText;
}

export type Term =
  | { kind: 'words'; words: Words }
  | { kind: 'tag'; key: string }
  | { kind: 'handle'; key: string };

export type Own = Pick<ReadonlySet<string>, 'has'>;

export interface Matcher {
  matches(said: Said): boolean;
  /** Words of its own terms, in every form: they say nothing of what else a text is about. */
  own: Own;
}

export function readText(text: string): ReadText {
  return { ...readWords(text), tags: new Set(hashtagsOf(text).map(tagKey)), handles: handlesOf(text) };
}

/**
 * What a saved search finds: any of its terms, none of those it excludes, by nobody whose words do not count. Pure.
 *
 * - Words and phrases are found as `rangesOf` has it.
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
    own: {
      has: (word) =>
        terms.some((term) => (term.kind === 'words' ? isOf(term.words, word) : term.key === word)),
    },
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

/** None where there is nothing in it that can be found. */
export function termOf(text: string, asTag: boolean): Term[] {
  const trimmed = text.trim();
  if (asTag || /^[#＃]/.test(trimmed)) {
    const key = tagKey(trimmed);
    return key ? [{ kind: 'tag', key }] : [];
  }
  if (/^@\S+$/.test(trimmed)) {
    const key = handleKey(trimmed);
    return key ? [{ kind: 'handle', key }] : [];
  }
  const words = readTerm(trimmed);
  return words ? [{ kind: 'words', words }] : [];
}

export function isIn(text: ReadText, term: Term): boolean {
  if (term.kind === 'tag') return text.tags.has(term.key);
  if (term.kind === 'handle') return text.handles.has(term.key);
  return rangesOf(text, term.words).length > 0;
}
