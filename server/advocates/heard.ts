import { isSure, type Sentiment } from '../../shared/sentiment.ts';
import { key } from '../db/key.ts';
import type { EvidenceDoc, WordPart } from './advocate.model.ts';
import { isAnswer, isCourtesy, isRecommendation, isTestimonial, sentenceOf } from './words.ts';

/** Something that somebody said, as a message to us or as a mention of us. */
export interface Word
  extends Pick<
    EvidenceDoc,
    | 'customerId'
    | 'source'
    | 'sourceId'
    | 'authorId'
    | 'channelId'
    | 'conversationId'
    | 'postId'
    | 'url'
    | 'public'
    | 'at'
  > {
  text: string;
  sentiment: Sentiment | null;
  /** It answers what somebody else asked in public; `thanked`: they said that it helped. */
  answers: { thanked: boolean } | null;
}

/** What everybody can read counts for more. */
const inPublic = 1.5;

/** What one thing that was said counts for. Pure: the same word gives the same evidence, whenever it is heard. */
export function evidenceOf(word: Word): EvidenceDoc[] {
  const { sentiment, text } = word;
  const label = sentiment !== null && isSure(sentiment) ? sentiment.label : 'neutral';
  const confidence = sentiment?.by === 'agent' ? 1 : (sentiment?.confidence ?? 0);
  const reach = word.public ? inPublic : 1;
  const found: EvidenceDoc[] = [];
  const counts = (part: WordPart, weight: number, excerpt: string) =>
    found.push({
      _id: key(word.customerId ?? '', part, word.sourceId),
      customerId: word.customerId,
      part,
      source: word.source,
      sourceId: word.sourceId,
      authorId: word.authorId,
      channelId: word.channelId,
      conversationId: word.conversationId,
      postId: word.postId,
      url: word.url,
      public: word.public,
      at: word.at,
      excerpt,
      weight: Math.round(weight * 1000) / 1000,
      products: productsOf(sentiment, part === 'criticism' ? 'negative' : 'positive'),
    });

  if (label === 'positive' && !isCourtesy(text)) counts('praise', confidence * reach, telling(word));
  // Who recommends it likes it, whatever a model makes of the sentence; who warns of it does not.
  if (label !== 'negative' && isRecommendation(text))
    counts('recommendation', reach, sentenceOf(text, isRecommendation));
  if (label === 'positive' && isTestimonial(text)) counts('testimonial', reach, telling(word));
  if (word.answers && label !== 'negative' && isAnswer(text))
    counts('help', word.answers.thanked ? 2 : 1, sentenceOf(text, isAnswer));
  if (label === 'negative') counts('criticism', confidence * reach, telling(word));
  return found;
}

/** The sentence with the word that told most. */
function telling({ text, sentiment }: Word): string {
  const [most] = [...(sentiment?.words ?? [])].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return sentenceOf(text, (_said, [from, to]) => most !== undefined && most.at[0] >= from && most.at[0] < to);
}

function productsOf(sentiment: Sentiment | null, label: 'positive' | 'negative'): string[] {
  const said = (sentiment?.about ?? []).flatMap((one) =>
    one.product && one.label === label ? [one.product] : [],
  );
  return [...new Set(said)].slice(0, 10);
}
