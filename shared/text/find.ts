import { type Joined, joinsOf } from './joins.ts';
import type { NumberChoice, Query, Unit, WordUnit } from './query.ts';
import { gram } from './terms.ts';
import { type Tokens, tokenise, type Word } from './tokens.ts';

export { type Query, readQuery } from './query.ts';

/** `[start, end)` in UTF-16 units of a text. */
export type Range = [number, number];

interface Read extends Tokens {
  /** Words, and what may be written as one. */
  spans: Pick<Joined, 'text' | 'start' | 'end'>[];
}

/**
 * Where the words of a query stand in a text: the one judge of what matches, on the server and on the client.
 * @returns in order, none touching another; null when not all of the query is in it
 */
export function findIn(query: Query, text: string): Range[] | null {
  return findInAll(query, [text])?.[0] ?? null;
}

/** The same over several texts of one thing (a subject, a body, names of files), of which each may hold a part of the query. */
export function findInAll(query: Query, texts: readonly string[]): Range[][] | null {
  const { found, all } = marksOf(query, texts);
  return all ? found : null;
}

/** Where any of the words stand, in each text by itself: to mark what was found some other way. */
export function marksIn(query: Query, text: string): Range[] {
  return marksOf(query, [text]).found[0] ?? [];
}

function marksOf({ units }: Query, texts: readonly string[]): { found: Range[][]; all: boolean } {
  const found: Range[][] = texts.map(() => []);
  const met = new Set<number>();
  for (const [index, text] of texts.entries()) {
    const read = readText(text);
    const into = found[index] ?? [];
    const note = (ranges: Range[], ...which: number[]) => {
      if (!ranges.length) return;
      into.push(...ranges);
      for (const unit of which) met.add(unit);
    };
    for (const [at, unit] of units.entries()) {
      note(unit.kind === 'number' ? rangesOfNumber(read, unit.ways) : rangesOfWords(read, unit), at);
      const both = asOne(unit, units[at + 1]);
      if (both) note(spansOf(read, both.joined, both.prefix), at, at + 1);
    }
  }
  return { found: found.map(merged), all: units.length > 0 && met.size === units.length };
}

function readText(text: string): Read {
  const tokens = tokenise(text);
  return { ...tokens, spans: [...tokens.words.filter((word) => !word.digits), ...joinsOf(tokens.words)] };
}

/** Two neighbours that the text may have as one word: پیش نویس, پیشنویس. */
export function asOne(
  first: Unit | undefined,
  second: Unit | undefined,
): { joined: string; prefix: boolean } | null {
  if (first?.kind !== 'words' || second?.kind !== 'words' || first.phrase || second.phrase) return null;
  return { joined: first.joined + second.joined, prefix: second.prefix };
}

function spansOf(read: Read, joined: string, prefix: boolean): Range[] {
  const matches = (text: string) => (prefix ? text.startsWith(joined) : text === joined);
  return read.spans.filter((span) => matches(span.text)).map(({ start, end }) => [start, end]);
}

function rangesOfWords(read: Read, unit: WordUnit): Range[] {
  const ranges = spansOf(read, unit.joined, unit.prefix);
  return unit.parts.length === 1 && !/^\d+$/.test(unit.joined)
    ? ranges
    : [...ranges, ...rangesInARow(read, unit)];
}

/** The parts one after another. */
function rangesInARow(read: Read, unit: WordUnit): Range[] {
  const { parts, phrase } = unit;
  const ranges: Range[] = [];
  const last = parts.length - 1;
  for (let from = 0; from + last < read.words.length; from += 1) {
    const before = parts.slice(0, last).every((part, index) => read.words[from + index]?.text === part);
    const joined = read.words
      .slice(from + 1, from + parts.length)
      .every((word) => phrase || word.gap !== 'break');
    const [first, end] = [read.words[from], read.words[from + last]];
    if (!before || !joined || !first || !end) continue;
    const to = endOf(read, end, unit);
    if (to !== null) ranges.push([first.start, to]);
  }
  return ranges;
}

/** Where the last part ends, if it is this word; digits may go on over the signs in their number. */
function endOf(read: Read, word: Word, { parts, prefix }: WordUnit): number | null {
  const part = parts.at(-1) ?? '';
  if (word.text === part || (prefix && word.text.startsWith(part))) return word.end;
  if (!word.digits || part.length < gram) return null;
  for (const { digits, at, groups } of read.numbers) {
    const from = at.indexOf(word.start);
    if (from < 0 || !groups.includes(from)) continue;
    const to = from + part.length;
    const ends = prefix || to === digits.length || groups.includes(to);
    return ends && digits.startsWith(part, from) ? (at[to - 1] ?? 0) + 1 : null;
  }
  return null;
}

function rangesOfNumber(read: Read, ways: readonly NumberChoice[][]): Range[] {
  for (const way of ways) {
    const each = way.map((choice) => rangesOfDigits(read, choice));
    if (each.every((ranges) => ranges.length > 0)) return each.flat();
  }
  return [];
}

function rangesOfDigits(read: Read, { digits, national }: NumberChoice): Range[] {
  const ranges: Range[] = [];
  for (const number of read.numbers) {
    for (
      let from = number.digits.indexOf(digits);
      from >= 0;
      from = number.digits.indexOf(digits, from + 1)
    ) {
      const to = from + digits.length;
      const begins = number.groups.includes(from);
      const before = number.digits.slice(0, from);
      if (national && !begins && !before.endsWith('0') && !before.endsWith('98')) continue;
      const ends = to === number.digits.length || number.groups.includes(to);
      // Fewer digits are no part of a number, only a number.
      if (digits.length < gram && !(begins && ends)) continue;
      ranges.push([number.at[from] ?? 0, (number.at[to - 1] ?? 0) + 1]);
    }
  }
  return ranges;
}

/** In order, those that touch or overlap as one. */
function merged(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = all.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}
