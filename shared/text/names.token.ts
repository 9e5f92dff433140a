import { knownNames } from './names.known.ts';
import { latinSounds, persianSound, type Sound, skeleton } from './names.sound.ts';
import { normalise } from './normalise.ts';

/** How two words of names are alike: letter by letter, but for spelling, across scripts, but for a slip of the hand, half of a double name. */
export type Likeness = 'same' | 'spelling' | 'transliterated' | 'typo' | 'part';

export const likenessScore: Record<Likeness, number> = {
  same: 1,
  spelling: 0.95,
  transliterated: 0.94,
  typo: 0.82,
  part: 0.72,
};

/** Shorter words have no room for a slip: one letter makes another name of them. */
const shortestTypo = 5;
/** Up to here two spellings sound alike. */
const alike = 0.4;
/** Up to here one consonant is wrong as well. */
const oneSlip = 1.3;

const isPersian = (word: string) => /[\u0600-\u06FF]/.test(word);
const plain = (name: string) => normalise(name).replace(/ /g, '');

/** Known names by their consonants, and every spelling listed → the name. */
const known = new Set<string>();
const byBones = new Map<string, string[]>();
const listed = new Map<string, string[]>();
for (const [name, latin] of knownNames) {
  const word = plain(name);
  known.add(word);
  const bones = skeleton(word);
  byBones.set(bones, [...new Set([...(byBones.get(bones) ?? []), word])]);
  for (const spelling of latin) listed.set(spelling, [...(listed.get(spelling) ?? []), word]);
}

/** The known names that a word may stand for; none when it is no known one. */
const knownAs = remembered((word: string): readonly string[] => {
  if (known.has(word)) return [word];
  if (isPersian(word)) return [];
  const spelt = listed.get(word);
  if (spelt) return spelt;
  const sounds = latinSounds(word);
  const found = (byBones.get(bonesOf(word)) ?? [])
    .map((name) => ({ name, cost: acrossCost([...name], sounds) }))
    .filter(({ cost }) => cost <= alike);
  const least = Math.min(...found.map(({ cost }) => cost));
  return found.filter(({ cost }) => cost === least).map(({ name }) => name);
});

/** @param options.exact no slips: for words that were joined to be compared */
export function compareTokens(a: string, b: string, options: { exact: boolean }): Likeness | null {
  if (a === b) return 'same';
  const persians = Number(isPersian(a)) + Number(isPersian(b));
  if (persians === 2) return comparePersian(a, b, options);
  const as = knownAs(a);
  const bs = knownAs(b);
  const both = as.length > 0 && bs.length > 0;
  const sort = persians === 1 ? 'transliterated' : 'spelling';
  if (both && as.some((name) => bs.includes(name))) return sort;
  if (both) return null;
  // Most words are nothing alike, and their consonants tell so at once.
  if (!mayBeAlike(bonesOf(a), bonesOf(b), options)) return null;
  const cost =
    persians === 0
      ? latinCost(latinSounds(a), latinSounds(b))
      : isPersian(a)
        ? spelledAcross(a, b)
        : spelledAcross(b, a);
  if (cost <= alike) return sort;
  const short = Math.min(a.length, b.length) < shortestTypo;
  if (options.exact || short) return null;
  if (persians === 0) return isSlip(a, b) ? 'typo' : null;
  return cost <= oneSlip && Math.abs(bonesOf(a).length - bonesOf(b).length) <= 1 && cost >= 1 ? 'typo' : null;
}

/** God's name at the end of one is written in too many ways to be read letter by letter. */
function spelledAcross(persian: string, latin: string): number {
  const [, word] = /^(.+)الله$/.exec(persian) ?? [];
  const [, spelt] = /^(.+?)[aeou]ll?ah?$/.exec(latin) ?? [];
  return word && spelt
    ? acrossCost([...word], latinSounds(spelt))
    : acrossCost([...persian], latinSounds(latin));
}

/** One consonant may be another, be missing or be one too many; in words that were joined none. */
function mayBeAlike(a: string, b: string, options: { exact: boolean }): boolean {
  return a === b || (!options.exact && damerau(a, b) <= 1);
}

const bonesOf = remembered(skeleton);

function comparePersian(a: string, b: string, options: { exact: boolean }): Likeness | null {
  if (heard(a) === heard(b)) return 'spelling';
  if (!options.exact && isHalf(a, b)) return 'part';
  if (options.exact || Math.min(a.length, b.length) < shortestTypo) return null;
  if (known.has(a) && known.has(b)) return null;
  return isSlip(a, b) ? 'typo' : null;
}

