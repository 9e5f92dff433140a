import { foldPoint, halfSpace } from '../../../shared/text/fold.ts';
import type { Sentence } from './data.ts';

/** A sentence to train with that says what one of the frozen ones says. */
export interface Copy {
  sentence: Sentence;
  /** Of `frozen`. The words of it are left out: whoever takes the copy out is not to read what the model is judged by. */
  at: number;
  /** 1 for letter by letter the same. */
  alike: number;
}

/** So much of the words, or of the runs of three letters, of two sentences in common makes one a copy of the other. */
const alikeFrom = 0.6;
/** Of fewer words only the very same is a copy: "thanks for the help" is everybody's. */
const fewestWords = 5;
/** Of fewer words and fewer letters not even that: "ممنون" is. */
const fewestOfSame = { words: 3, letters: 10 };

interface Read {
  words: ReadonlySet<string>;
  count: number;
  letters: string;
  threes: ReadonlySet<string>;
}

/**
 * Sentences of one list that another has as well: the same but for marks, emoji, capitals, spaces and spelling, or nearly the same. One
 * of the other list for each, the likest.
 */
export function copiesOf(sentences: readonly Sentence[], frozen: readonly string[]): Copy[] {
  const others = frozen.map(read);
  const same = new Map(others.map(({ letters }, at) => [letters, at]));
  const [byWord, byThree] = [placesOf(others, 'words'), placesOf(others, 'threes')];
  return sentences.flatMap((sentence): Copy[] => {
    const one = read(sentence.text);
    const at = same.get(one.letters);
    const tells = one.count >= fewestOfSame.words || one.letters.length >= fewestOfSame.letters;
    if (at !== undefined && tells) return [{ sentence, at, alike: 1 }];
    if (one.count < fewestWords) return [];
    const near = [...likest(one, { others, by: 'words', places: byWord })];
    near.push(...likest(one, { others, by: 'threes', places: byThree }));
    const [best] = near.sort((a, b) => b.alike - a.alike);
    return best ? [{ sentence, ...best }] : [];
  });
}

function* likest(
  one: Read,
  of: { others: readonly Read[]; by: 'words' | 'threes'; places: ReadonlyMap<string, number[]> },
): Generator<{ at: number; alike: number }> {
  const common = new Map<number, number>();
  for (const piece of one[of.by])
    for (const at of of.places.get(piece) ?? []) common.set(at, (common.get(at) ?? 0) + 1);
  for (const [at, count] of common) {
    const other = of.others[at];
    if (!other || other.count < fewestWords) continue;
    const alike = count / (one[of.by].size + other[of.by].size - count);
    if (alike >= alikeFrom) yield { at, alike };
  }
}

function placesOf(others: readonly Read[], by: 'words' | 'threes'): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [at, other] of others.entries())
    for (const piece of other[by]) {
      const some = places.get(piece);
      if (some) some.push(at);
      else places.set(piece, [at]);
    }
  return places;
}

/** Letters and digits, of one form each; an apostrophe or a half-space does not part a word. */
function read(text: string): Read {
  const folded = [...text].map((char) => foldPoint(char.codePointAt(0) ?? 0)).join('');
  const words = folded.replace(new RegExp(`['’${halfSpace}]`, 'g'), '').match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = words.join('');
  const threes = new Set<string>();
  for (let at = 0; at + 3 <= letters.length; at += 1) threes.add(letters.slice(at, at + 3));
  return { words: new Set(words), count: words.length, letters, threes };
}
