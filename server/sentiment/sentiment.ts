import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import { aboutOf } from './about.ts';
import { type Feature, featuresOf } from './features.ts';
import { type Reading, readingOf } from './hits.ts';
import { languageOf } from './lexicon.ts';
import { modelBytes } from './model.data.ts';
import { labels, leaning, type Model, probabilities, readModel, sumsOf } from './model.ts';
import type { Product } from './named.ts';
import { tokensOf } from './tokens.ts';

const model = readModel(Buffer.from(modelBytes, 'base64'));

/** The words shown for a score. */
const mostWords = 8;
const noProducts: readonly Product[] = [];

/**
 * How something is said: offline, pure, under 2 ms for a message.
 * @param options.products the same array again is prepared once
 * @returns null when there is nothing to tell it by: no word and no emoji (a link, a number, nothing)
 */
export function sentimentOf(text: string, options: { products?: readonly Product[] } = {}): Sentiment | null {
  return sentimentBy(model, text, options);
}

/** By another model than the product's own: one just trained. */
export function sentimentBy(
  by: Model,
  text: string,
  options: { products?: readonly Product[] } = {},
): Sentiment | null {
  const tokens = tokensOf(text);
  if (!tokens.some(({ kind }) => kind === 'word' || kind === 'emoji')) return null;
  const language = languageOf(tokens);
  const reading = readingOf(tokens, language);
  const features = featuresOf(reading);
  const chances = probabilities(sumsOf(by, features), by.temperature);
  const label = labelOf(chances);
  return {
    label,
    score: rounded(chances[2] - chances[0]),
    confidence: rounded(Math.max(...chances)),
    language,
    about: aboutOf(reading, {
      text,
      products: options.products ?? noProducts,
      whole: label,
    }),
    words: wordsOf(by, reading, features),
    by: 'model',
    byUserId: null,
  };
}

function labelOf(sums: readonly [number, number, number]): SentimentLabel {
  return labels[sums.indexOf(Math.max(...sums))] ?? 'neutral';
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** The words by what their features bring to the score, the weightiest first; what hardly weighs is left out. */
function wordsOf(by: Model, { tokens }: Reading, features: readonly Feature[]): Sentiment['words'] {
  const weights = new Float64Array(tokens.length);
  for (const feature of features) {
    if (!feature.of.length) continue;
    const share = leaning(by, feature) / feature.of.length;
    for (const at of feature.of) weights[at] = (weights[at] ?? 0) + share;
  }
  return tokens
    .flatMap(({ kind, start, end }, at): Sentiment['words'] => {
      const weight = rounded(weights[at] ?? 0);
      const shown = (kind === 'word' || kind === 'emoji') && Math.abs(weight) >= 0.1;
      return shown ? [{ at: [start, end], weight }] : [];
    })
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.at[0] - b.at[0])
    .slice(0, mostWords);
}