/** محمدرضا is called محمد, or رضا. */
function isHalf(a: string, b: string): boolean {
  const [half, whole] = a.length < b.length ? [a, b] : [b, a];
  if (!known.has(half)) return false;
  if (whole.startsWith(half)) return known.has(whole.slice(half.length));
  return whole.endsWith(half) && known.has(whole.slice(0, -half.length));
}

/** Letters of one sound are one; doubled letters too. */
const heard = (word: string) =>
  [...word]
    .map(persianSound)
    .join('')
    .replace(/(.)\1+/g, '$1')
    .replace(/'/g, 'ا');

/** One letter too many, too few, another, or two that changed places; but not what makes another name of it: a last ی, ه or vowel. */
function isSlip(a: string, b: string): boolean {
  if (damerau(a, b) !== 1) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length > short.length && long.startsWith(short)) return false;
  return (
    short.slice(0, -1) !== long.slice(0, -1) || !/[اهیaeiouy]$/.test(short) || !/[اهیaeiouy]$/.test(long)
  );
}

/** Optimal string alignment: each letter is touched once. */
export function damerau(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 1) return 2;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(before, j - 2) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

const at = (row: readonly number[], i: number) => row[i] ?? Number.POSITIVE_INFINITY;

/** What it costs to read a Latin word as a Persian one, whose short vowels are not written. 0: as anybody would spell it. */
function acrossCost(letters: readonly string[], sounds: readonly Sound[]): number {
  const rows = letters.length + 1;
  const costs = Array.from({ length: rows }, () =>
    new Array<number>(sounds.length + 1).fill(Number.POSITIVE_INFINITY),
  );
  const write = (i: number, j: number, cost: number) => {
    const row = costs[i];
    if (row && j <= sounds.length && cost < at(row, j)) row[j] = cost;
  };
  write(0, 0, 0);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j <= sounds.length; j += 1) {
      const cost = at(costs[i] ?? [], j);
      if (cost > 3) continue;
      const letter = letters[i];
      const sound = sounds[j];
      // A vowel that Persian does not write.
      if (sound?.vowel && i > 0)
        write(i, j + 1, cost + unwritten(letters, i, sound.of) + (sounds[j - 1]?.vowel ? 0.4 : 0));
      if (sound && !sound.vowel) write(i, j + 1, cost + (sound.of === 'h' ? 0.5 : 1));
      if (letter === undefined) continue;
      write(i + 1, j, cost + unheard(letters, i, sounds[j - 1]));
      if (letter === 'ا' && letters[i + 1] === 'ی' && (sound?.of === 'ai' || sound?.of === 'ay'))
        write(i + 2, j + 1, cost);
      if (sound) write(i + 1, j + 1, cost + heardAs(letters, i, sound));
    }
  }
  return at(costs[letters.length] ?? [], sounds.length);
}

/** A Latin vowel where nothing is written after letter `i - 1`. */
function unwritten(letters: readonly string[], i: number, vowel: string): number {
  const before = letters[i - 1] ?? '';
  if (before === 'و' || before === 'ی') return 0.1 + (shortVowels[vowel] ?? 0.9);
  // The last ه is e; what has no ه ends in its consonant.
  if (i === letters.length) return 1;
  if (i === letters.length - 1 && letters[i] === 'ه') return vowel === 'e' ? 0 : 0.5;
  return shortVowels[vowel] ?? 0.9;
}

const shortVowels: Record<string, number> = { a: 0, e: 0, o: 0, u: 0.05, i: 0.25, aa: 0.3, ou: 0.5, oo: 0.6 };

/** A Persian letter that Latin left out. */
function unheard(letters: readonly string[], i: number, heardLast: Sound | undefined): number {
  const letter = letters[i] as string;
  const before = letters[i - 1];
  if ("عء'".includes(letter)) return 0;
  const last = i === letters.length - 1;
  // A last h is left out of Latin sounds; the e before it is not.
  if (last && (letter === 'ه' || letter === 'ح')) return heardLast?.vowel ? 0 : 0.6;
  if (letter === 'ه') return 0.5;
  if (letter === 'ا' && before === 'و' && letters[i + 1] === 'ل') return 0.1;
  if (letter === 'ا') return i === 0 ? 0.05 : 0.5;
  if (letter === 'و') return before === 'خ' || before === 'و' ? 0.05 : 0.6;
  if (letter === 'ی') return before === 'ی' ? 0.1 : 0.6;
  if (letter === before) return 0.05;
  return 1;
}

