import { halfSpace, signOf } from '../../shared/text/fold.ts';

const tag = /(?:^|[^\p{L}\p{N}_&])[#＃]([\p{L}\p{N}\p{M}_\u200B-\u200D\u00AC]+)/gu;
const handle = /(?:^|[^\p{L}\p{N}_.])@([\p{L}\p{N}_][\p{L}\p{N}_.]*)/gu;
const most = 30;
const longest = 100;

/** The hashtags of a text, each once, without #, folded; a half-space in one is written as `_`. */
export function hashtagsOf(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(tag)) {
    const folded = fold(match[1] ?? '')
      .replaceAll(halfSpace, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, longest);
    // #1 is a number in a list.
    if (/\p{L}/u.test(folded)) found.add(folded);
    if (found.size === most) break;
  }
  return [...found];
}

/** What two spellings of one hashtag share: #بلک_فرایدی, #بلک‌فرایدی, «بلک فرایدی». */
export function tagKey(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Who is named with an @, folded. */
export function handlesOf(text: string): Set<string> {
  return new Set([...text.matchAll(handle)].map((match) => handleKey(match[1] ?? '')));
}

/** A handle as it is compared: without its @, folded. */
export function handleKey(text: string): string {
  return fold(text.trim().replace(/^@/, '')).replace(/\.+$/, '');
}

function fold(text: string): string {
  let folded = '';
  for (const char of text) folded += signOf(char.codePointAt(0) ?? 0).text;
  return folded;
}
