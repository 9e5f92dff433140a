import { foldPoint, halfSpace } from '../../shared/text/fold.ts';

export type TokenKind = 'word' | 'number' | 'emoji' | 'mark' | 'link';

/** A word, number, emoji or run of punctuation of a text. */
export interface Token {
  kind: TokenKind;
  /** Folded: letters of one form, small, without half-spaces and apostrophes; letters that were drawn out once (Persian) or twice (Latin). */
  key: string;
  /** In the original text, UTF-16 units. */
  start: number;
  end: number;
  script: 'persian' | 'latin' | 'none';
  /** A letter was written three times or more. */
  drawn: boolean;
  /** Four capitals or more and nothing else. */
  shouted: boolean;
}

/** Beyond it a text is not read for its mood: what comes first says enough. */
export const mostRead = 1_000;

const pattern = new RegExp(
  [
    /(?<link>```[\s\S]*?(?:```|$)|(?:https?:\/\/|www\.|t\.me\/)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@[\w.]+)/,
    /(?<face>[:;=]['’]?-?(?:[)(\]D[Pp/\\|*])+(?![\p{L}])|<\/?3|\bxD+\b|\^_+\^|-_+-)/u,
    /(?<emoji>[\u{1F1E6}-\u{1F1FF}]{2}|\p{Extended_Pictographic}(?:\uFE0F|[\u{1F3FB}-\u{1F3FF}]|\u200D\p{Extended_Pictographic})*)/u,
    /(?<word>[\p{L}\p{M}]+(?:[\u200B-\u200D\u00AC\u0640'’]+[\p{L}\p{M}]+)*)/u,
    /(?<number>\p{Nd}+(?:[.,:/٫٬]\p{Nd}+)*)/u,
    /(?<mark>[.!?؟…،,;؛:()"«»\n]+)/,
  ]
    .map((one) => one.source)
    .join('|'),
  'gu',
);

/** Written apart from their word: می خواهم, کتاب ها, راضی ام. */
const before = new Set(['می', 'نمی']);
const after = new Set(['ها', 'های', 'هایی', 'هاش', 'هاشون', 'تر', 'ترین', 'ام', 'اید', 'ایم', 'اند']);

/** Reads a text into tokens. Pure; linear in what it reads. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let joins = false;
  for (const match of (text.length > mostRead ? text.slice(0, mostRead) : text).matchAll(pattern)) {
    const groups = match.groups ?? {};
    const token = tokenOf(match[0], match.index, groups);
    const last = tokens[tokens.length - 1];
    const near = last?.kind === 'word' && /^[ \u200C]*$/.test(text.slice(last.end, token.start));
    if (last && near && token.script === 'persian' && (joins || after.has(token.key))) {
      last.key += token.key;
      last.end = token.end;
      joins = false;
    } else {
      tokens.push(token);
      joins = token.kind === 'word' && before.has(token.key);
    }
  }
  return tokens;
}

function tokenOf(raw: string, start: number, groups: Record<string, string | undefined>): Token {
  const span = { start, end: start + raw.length, script: 'none' as const, drawn: false, shouted: false };
  if (groups['link'] !== undefined) return { ...span, kind: 'link', key: '' };
  if (groups['face'] !== undefined) return { ...span, kind: 'emoji', key: faceKey(raw) };
  if (groups['emoji'] !== undefined)
    return { ...span, kind: 'emoji', key: raw.replace(/[\uFE0F\u{1F3FB}-\u{1F3FF}]/gu, '') };
  if (groups['word'] !== undefined) return wordOf(raw, start);
  if (groups['number'] !== undefined) {
    const digits = folded(raw);
    return {
      ...span,
      kind: 'number',
      key: digits.length <= 2 || /^\d{1,2}\/\d{1,2}$/.test(digits) ? `#${digits}` : '#',
    };
  }
  return { ...span, kind: 'mark', key: markKey(raw) };
}

function wordOf(raw: string, start: number): Token {
  const whole = folded(raw);
  const persian = /[\u0600-\u06FF]/.test(whole);
  const drawn = /(\p{L})\1\1/u.test(whole);
  const key = drawn ? whole.replace(/(\p{L})\1\1+/gu, persian ? '$1' : '$1$1') : whole;
  return {
    kind: 'word',
    key,
    start,
    end: start + raw.length,
    script: persian ? 'persian' : 'latin',
    drawn,
    shouted: !persian && raw.length >= 4 && /^\p{Lu}+$/u.test(raw),
  };
}

/** As the lists of words are folded too. */
export function folded(text: string): string {
  let out = '';
  for (const char of text) {
    const point = foldPoint(char.codePointAt(0) ?? 0);
    if (point !== halfSpace && char !== "'" && char !== '’') out += point;
  }
  return out;
}

/** One of a few faces. */
function faceKey(raw: string): string {
  if (/^<3/.test(raw)) return '❤';
  if (/^<\/3/.test(raw)) return '💔';
  if (/[/\\|]$|^-_/.test(raw)) return ':/';
  if (/[([]$/.test(raw)) return ':(';
  return ':)';
}

/** What ends a clause, what asks, what calls out. */
function markKey(raw: string): string {
  const asks = /[?؟]/.test(raw);
  const calls = /!/.test(raw);
  if (asks && calls) return '?!';
  if (asks) return /[?؟]{2,}/.test(raw) ? '??' : '?';
  if (calls) return /!{2,}/.test(raw) ? '!!' : '!';
  if (/…|\.{2,}/.test(raw)) return '…';
  if (/[.؛;\n]/.test(raw)) return '.';
  return ',';
}
