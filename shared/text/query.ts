import { bound } from './affixes.ts';
import { hasAffix } from './joins.ts';
import { type NumberRun, type Tokens, tokenise, type Word } from './tokens.ts';

/** Words that somebody means together: one word, or several that hang together by a half-space, a sign, an affix or quotation marks. */
export interface WordUnit {
  kind: 'words';
  parts: string[];
  /** As one word. */
  joined: string;
  /** Words that only begin with it are meant too. */
  prefix: boolean;
  /** In quotation marks: as it stands, word for word. */
  phrase: boolean;
}

/** Digits, which may be any part of a longer number. */
export interface NumberChoice {
  digits: string;
  /** They follow a 0, a country's code or nothing: the digits of a telephone number after those. */
  national: boolean;
}

interface NumberUnit {
  kind: 'number';
  /** Found when all choices of one way are. */
  ways: NumberChoice[][];
}

export type Unit = WordUnit | NumberUnit;

/** What somebody typed into a search box. All of its units are to be found, in any order. */
export interface Query {
  units: Unit[];
}

const mostUnits = 12;
/** A finished word finds what begins with it, too: کتاب finds کتابم and کتابخانه; از does not find ازدواج. */
const shortestBeginning = 3;
const quoted = /["“”«»]/;

/** @returns no units where there is no word in it */
export function readQuery(text: string): Query {
  const pieces = text.split(quoted);
  const units = pieces.flatMap((piece, index) => {
    const inQuotes = index % 2 === 1 && index < pieces.length - 1;
    return inQuotes ? phraseOf(piece) : unitsOf(piece, index === pieces.length - 1);
  });
  return { units: units.slice(0, mostUnits) };
}

function phraseOf(piece: string): Unit[] {
  const parts = tokenise(piece).words.map((word) => word.text);
  if (!parts.length) return [];
  return [{ kind: 'words', parts, joined: parts.join(''), prefix: false, phrase: true }];
}

function unitsOf(piece: string, last: boolean): Unit[] {
  const tokens = tokenise(piece);
  const chains = chainsOf(tokens);
  return chains.map((chain, index): Unit => {
    if (chain.every((word) => word.digits)) return numberUnit(chain, piece);
    const parts = withoutEzafe(chain.map((word) => word.text));
    const joined = parts.join('');
    // The last word may not be finished yet.
    const open = last && index === chains.length - 1 && chain.at(-1)?.end === piece.length;
    return {
      kind: 'words',
      parts,
      joined,
      prefix: joined.length >= shortestBeginning || (open && joined.length > 1),
      phrase: false,
    };
  });
}

/** خانه‌ی is خانهٔ, and its mark is nothing. */
function withoutEzafe(parts: string[]): string[] {
  return parts.length > 1 && parts.at(-1) === 'ی' && parts.at(-2)?.endsWith('ه') ? parts.slice(0, -1) : parts;
}

function chainsOf({ words, numbers }: Tokens): Word[][] {
  const runOf = new Map<number, NumberRun>();
  for (const number of numbers) for (const group of number.groups) runOf.set(number.at[group] ?? -1, number);
  const chains: Word[][] = [];
  let chain: Word[] = [];
  for (const word of words) {
    const before = chain.at(-1);
    const sameNumber =
      word.digits &&
      chain.every((one) => one.digits) &&
      runOf.get(word.start) !== undefined &&
      runOf.get(word.start) === runOf.get(before?.start ?? -1);
    const hangs =
      word.gap === 'touch' ||
      word.gap === 'tight' ||
      (word.gap === 'space' && before && !before.digits && !word.digits && hasAffix(before, word, bound));
    if (before && (hangs || sameNumber)) chain.push(word);
    else {
      chain = [word];
      chains.push(chain);
    }
  }
  return chains;
}

function numberUnit(chain: readonly Word[], piece: string): NumberUnit {
  const digits = chain.map((word) => word.text).join('');
  const plus = piece[(chain[0]?.start ?? 0) - 1] === '+';
  const choices = spellings(digits, plus);
  const ways = choices.map((choice) => [choice]);
  const national = choices.some((choice) => choice.national);
  const apart = chain.length > 1 && !plus && !(national && digits.length >= 10);
  if (apart) ways.push(chain.map((word) => ({ digits: word.text, national: false })));
  return { kind: 'number', ways };
}

/** A number as it was typed, and the part that every way of dialling it shares. */
function spellings(digits: string, plus: boolean): NumberChoice[] {
  const asTyped = { digits, national: false };
  const abroad = plus ? digits : digits.startsWith('00') && digits.length >= 8 ? digits.slice(2) : null;
  if (abroad !== null || (digits.startsWith('98') && digits.length === 12)) {
    const international = abroad ?? digits;
    if (international.startsWith('98') && international.length >= 6)
      return [asTyped, { digits: international.slice(2), national: true }];
    if (international.startsWith('98') && international.length > 3)
      return [asTyped, { digits: `0${international.slice(2)}`, national: false }];
    return [asTyped, { digits: international, national: false }];
  }
  if (/^0[1-9]/.test(digits)) {
    if (digits.length >= 5) return [asTyped, { digits: digits.slice(1), national: true }];
    if (digits.length === 4) return [asTyped, { digits: `98${digits.slice(1)}`, national: false }];
  }
  return [asTyped];
}
