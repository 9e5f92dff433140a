/** Persian in Latin letters has no spelling: what is written for one sound is one letter here (khoob, xub, khub). */

const sounds: readonly [RegExp, string][] = [
  [/kh/g, 'x'],
  [/gh/g, 'q'],
  [/ph/g, 'f'],
  [/zh/g, 'j'],
  [/oo|ou/g, 'u'],
  [/ee/g, 'i'],
  [/[ae]y|ai|ei/g, 'ey'],
  [/w/g, 'v'],
  [/(.)\1+/g, '$1'],
  [/([aeiou])h$/, '$1'],
];

/** @param key a folded Latin word */
export function finglishKey(key: string): string {
  let sound = key;
  for (const [from, to] of sounds) sound = sound.replace(from, to);
  return sound;
}
