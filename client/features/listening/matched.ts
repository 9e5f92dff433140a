import type { SavedSearch } from '../../../shared/listening.ts';
import type { Range } from '../../../shared/text/find.ts';
import { signOf } from '../../../shared/text/fold.ts';
import { type ReadWords, rangesOf, readTerm, readWords } from '../../../shared/text/term.ts';

const tag = /[#＃][\p{L}\p{N}\p{M}_\u200B-\u200D\u00AC]+/gu;
const handle = /@[\p{L}\p{N}_][\p{L}\p{N}_.]*/gu;

/** Letters and digits alone, as they are compared. */
const bare = (text: string) =>
  [...text]
    .map((char) => signOf(char.codePointAt(0) ?? 0).text)
    .join('')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Where the words of the searches that found a text stand in it, in order and apart: to mark them. */
export function matchedIn(text: string, searches: readonly Pick<SavedSearch, 'kind' | 'terms'>[]): Range[] {
  const read = readWords(text);
  const ranges = searches.flatMap(({ kind, terms }) =>
    terms.flatMap((term) => rangesIn({ text, read }, term, kind)),
  );
  const merged: Range[] = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = merged.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function rangesIn(of: { text: string; read: ReadWords }, term: string, kind: SavedSearch['kind']): Range[] {
  const trimmed = term.trim();
  if (kind === 'hashtag' || /^[#＃]/.test(trimmed)) return wholes(of.text, tag, trimmed);
  if (/^@\S+$/.test(trimmed)) return wholes(of.text, handle, trimmed);
  const words = readTerm(trimmed);
  return words ? rangesOf(of.read, words) : [];
}

/** Hashtags or names with their sign that are called so, in any spelling. */
function wholes(text: string, pattern: RegExp, term: string): Range[] {
  const wanted = bare(term);
  return [...text.matchAll(pattern)]
    .filter(([whole]) => wanted !== '' && bare(whole) === wanted)
    .map(({ index, 0: whole }) => [index, index + whole.length]);
}
