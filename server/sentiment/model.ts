import { type Feature, featureCount, ruledCount } from './features.ts';

/** In this order everywhere. */
export const labels = ['negative', 'neutral', 'positive'] as const;

/** A trained model: three weights a feature, as small numbers with a scale for each of the two kinds of features. */
export interface Model {
  /** 3 × featureCount: of feature f for label l at 3f + l. */
  weights: Int8Array;
  ruledScale: number;
  hashedScale: number;
  /** What the sums are divided by, so that what is called 80% sure is right four times in five. */
  temperature: number;
}

export function sumsOf(model: Model, features: readonly Feature[]): [number, number, number] {
  const { weights } = model;
  let [a, b, c] = [0, 0, 0];
  for (const { index, value } of features) {
    const scaled = value * scaleOf(model, index);
    a += (weights[3 * index] ?? 0) * scaled;
    b += (weights[3 * index + 1] ?? 0) * scaled;
    c += (weights[3 * index + 2] ?? 0) * scaled;
  }
  return [a, b, c];
}

export const scaleOf = (model: Model, index: number) =>
  index < ruledCount ? model.ruledScale : model.hashedScale;

/** How a feature speaks for praise rather than blame. */
export function leaning(model: Model, { index, value }: Feature): number {
  const difference = (model.weights[3 * index + 2] ?? 0) - (model.weights[3 * index] ?? 0);
  return difference * value * scaleOf(model, index);
}

export function probabilities(
  sums: readonly [number, number, number],
  temperature: number,
): [number, number, number] {
  const most = Math.max(...sums);
  const [a, b, c] = sums.map((sum) => Math.exp((sum - most) / temperature)) as [number, number, number];
  const total = a + b + c;
  return [a / total, b / total, c / total];
}

const magic = 'YKS1';

/** The model as bytes: what it is, three scales, the weights. */
export function writeModel(model: Model): Buffer {
  const head = Buffer.alloc(16);
  head.write(magic, 'latin1');
  head.writeFloatLE(model.ruledScale, 4);
  head.writeFloatLE(model.hashedScale, 8);
  head.writeFloatLE(model.temperature, 12);
  return Buffer.concat([
    head,
    Buffer.from(model.weights.buffer, model.weights.byteOffset, model.weights.byteLength),
  ]);
}

/** @throws when they are no model of this program's features */
export function readModel(bytes: Buffer): Model {
  if (bytes.toString('latin1', 0, 4) !== magic || bytes.length !== 16 + 3 * featureCount)
    throw new Error(
      `The sentiment model has ${bytes.length} bytes, not the ${16 + 3 * featureCount} of this program's features: train it anew with \`npm run sentiment -- train\`.`,
    );
  return {
    ruledScale: bytes.readFloatLE(4),
    hashedScale: bytes.readFloatLE(8),
    temperature: bytes.readFloatLE(12),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset + 16, 3 * featureCount),
  };
}
