import { featuresOf } from '../features.ts';
import { readingOf } from '../hits.ts';
import { languageOf } from '../lexicon.ts';
import { type Model, sumsOf } from '../model.ts';
import { tokensOf } from '../tokens.ts';
import type { Sentence } from './data.ts';
import { type Example, type LearnOptions, learn, quantised, temperatureOf } from './learn.ts';

export const settings: LearnOptions = {
  epochs: 12,
  rate: 0.15,
  ruledDecay: 2e-5,
  hashedDecay: 3e-4,
  seed: 20,
};

export const read = (text: string) => {
  const tokens = tokensOf(text);
  return readingOf(tokens, languageOf(tokens));
};

/** A line with many choices counts more than one without, but not as many times more. */
const lineWeight = (sentences: number) => sentences ** -lineDamping;
const lineDamping = 0.5;

/** @param held sentences that the temperature is set by */
export function train(
  sentences: readonly Sentence[],
  options: { held: readonly Sentence[]; settings?: LearnOptions },
): Model {
  const counts = new Map<string, number>();
  const readings = sentences.map((sentence) => ({ sentence, reading: read(sentence.text) }));
  const group = (one: (typeof readings)[number]) => `${one.reading.language} ${one.sentence.label}`;
  for (const one of readings) counts.set(group(one), (counts.get(group(one)) ?? 0) + 1);
  const ofLine = new Map<number, number>();
  for (const { line } of sentences) ofLine.set(line, (ofLine.get(line) ?? 0) + 1);
  const mean = sentences.length / Math.max(1, counts.size);
  const examples = readings.map(
    (one): Example => ({
      features: featuresOf(one.reading),
      label: one.sentence.label,
      // Each label of each language counts more alike than it is frequent.
      weight:
        Math.min(3, Math.sqrt(mean / (counts.get(group(one)) ?? mean))) *
        lineWeight(ofLine.get(one.sentence.line) ?? 1),
      line: one.sentence.line,
    }),
  );
  const weights = learn(examples, options.settings ?? settings);
  const model = quantised(weights, 1);
  const temperature = temperatureOf(
    options.held.map(({ text, label }) => ({ sums: sumsOf(model, featuresOf(read(text))), label })),
  );
  return { ...model, temperature: Math.fround(temperature) };
}

/** What choices were made by is learnt too, once they are made; how sure to be is told by the model that had not seen it. */
export function finalModel(sentences: readonly Sentence[], held: readonly Sentence[]): Model {
  const { temperature } = train(sentences, { held });
  return { ...train([...sentences, ...held], { held: [] }), temperature };
}
