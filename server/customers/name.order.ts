import { normalise } from '../../shared/text/normalise.ts';

/** The Persian alphabet; code points are not in its order. */
const alphabet = 'ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی';
const places = new Map([...alphabet].map((letter, index) => [letter, String.fromCharCode(0x0600 + index)]));

/** A name such that comparing its code units puts names into the order of a Persian list; names in other scripts come before. */
export function orderOfName(name: string): string {
  return [...normalise(name).slice(0, 60)].map((letter) => places.get(letter) ?? letter).join('');
}
