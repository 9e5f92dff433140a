import { halfSpace, type Sign, signOf } from './fold.ts';

/**
 * The one way in which text becomes words, when it is written and when it is asked for: pure, so that client and server mark the same.
 * A word is letters, or digits; words that hang together (می‌شود, می شود, wi-fi, a@b.ir) are found joined, and apart.
 */

/** How a word hangs on the one before it: they touch (12kg), by a half-space or a sign alone, over white space, or not at all. */
export type Gap = 'touch' | 'tight' | 'space' | 'break';

export interface Word {
  /** Folded. */
  text: string;
  /** In the original text. */
  start: number;
  end: number;
  gap: Gap;
  /** What stands between it and the word before, when the gap is tight; else ''. */
  sign: string;
  digits: boolean;
}

/** Digits in one go, also over the spaces and signs that people write into long numbers. */
export interface NumberRun {
  digits: string;
  /** Where each digit stands in the original text. */
  at: number[];
  /** Where a group begins: indexes into `digits`. */
  groups: number[];
}

export interface Tokens {
  words: Word[];
  numbers: NumberRun[];
}

/** Beyond it a text is not read: no person wrote that much. */
const mostText = 200_000;
const longestNumber = 40;

/** Between two words without white space: they hang together. */
const tightSigns = new Set([halfSpace, '-', '_', '.', "'", '’', '/', '@', ':', '+', '&', '\u2010', '\u2011']);
/** Between groups of one number. */
const numberSigns = /^(?:[ \u200C\-./,_()+٬٫،\u2010-\u2015]{1,2})$/;

export function tokenise(original: string): Tokens {
  const text = original.length > mostText ? original.slice(0, mostText) : original;
  const reading = new Reading();
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at) ?? 0;
    const next = at + (point > 0xffff ? 2 : 1);
    reading.take(read(text, point, next), at, next);
    at = next;
  }
  return reading.end();
}

/** مسئول and مسؤول are one word; شئون and شؤون: before a و the seat of the hamza is a و. */
function read(text: string, point: number, next: number): Sign {
  return signOf(point === 0x626 && text.charCodeAt(next) === 0x648 ? 0x648 : point);
}

/** A text read sign by sign. */
class Reading {
  private readonly words: Word[] = [];
  private readonly numbers: NumberRun[] = [];
  private word: Word | null = null;
  /** Since the last word. */
  private between = '';
  private number: NumberRun | null = null;
  private sinceDigit = '';

  take(sign: Sign, start: number, end: number): void {
    if (sign.kind === 'letter') {
      if (this.number) this.endNumber();
      this.grow(sign.text, start, end, false);
    } else if (sign.kind === 'digit') {
      this.digit(sign.text, start);
      this.grow(sign.text, start, end, true);
    } else if (sign.kind === 'other') {
      this.word = null;
      this.between += sign.text;
      if (this.number) this.sinceDigit += sign.text;
    } else if (this.word && this.word.end === start) {
      // A mark belongs to its letter.
      this.word.end = end;
    }
  }

  private grow(folded: string, start: number, end: number, digits: boolean): void {
    if (this.word?.digits === digits) {
      this.word.text += folded;
      this.word.end = end;
      return;
    }
    const gap = !this.words.length ? 'break' : this.word ? 'touch' : gapOf(this.between);
    const sign = gap === 'tight' ? this.between : '';
    this.word = { text: folded, start, end, gap, sign, digits };
    this.words.push(this.word);
    this.between = '';
  }

  private digit(digit: string, at: number): void {
    const joins = this.sinceDigit === '' || numberSigns.test(this.sinceDigit);
    if (this.number && (!joins || this.number.digits.length >= longestNumber)) this.endNumber();
    this.number ??= { digits: '', at: [], groups: [] };
    if (this.sinceDigit !== '' || this.number.digits === '')
      this.number.groups.push(this.number.digits.length);
    this.number.digits += digit;
    this.number.at.push(at);
    this.sinceDigit = '';
  }

  private endNumber(): void {
    if (this.number) this.numbers.push(this.number);
    this.number = null;
    this.sinceDigit = '';
  }

  end(): Tokens {
    this.endNumber();
    return { words: this.words, numbers: this.numbers };
  }
}

function gapOf(between: string): Gap {
  if (between === ' ') return 'space';
  if (tightSigns.has(between)) return 'tight';
  // A half-space beside a space is a space: people leave both.
  const plain = between.includes(halfSpace) ? between.replaceAll(halfSpace, '') : between;
  return /^ *$/.test(plain) ? (plain === '' ? 'tight' : 'space') : 'break';
}
