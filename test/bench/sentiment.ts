import { productsFrom } from '../../server/sentiment/products.ts';
import { sentimentOf } from '../../server/sentiment/sentiment.ts';
import { heldSentences, trainingSentences } from '../../server/sentiment/training/data.ts';
import { seeded } from '../random.ts';
import type { Row } from './main.ts';
import { percentile } from './webhook.ts';

const mostMs = 2;
const rounds = 4_000;
/** As an organisation with a catalogue has them. */
const bought = Array.from({ length: 500 }, (_, n) => (n % 2 ? `محصول نمونه ${n}` : `Example product ${n}`));
const searches = Array.from({ length: 100 }, (_, n) => ({
  name: `Searched ${n}`,
  terms: [`نمونهٔ ${n}`, `sample ${n}`, `#tag${n}`, 'گوشی', 'coffee maker'],
  exclude: [`کهنه ${n}`],
}));
const products = productsFrom({ bought, searches });

/**
 * What intake pays for telling how a message is meant: short messages as people write them, letters of five hundred characters, and the
 * longest that is read. By the processor's time, with the garbage it has to collect; the clock's beside it tells how busy the machine was.
 */
export async function sentiment(say: (line: string) => void): Promise<Row[]> {
  const random = seeded(7);
  const sentences = [...trainingSentences(), ...heldSentences()].map(({ text }) => text);
  const pick = () => sentences[Math.floor(random() * sentences.length)] ?? '';
  const ofLength = (least: number) => {
    let text = pick();
    while (text.length < least) text += `. ${pick()}`;
    return text;
  };
  const cases: [string, () => string][] = [
    ['a message as people write it', pick],
    ['a letter of 500 characters', () => ofLength(500)],
    ['the longest that is read', () => ofLength(1_000)],
  ];
  return cases.map(([name, make]) => {
    const texts = Array.from({ length: rounds }, make);
    for (const text of texts.slice(0, 500)) sentimentOf(text, { products });
    const before = process.cpuUsage();
    const times = texts.map((text) => {
      const from = performance.now();
      sentimentOf(text, { products });
      return performance.now() - from;
    });
    const { user, system } = process.cpuUsage(before);
    const sorted = times.sort((a, b) => a - b);
    say(`${name}: ${texts.length} texts`);
    return {
      case: `sentiment of ${name}, processor time`,
      value: (user + system) / 1000 / texts.length,
      unit: 'ms',
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      aim: { most: mostMs },
    };
  });
}