const asI = new Set(['i', 'ee', 'ie', 'ei', 'ey', 'ai', 'ay', 'iy', 'ea']);
const asU = new Set(['o', 'u', 'oo', 'ou', 'ow', 'au']);

function heardAs(letters: readonly string[], i: number, sound: Sound): number {
  const letter = letters[i] as string;
  if (letter === 'ا') {
    if (!sound.vowel) return 2;
    // At the beginning it carries whichever vowel follows.
    if (i === 0) return sound.of.length === 1 ? 0 : 0.2;
    return sound.of === 'a' || sound.of === 'aa' ? 0 : 0.5;
  }
  if (letter === 'ی') {
    if (!sound.vowel) return sound.of === 'y' ? 0 : 2;
    if (asI.has(sound.of)) return 0;
    if (i === letters.length - 1 && sound.of === 'a') return 0.3;
    return sound.of === 'e' ? 0.3 : 0.8;
  }
  if (letter === 'و') {
    if (!sound.vowel) return sound.of === 'v' ? 0 : 2;
    return asU.has(sound.of) ? 0 : 0.8;
  }
  if (sound.vowel) return 'عء'.includes(letter) ? 0.1 : 2;
  const own = persianSound(letter);
  if (own === sound.of) return 0;
  return near.has(own + sound.of) ? 0.3 : 1;
}

/** Consonants often written for each other. */
const near = new Set(['qg', 'gq', 'qk', 'kq', 'jg', 'gj', 'xk', 'kx', 'xh', 'hx', 'cS', 'Sc', 'vb']);

/** What it costs to read one Latin spelling as the other. */
function latinCost(a: readonly Sound[], b: readonly Sound[]): number {
  let row = [0];
  for (const [j, sound] of b.entries()) row.push(at(row, j) + missing(sound, edge(b, j)));
  for (const [i, sound] of a.entries()) {
    const next = [at(row, 0) + missing(sound, edge(a, i))];
    for (const [j, other] of b.entries())
      next.push(
        Math.min(
          at(row, j + 1) + missing(sound, edge(a, i)),
          at(next, j) + missing(other, edge(b, j)),
          at(row, j) + change(sound, other),
        ),
      );
    row = next;
  }
  return at(row, b.length);
}

/** A sound the other spelling lacks. A last vowel makes another name, a first h too. */
function missing(sound: Sound, edge: { first: boolean; last: boolean }): number {
  if (sound.vowel) return edge.last ? 1 : 0.45;
  return sound.of === 'h' && !edge.first ? 0.4 : 1;
}

const edge = (sounds: readonly Sound[], i: number) => ({ first: i === 0, last: i === sounds.length - 1 });

function change(a: Sound, b: Sound): number {
  if (a.of === b.of && a.vowel === b.vowel) return 0;
  if (a.vowel !== b.vowel) return [a.of, b.of].includes('y') && (asI.has(a.of) || asI.has(b.of)) ? 0.1 : 2;
  if (!a.vowel) return near.has(a.of + b.of) ? 0.3 : 1;
  const [x, y] = [place(a.of), place(b.of)];
  return vowelChange[x + y] ?? vowelChange[y + x] ?? 0;
}

/** Where in the mouth: e and i are neighbours, a and i are not. */
function place(vowel: string): string {
  if (asI.has(vowel)) return vowel === 'i' || vowel === 'ee' || vowel === 'ie' ? 'i' : 'E';
  if (asU.has(vowel)) return vowel === 'o' ? 'o' : 'u';
  return vowel === 'aa' ? 'a' : vowel;
}

const vowelChange: Record<string, number> = {
  ae: 0.15,
  ai: 0.5,
  aE: 0.45,
  ao: 0.35,
  au: 0.35,
  ei: 0.2,
  eE: 0.2,
  eo: 0.4,
  eu: 0.5,
  iE: 0.1,
  io: 0.5,
  iu: 0.5,
  ou: 0.1,
  Eo: 0.5,
  Eu: 0.5,
};

/** Whether a word may stand for a name by its first letter alone. */
export function isInitialOf(initial: string, word: string): boolean {
  const [first = ''] = bonesOf(initial);
  return word.length > 1 && (word.startsWith(initial) || (first !== '' && bonesOf(word).startsWith(first)));
}

/** Answers of a pure function kept for what is asked again; forgotten together when they are many. */
function remembered<T>(of: (word: string) => T): (word: string) => T {
  const answers = new Map<string, T>();
  return (word) => {
    const before = answers.get(word);
    if (before !== undefined) return before;
    if (answers.size > 50_000) answers.clear();
    const answer = of(word);
    answers.set(word, answer);
    return answer;
  };
}
