import { featuresOf } from '../features.ts';
import { labels, type Model, probabilities, sumsOf } from '../model.ts';
import type { Sentence } from './data.ts';
import { read } from './train.ts';

/** How well labels are guessed: rows of `table` are what people said, columns what was guessed. */
export interface Figures {
  sentences: number;
  accuracy: number;
  macroF1: number;
  table: number[][];
}

export type Guess = (text: string) => number;

export const byModel =
  (model: Model): Guess =>
  (text) => {
    const sums = sumsOf(model, featuresOf(read(text)));
    return sums.indexOf(Math.max(...sums));
  };

/** By the lists of words alone: their sum, a denial in front or behind minded, nothing learnt. */
export const byWords: Guess = (text) => {
  const { hits, emoji } = read(text);
  const sum =
    hits.reduce((total, hit) => total + hit.weight, 0) + emoji.reduce((total, weight) => total + weight, 0);
  return sum > 0.75 ? 2 : sum < -0.75 ? 0 : 1;
};

export const alwaysNeutral: Guess = () => 1;

export function figuresOf(sentences: readonly Sentence[], guess: Guess): Figures {
  const table = labels.map(() => labels.map(() => 0));
  for (const { text, label } of sentences) {
    const row = table[label];
    const at = guess(text);
    if (row) row[at] = (row[at] ?? 0) + 1;
  }
  const cell = (row: number, column: number) => table[row]?.[column] ?? 0;
  const right = labels.reduce((sum, _, at) => sum + cell(at, at), 0);
  const f1 = labels.map((_, at) => {
    const said = labels.reduce((sum, _, other) => sum + cell(at, other), 0);
    const guessed = labels.reduce((sum, _, other) => sum + cell(other, at), 0);
    return said + guessed === 0 ? null : (2 * cell(at, at)) / (said + guessed);
  });
  const known = f1.filter((one) => one !== null);
  return {
    sentences: sentences.length,
    accuracy: right / Math.max(1, sentences.length),
    macroF1: known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length),
    table,
  };
}

/** How far what is called sure is right: the mean gap between confidence and truth over ten steps of confidence. */
export function calibrationGap(sentences: readonly Sentence[], model: Model): number {
  const steps = Array.from({ length: 10 }, () => ({ count: 0, sure: 0, right: 0 }));
  for (const { text, label } of sentences) {
    const chances = probabilities(sumsOf(model, featuresOf(read(text))), model.temperature);
    const most = Math.max(...chances);
    const step = steps[Math.min(9, Math.floor(most * 10))];
    if (!step) continue;
    step.count += 1;
    step.sure += most;
    step.right += chances.indexOf(most) === label ? 1 : 0;
  }
  return (
    steps.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / Math.max(1, sentences.length)
  );
}
