import * as z from 'zod/mini';

export const sentimentLabels = ['positive', 'neutral', 'negative'] as const;
export type SentimentLabel = (typeof sentimentLabels)[number];

/** What is spoken about, where it is no product: the words are the module's own. */
export const aspects = [
  'price',
  'delivery',
  'quality',
  'support',
  'app',
  'packaging',
  'payment',
  'stock',
] as const;
export type Aspect = (typeof aspects)[number];

/** How something was said. A model's guess, unless a person corrected it. */
export const Sentiment = z.object({
  label: z.enum(sentimentLabels),
  /** −1 (negative) to 1 (positive): the probability of positive less that of negative. */
  score: z.number(),
  /** 0 to 1: the probability of the label. */
  confidence: z.number(),
  language: z.enum(['fa', 'en', 'finglish', 'other']),
  /** What it is about, where it says: an aspect, or a product by its name in the organisation's list. */
  about: z.array(
    z.object({
      aspect: z.nullable(z.enum(aspects)),
      /** As the organisation writes it; null for an aspect of no product. */
      product: z.nullable(z.string()),
      label: z.enum(sentimentLabels),
    }),
  ),
  /** The words that made the score, the weightiest first, at most eight: from `at[0]` to before `at[1]` in the text, in UTF-16 units. */
  words: z.array(z.object({ at: z.tuple([z.number(), z.number()]), weight: z.number() })),
  by: z.enum(['model', 'agent']),
  /** Who corrected it; null for the model's. */
  byUserId: z.nullable(z.string()),
});
export type Sentiment = z.infer<typeof Sentiment>;

/** Below this a model's guess counts for nothing. */
const leastConfidence = 0.6;

/** A person's word always counts, a model's where it is sure. */
export const isSure = ({ by, confidence }: Pick<Sentiment, 'by' | 'confidence'>): boolean =>
  by === 'agent' || confidence >= leastConfidence;

/** A person's word for it; `null` gives it back to the model: the undo of a correction. */
export const SentimentCorrection = z.object({ label: z.nullable(z.enum(sentimentLabels)) });
export type SentimentCorrection = z.infer<typeof SentimentCorrection>;
