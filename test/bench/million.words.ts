import { fa } from '../demo/speech.fa.ts';
import type { Random } from '../random.ts';

/** Drawn by frequency: the n-th most common word comes about 1/n as often as the first, as in any language. */
const exponent = 1.05;
const vocabulary = 120_000;

const onsets = 'ب پ ت ج چ خ د ر ز س ش ص ف ق ک گ ل م ن و ه ی'.split(' ');
const rimes = 'ا ار ان اد یل ور ون ین ام ست ند ش م ر ن ل'.split(' ');
const endings = ['', '', '', '', 'ی', 'م', 'ها', '‌ها', 'های', '‌های', ' ها', 'تر', 'ش'];

/** What everybody says all the time, the most common first; after it the words of the demo's speech. */
const commonest =
  'و به از که در این سلام را من می با شما برای سفارش هم است لطفا ممنون نه یک کی تا هنوز پول ارسال کد آن خیلی می‌شود اگر یا کنید شد ولی هست'.split(
    ' ',
  );

function speechWords(): string[] {
  const words = JSON.stringify(fa).match(/[\p{L}\u200C]+/gu) ?? [];
  return [...new Set(words.filter((word) => /[\u0600-\u06FF]/.test(word)))];
}

/** Words by their rank; the tail is made of syllables, each word once. */
function ranked(random: Random): string[] {
  const words = new Set([...commonest, ...speechWords()]);
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  while (words.size < vocabulary) {
    const syllables = 1 + Math.floor(random() * 3);
    let word = '';
    for (let n = 0; n < syllables; n += 1) word += one(onsets) + one(rimes);
    words.add(word + one(endings));
  }
  return [...words];
}

export interface Words {
  /** By rank: 0 is the most common. */
  list: readonly string[];
  draw(): string;
}

export function wordsOf(random: Random): Words {
  const list = ranked(random);
  const sums = new Float64Array(list.length);
  let sum = 0;
  for (let rank = 0; rank < list.length; rank += 1) {
    sum += 1 / (rank + 1.5) ** exponent;
    sums[rank] = sum;
  }
  const draw = () => {
    const wanted = random() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return list[low] ?? '';
  };
  return { list, draw };
}
