import type { Sentiment } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';

/** How a mention was said, by the model; null where nothing is said. */
export async function sentimentOfMention(_ctx: Context, _text: string): Promise<Sentiment | null> {
  return null;
}
