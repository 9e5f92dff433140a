import { finglishKey } from './finglish.ts';
import { folded, type Token } from './tokens.ts';
import * as english from './words/english.ts';
import * as finglish from './words/finglish.ts';
import * as persian from './words/persian.ts';

/** What the lists of words say in one language. */
export interface Lexicon {
  words: WordList;
  degrees: WordList;
  irony: WordList;
  facts: WordList;
  plain: WordList;
  /** Denies what stands before it (نیست)… */
  denies: (key: string) => boolean;
  /** …or what stands after it (not, بدون). */
  deniesNext: ReadonlySet<string>;
  but: ReadonlySet<string>;
  and: ReadonlySet<string>;
  /** As this lexicon spells a token's key. */
  spell: (key: string) => string;
}

const mostWords = 6;
const head = 3;

/** Words and phrases, found in a row of tokens whether written together, with a half-space or apart. */
export class WordList {
  private readonly exact = new Map<string, number>();
  private readonly beginnings = new Map<string, number>();
  private readonly heads = new Set<string>();

  constructor(
    entries: readonly (readonly [text: string, weight: number])[],
    private readonly bare: (key: string) => readonly string[],
  ) {
    for (const [text, weight] of entries) {
      const open = text.endsWith('*');
      const key = open ? text.slice(0, -1) : text;
      (open ? this.beginnings : this.exact).set(key, weight);
      this.heads.add(key.slice(0, head));
    }
  }

  /** The longest that begins at a place of `keys`. @returns its weight and how many tokens it is */
  find(keys: readonly string[], from: number): { weight: number; count: number } | null {
    let found: { weight: number; count: number } | null = null;
    let joined = '';
    for (let count = 1; count <= mostWords && from + count <= keys.length; count += 1) {
      const key = keys[from + count - 1] ?? '';
      if (key === '') break;
      const before = joined.length;
      joined += key;
      if (joined.length >= head && !this.heads.has(joined.slice(0, head))) break;
      const weight = this.weightOf(joined) ?? this.openWeight(joined, before);
      if (weight !== null) found = { weight, count };
    }
    return found;
  }

  private weightOf(key: string): number | null {
    const whole = this.exact.get(key);
    if (whole !== undefined) return whole;
    for (const stem of this.bare(key)) {
      const weight = this.exact.get(stem);
      if (weight !== undefined) return weight;
    }
    return null;
  }

  private openWeight(joined: string, longerThan: number): number | null {
    if (!this.beginnings.size) return null;
    for (let length = joined.length; length > longerThan && length >= head; length -= 1) {
      const weight = this.beginnings.get(joined.slice(0, length));
      if (weight !== undefined) return weight;
    }
    return null;
  }
}

const nothing: readonly string[] = [];

const persianEnds =
  'هایشان هایمان هایتان هاشون هامون هاتون ترینشون ترینها ترینه هایی هایم هایت هایش های هاش هام هات ترین تره تری ها تر شونه مون تون شون مان تان شان ید ین یم ست اس یی یه ام ات اش ان اند ند ای رو مو شو تو ی ه م ت ش و ن ا س'.split(
    ' ',
  );
const finglishEnds =
  'hayeshun hashun hamun hatun tarine tarinesh tarin tare tar hash haye ha emun etun eshun esh et em am im in id an ast ro sho ye yi as i e o u m'.split(
    ' ',
  );
const englishEnds = ['ness', 'ing', 'ed', 'es', 'er', 'ly', 's', 'y'];

const bareOf = (ends: readonly string[], least: number) => {
  const byLast = new Map<string, string[]>();
  for (const end of ends) {
    const last = end.slice(-1);
    byLast.set(last, [...(byLast.get(last) ?? []), end]);
  }
  return (key: string): readonly string[] => {
    const stems: string[] = [];
    for (const end of byLast.get(key.charAt(key.length - 1)) ?? nothing)
      if (key.length - end.length >= least && key.endsWith(end)) stems.push(key.slice(0, -end.length));
    return stems;
  };
};

const joinedKey = (text: string) => folded(text).replace(/[\s_]+/g, '');
const finglishJoined = (text: string) => {
  const open = text.endsWith('*');
  const key = text
    .replace(/\*$/, '')
    .split(/\s+/)
    .map((word) => finglishKey(folded(word)))
    .join('');
  return open ? `${key}*` : key;
};

/** Lines of `weight word | word`, or words alone. */
function list(
  lines: string,
  key: (text: string) => string,
  bare: (key: string) => readonly string[],
): WordList {
  const entries: [string, number][] = [];
  for (const line of lines.trim().split('\n')) {
    const weight = /^(-?[\d.]+) /.exec(line);
    const words = weight ? line.slice(weight[0].length) : line;
    for (const word of words.split('|'))
      if (word.trim()) entries.push([key(word.trim()), weight ? Number(weight[1]) : 1]);
  }
  return new WordList(entries, bare);
}

