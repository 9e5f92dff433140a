import type { Viewer } from '../../shared/access.ts';
import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { correctSentiment } from '../sentiment/correct.ts';
import { productsOf } from '../sentiment/products.ts';
import { sentimentOf } from '../sentiment/sentiment.ts';
import { noHit } from './hit.query.ts';

/** How a mention was said, by the model; null where nothing is said. */
export async function sentimentOfMention(ctx: Context, text: string): Promise<Sentiment | null> {
  return sentimentOf(text, { products: await productsOf(ctx) });
}

/** Of a hit that is a message: corrected where it stands. */
export async function correctMessage(
  ctx: Context,
  viewer: Viewer,
  of: { messageId: string; label: SentimentLabel | null },
): Promise<void> {
  const message = await ctx.models.messages
    .findById(of.messageId, { conversationId: 1 })
    .lean<Pick<MessageDoc, 'conversationId'>>();
  if (!message) throw noHit();
  const { conversationId } = message;
  await correctSentiment(ctx, viewer, { conversationId, ...of });
}
