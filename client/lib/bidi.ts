/**
 * Text of two scripts. The browser's `dir=auto` looks at the first strong letter only: a Persian answer that begins
 * with "Sure" or with a handle comes out scrambled. Here the majority of a paragraph's words decides, and what is no
 * word of any language (links, addresses, codes) is a token of its own that has no vote and is isolated when shown.
 */

export type Direction = 'rtl' | 'ltr';

export type TokenKind = 'text' | 'url' | 'mail' | 'phone' | 'mention' | 'hashtag' | 'code';

export interface Token {
  kind: TokenKind;
  text: string;
  /** Where it leads: http(s), mailto or tel only. */
  href?: string;
}

/** Domains are taken for links without `https://` only under endings that are no ordinary words or file names. */
const endings = 'ir|com|org|net|app|dev|shop|store|edu|gov|info|co\\.ir|ac\\.ir';
/** Every repetition is bounded: what somebody sends must not be able to hold up an agent's screen. */
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const digit = '[\\d\\u06f0-\\u06f9]';
const patterns: Record<Exclude<TokenKind, 'text'>, string> = {
  mail: `[\\w.+-]{1,64}@(?:${label}\\.){1,6}[a-z]{2,24}`,
  url: `https?://[^\\s<>"'«»]{1,2000}|www\\.[^\\s<>"'«»]{1,2000}|(?:${label}\\.){1,6}(?:${endings})(?![\\w-])(?:[/?#][^\\s<>"'«»]{0,2000})?`,
  phone: `(?:\\+|00|\\u06f0\\u06f0)${digit}(?:[ \\-()]{0,2}${digit}){7,13}|[0\\u06f0](?:[ \\-()]{0,2}${digit}){9,10}`,
  code: '#?[a-z]{1,12}(?:-[a-z0-9]{1,20}){1,6}|#[0-9][a-z0-9-]{0,30}',
  mention: '@[a-z0-9_](?:[\\w.]{0,40}\\w)?',
  hashtag: '#(?=[\\p{N}_]{0,20}\\p{L})[\\p{L}\\p{N}_\\u200c]{1,60}',
};
/** Tried in this order at each place; a token begins at a boundary, so that "a@b" inside a word is no mention. */
const order = ['mail', 'url', 'phone', 'code', 'mention', 'hashtag'] as const;
const finder = new RegExp(
  `(?<![\\p{L}\\p{N}_])(?:${order.map((kind) => `(?<${kind}>${patterns[kind]})`).join('|')})(?![\\p{N}])`,
  'giu',
);

/** The sentence's own mark, which a link swallowed. */
const trailing = /[.,:;!?…،؛؟'"»*]+$/;

function withoutTrailing(url: string): string {
  let kept = url.replace(trailing, '');
  // A closing bracket belongs to the link only if it was opened there.
  while (/[)\]}]$/.test(kept)) {
    const close = kept.at(-1) ?? '';
    const open = { ')': '(', ']': '[', '}': '{' }[close] ?? '';
    if (kept.split(open).length >= kept.split(close).length) break;
    kept = kept.slice(0, -1).replace(trailing, '');
  }
  return kept;
}

const latin = (text: string) =>
  text.replace(/[\u06f0-\u06f9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x06c0));

function hrefOf(kind: TokenKind, text: string): string | undefined {
  if (kind === 'mail') return `mailto:${text}`;
  if (kind === 'phone') return `tel:${latin(text).replace(/[^\d+]/g, '')}`;
  if (kind !== 'url') return undefined;
  const address = /^https?:/i.test(text) ? text : `https://${text}`;
  return URL.canParse(address) ? address : undefined;
}

/** A paragraph cut into text and tokens; joined again they are the paragraph. */
export function tokenize(paragraph: string): Token[] {
  const tokens: Token[] = [];
  let done = 0;
  const pushText = (to: number) => {
    if (to > done) tokens.push({ kind: 'text', text: paragraph.slice(done, to) });
  };
  for (const match of paragraph.matchAll(finder)) {
    const kind = order.find((each) => match.groups?.[each] !== undefined);
    if (!kind) continue;
    const text = kind === 'url' ? withoutTrailing(match[0]) : match[0];
    const href = hrefOf(kind, text);
    // "e-mail" has the form of a code and is a word; a code has a digit.
    if (text === '' || (kind === 'url' && !href) || (kind === 'code' && !/\d/.test(text))) continue;
    pushText(match.index);
    tokens.push({ kind, text, ...(href && { href }) });
    done = match.index + text.length;
  }
  pushText(paragraph.length);
  return tokens;
}

/** The direction within the isolate of a token that is no text; undefined: a hashtag has its own. */
export const isolateDir = (kind: TokenKind): 'ltr' | undefined => (kind === 'hashtag' ? undefined : 'ltr');

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const leftToRight = /[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]/;

/**
 * The direction of one paragraph: right to left when at least three in ten of its words are, because Persian support
 * talk is full of English nouns and never the other way about. Without any word, `fallback`: the interface's own.
 */
export function dirOf(paragraph: string, fallback: Direction): Direction {
  let [right, left] = [0, 0];
  for (const token of tokenize(paragraph)) {
    // A Persian hashtag is a word like any other; Latin ones are labels.
    if (token.kind !== 'text' && !(token.kind === 'hashtag' && rightToLeft.test(token.text))) continue;
    for (const word of token.text.split(/[\s/|]+/)) {
      if (rightToLeft.test(word)) right += 1;
      // "256GB" is a measure, not an English word.
      else if (leftToRight.test(word) && !/\d/.test(word)) left += 1;
    }
  }
  if (right + left === 0) return fallback;
  return right / (right + left) >= 0.3 ? 'rtl' : 'ltr';
}

/** Embeddings, overrides and isolates, which make a name or a file name pass for another; the half-space stays. */
const controls = /[\u202a-\u202e\u2066-\u2069]/g;

/** A name or a file name without the signs that could disguise it; nothing when nobody could see it. */
export function plainName(name: string): string {
  const plain = name.replace(controls, '').replace(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(plain) ? plain : '';
}

/** At most three emoji and nothing else: shown larger. */
export function isOnlyEmoji(text: string): boolean {
  const trimmed = text.trim();
  if (!/\p{Extended_Pictographic}/u.test(trimmed) || trimmed.length > 40) return false;
  if (!/^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200d\ufe0f\u20e3\s])+$/u.test(trimmed))
    return false;
  return [...new Intl.Segmenter('en').segment(trimmed.replace(/\s/g, ''))].length <= 3;
}
