/** How Persian and Latin letters sound alike: for comparing names only. */

/** Consonants of a kind sound the same in Persian. */
const persian: Record<string, string> = {
  ب: 'b',
  پ: 'p',
  ت: 't',
  ط: 't',
  ث: 's',
  س: 's',
  ص: 's',
  ج: 'j',
  ژ: 'j',
  چ: 'c',
  ح: 'h',
  ه: 'h',
  خ: 'x',
  د: 'd',
  ذ: 'z',
  ز: 'z',
  ض: 'z',
  ظ: 'z',
  ر: 'r',
  ش: 'S',
  ع: "'",
  ء: "'",
  غ: 'q',
  ق: 'q',
  ف: 'f',
  ک: 'k',
  گ: 'g',
  ل: 'l',
  م: 'm',
  ن: 'n',
};

/** Letter pairs first: a Latin word is cut into these. Vowels in lower case are kept as they are. */
const latinPairs: Record<string, string> = {
  kh: 'x',
  sh: 'S',
  ch: 'c',
  zh: 'j',
  gh: 'q',
  ph: 'f',
  ck: 'k',
};
const latinSingles: Record<string, string> = { q: 'q', w: 'v', x: 'x', c: 'k' };
const vowelPairs = new Set([
  'aa',
  'ee',
  'oo',
  'ou',
  'ei',
  'ey',
  'ai',
  'ay',
  'ow',
  'au',
  'ie',
  'iy',
  'ea',
  'eh',
]);
const vowels = 'aeiou';
const isVowel = (letter: string | undefined) => letter !== undefined && vowels.includes(letter);

/** A sound: of a vowel its letters, of a consonant its kind. */
export interface Sound {
  vowel: boolean;
  of: string;
}

/** A Latin word in lower case, without accents, as sounds; doubled consonants are one. */
export function latinSounds(word: string): Sound[] {
  const sounds: Sound[] = [];
  for (let i = 0; i < word.length; ) {
    const one = word[i] as string;
    const next = word[i + 1];
    const pair = one + (next ?? '');
    const last = i + 2 >= word.length;
    if (vowelPairs.has(pair) && pair !== 'eh' && !(pair.endsWith('y') && isVowel(word[i + 2]))) {
      // "ow" before a vowel is o and v; "ei" ends nothing.
      if (!(pair === 'ow' && isVowel(word[i + 2]))) {
        sounds.push({ vowel: true, of: pair });
        i += 2;
        continue;
      }
    }
    if (isVowel(one)) sounds.push({ vowel: true, of: one });
    else if (one === 'y' && !isVowel(next)) sounds.push({ vowel: true, of: 'i' });
    else if (latinPairs[pair] && !splits(word, i)) {
      push(sounds, latinPairs[pair]);
      i += 2;
      continue;
    } else if (!(one === 'h' && i > 0 && last && next === undefined)) push(sounds, latinSingles[one] ?? one);
    i += 1;
  }
  return sounds;
}

/** "Esmaeilzadeh", "Eshagh": s and h of two syllables cannot be told; only k, g, z and h across a doubled letter are. */
function splits(word: string, at: number): boolean {
  return word[at] === word[at - 1] && word[at] !== 's';
}

function push(sounds: Sound[], of: string): void {
  const before = sounds.at(-1);
  if (before && !before.vowel && before.of === of) return;
  sounds.push({ vowel: false, of });
}

/** The kind of a Persian consonant; ا و ی, which may be vowels, stand for themselves. */
export function persianSound(letter: string): string {
  return persian[letter] ?? letter;
}

/**
 * The consonants of a word by kind, without what only some spellings write: vowels, و and ی within it, ع, a last h. Alike for both
 * scripts; one beginning with a vowel begins with `A`.
 */
export function skeleton(word: string): string {
  const sounds = /[\u0600-\u06FF]/.test(word) ? persianBones(word) : latinBones(word);
  return sounds.replace(/(.)\1+/g, '$1');
}

function persianBones(word: string): string {
  let bones = '';
  const letters = [...word];
  letters.forEach((letter, i) => {
    if (i === 0 && 'اعء'.includes(letter)) bones += 'A';
    else if (i === 0 && letter === 'ی') bones += 'y';
    else if (i === 0 && letter === 'و') bones += 'v';
    else if ('اویعء'.includes(letter)) return;
    else if ('هح'.includes(letter) && i === letters.length - 1) return;
    else bones += bone(persianSound(letter));
  });
  return bones;
}

function latinBones(word: string): string {
  let bones = '';
  latinSounds(word).forEach((sound, i) => {
    if (i === 0 && sound.vowel) bones += 'A';
    else if (i === 0) bones += bone(sound.of);
    else if (!sound.vowel && !'vy'.includes(sound.of)) bones += bone(sound.of);
  });
  return bones;
}

/** g and gh are written for each other. */
const bone = (sound: string) => (sound === 'q' ? 'g' : sound);
