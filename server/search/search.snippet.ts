import type { Snippet } from '../../shared/search.ts';
import type { Range } from '../../shared/text/find.ts';

/** UTF-16 units before the first find, and of the whole snippet. */
const before = 60;
const length = 240;
/** So far a cut is moved to stand between words. */
const give = 20;

/** What stands around the first find; the beginning where there is none. */
export function snippetOf(text: string, ranges: readonly Range[]): Snippet {
  const first = ranges[0]?.[0] ?? 0;
  const start = first <= before ? 0 : betweenWords(text, first - before, 1);
  const end =
    text.length <= start + length ? text.length : Math.max(betweenWords(text, start + length, -1), start);
  return {
    text: text.slice(start, end),
    start,
    cutBefore: start > 0,
    cutAfter: end < text.length,
    highlights: ranges
      .filter(([from, to]) => to > start && from < end)
      .map(([from, to]) => [Math.max(0, from - start), Math.min(end, to) - start]),
  };
}

/** A place near `at` that cuts no word, if there is one, and no character. */
function betweenWords(text: string, at: number, direction: 1 | -1): number {
  for (let moved = 0; moved < give; moved += 1)
    if (/\s/.test(text[at + moved * direction] ?? ' '))
      return at + moved * direction + (direction > 0 ? 1 : 0);
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000 ? at + direction : at;
}
