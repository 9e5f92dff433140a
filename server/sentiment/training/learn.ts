import { type Feature, featureCount, ruledCount } from '../features.ts';
import { type Model, probabilities } from '../model.ts';
import { seeded } from './seeded.ts';

/** A sentence made ready: its features, the place of its label in `labels`, and what it counts. */
export interface Example {
  features: readonly Feature[];
  label: number;
  weight: number;
  /** Of which line of the data: features that only one line has are learnt by heart and left out. */
  line: number;
}

export interface LearnOptions {
  epochs: number;
  rate: number;
  /** Pull towards nothing: of the rules' features, and of words and their parts. */
  ruledDecay: number;
  hashedDecay: number;
  seed: number;
}

/**
 * Multinomial logistic regression by AdaGrad, one example after another in an order given by the seed: the same data gives the same bytes.
 */
export function learn(examples: readonly Example[], options: LearnOptions): Float64Array {
  const weights = new Float64Array(3 * featureCount);
  const squares = new Float64Array(3 * featureCount).fill(1e-6);
  const known = seenTwice(examples);
  const ready = examples.map((example) => ({
    ...example,
    features: example.features.filter(({ index }) => index < ruledCount || known[index] === 2),
  }));
  const random = seeded(options.seed);
  const order = ready.map((_, at) => at);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random);
    for (const at of order) {
      const example = ready[at];
      if (example) step(example, { weights, squares, options });
    }
  }
  return weights;
}

function step(
  { features, label, weight }: Example,
  { weights, squares, options }: { weights: Float64Array; squares: Float64Array; options: LearnOptions },
): void {
  const sums: [number, number, number] = [0, 0, 0];
  for (const { index, value } of features)
    for (let l = 0; l < 3; l += 1) sums[l] = (sums[l] ?? 0) + (weights[3 * index + l] ?? 0) * value;
  const guess = probabilities(sums, 1);
  for (let l = 0; l < 3; l += 1) {
    const wrong = weight * ((guess[l] ?? 0) - (l === label ? 1 : 0));
    for (const { index, value } of features) {
      const place = 3 * index + l;
      const old = weights[place] ?? 0;
      const decay = index < ruledCount ? options.ruledDecay : options.hashedDecay;
      const gradient = wrong * value + decay * old;
      const square = (squares[place] ?? 0) + gradient * gradient;
      squares[place] = square;
      weights[place] = old - (options.rate * gradient) / Math.sqrt(square);
    }
  }
}

/** 2 where two different lines of the data have the feature. */
function seenTwice(examples: readonly Example[]): Uint8Array {
  const times = new Uint8Array(featureCount);
  const line = new Int32Array(featureCount).fill(-1);
  for (const example of examples)
    for (const { index } of example.features) {
      if (times[index] === 2 || line[index] === example.line) continue;
      line[index] = example.line;
      times[index] = (times[index] ?? 0) + 1;
    }
  return times;
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
}

/** As small whole numbers, each kind of features to its own scale; the few largest of words' weights are cut. */
export function quantised(weights: Float64Array, temperature: number): Model {
  const scale = (from: number, to: number, share: number) => {
    const sizes = weights
      .subarray(from, to)
      .map(Math.abs)
      .filter((size) => size > 0)
      .sort();
    return (sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 1) / 127;
  };
  const ruledScale = Math.fround(scale(0, 3 * ruledCount, 1));
  const hashedScale = Math.fround(scale(3 * ruledCount, weights.length, 0.9995));
  const small = new Int8Array(weights.length);
  for (let at = 0; at < weights.length; at += 1) {
    const by = at < 3 * ruledCount ? ruledScale : hashedScale;
    small[at] = Math.max(-127, Math.min(127, Math.round((weights[at] ?? 0) / by)));
  }
  return { weights: small, ruledScale, hashedScale, temperature: Math.fround(temperature) };
}

/** Divides the sums by what makes held-back sentences likeliest. @param sums of each, with its label */
export function temperatureOf(held: readonly { sums: [number, number, number]; label: number }[]): number {
  const loss = (temperature: number) =>
    held.reduce(
      (total, { sums, label }) =>
        total - Math.log(Math.max(1e-9, probabilities(sums, temperature)[label] ?? 0)),
      0,
    );
  let best = 1;
  for (let tenth = 5; tenth <= 60; tenth += 1) if (loss(tenth / 10) < loss(best)) best = tenth / 10;
  return best;
}