const never = () => nothing;
const bareFa = bareOf(persianEnds, 3);
const bareFi = bareOf(finglishEnds, 4);
const bareEn = bareOf(englishEnds, 4);

export const persianLexicon: Lexicon = {
  words: list(persian.persianWords, joinedKey, bareFa),
  degrees: list(persian.persianDegrees, joinedKey, never),
  irony: list(persian.persianIrony, joinedKey, bareFa),
  facts: list(persian.persianFacts, joinedKey, never),
  plain: list(persian.persianPlain, joinedKey, never),
  denies: (key) => persian.persianDenials.has(key) || (key.length > 4 && key.startsWith('نمی')),
  deniesNext: persian.persianBefore,
  but: persian.persianBut,
  and: persian.persianAnd,
  spell: (key) => key,
};

const finglishDenials = new Set([...finglish.finglishDenials].map(finglishKey));
const keysOf = (words: ReadonlySet<string>) => new Set([...words].map(finglishKey));

export const finglishLexicon: Lexicon = {
  words: list(finglish.finglishWords, finglishJoined, bareFi),
  degrees: list(finglish.finglishDegrees, finglishJoined, never),
  irony: list(finglish.finglishIrony, finglishJoined, bareFi),
  facts: list(finglish.finglishFacts, finglishJoined, never),
  plain: list(finglish.finglishPlain, finglishJoined, never),
  denies: (key) => finglishDenials.has(key) || /^nemi|^nami.{2}/.test(key),
  deniesNext: keysOf(finglish.finglishBefore),
  but: keysOf(finglish.finglishBut),
  and: keysOf(finglish.finglishAnd),
  spell: finglishKey,
};

export const englishLexicon: Lexicon = {
  words: list(english.englishWords, joinedKey, bareEn),
  degrees: list(english.englishDegrees, joinedKey, never),
  irony: list(english.englishIrony, joinedKey, never),
  facts: list(english.englishFacts, joinedKey, never),
  plain: list(english.englishPlain, joinedKey, never),
  denies: () => false,
  deniesNext: english.englishBefore,
  but: english.englishBut,
  and: english.englishAnd,
  spell: (key) =>
    key.replace(/([^aeou])\1$/, (_, letter: string) => (/[lsf]/.test(letter) ? letter + letter : letter)),
};

export type Language = 'fa' | 'en' | 'finglish' | 'other';

/** By its letters, and of Latin ones by words that only one of the two languages has. */
export function languageOf(tokens: readonly Token[]): Language {
  let [fa, latin, tells, english] = [0, 0, 0, 0];
  for (const token of tokens) {
    if (token.kind !== 'word') continue;
    if (token.script === 'persian') fa += token.key.length;
    else if (/^[a-z]+$/.test(token.key)) {
      latin += token.key.length;
      tells += tellsFinglish(token.key);
      english += englishWord(token.key);
    }
  }
  if (fa > 0 && fa * 2 >= latin) return arabic(tokens) ? 'other' : 'fa';
  if (latin === 0) return 'other';
  return tells > english ? 'finglish' : 'en';
}

function tellsFinglish(key: string): number {
  if (finglish.finglishTells.has(key)) return 1;
  const found = finglishLexicon.words.find([finglishKey(key)], 0);
  if (found && !englishWord(key)) return 1;
  return /^n?emi[a-z]{3}|^mi[kgrdtbsz][a-z]+(am|an|i|e|id|in|im)$|^kh|gh[aeiou]|[aeiou]sh(un|oon|et|am)$|etun$|etoon$|emun$/.test(
    key,
  ) && !englishWord(key)
    ? 0.6
    : 0;
}

function englishWord(key: string): number {
  if (english.englishTells.has(key)) return 1;
  if (englishLexicon.words.find([key], 0)) return 1;
  return /(?:tion|ing|ment|ness|able|ough|ight|ould|ally|ity)s?$/.test(key) ? 0.7 : 0;
}

const arabicWords = new Set('لم الی هذا هذه فی فضلک الذی التی کان انا شکرا ولکن لیس لدی'.split(' '));

/** Arabic, which shares the letters: its article again and again, and letters that Persian has not. */
function arabic(tokens: readonly Token[]): boolean {
  const words = tokens.filter((token) => token.script === 'persian');
  const article = words.filter(({ key }) => /^ال.{3}/.test(key) || arabicWords.has(key)).length;
  return (
    words.length >= 3 &&
    article >= 2 &&
    !words.some((token) => /[پچژگ]|^می|^نمی|^است$|^که$|^از$/.test(token.key))
  );
}

export const lexiconOf = (language: Language): Lexicon =>
  language === 'fa' ? persianLexicon : language === 'finglish' ? finglishLexicon : englishLexicon;
