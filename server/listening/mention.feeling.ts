import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../messages/commit.ts';

/** How a mention was said, by the model; null where nothing is said. */
export async function sentimentOfMention(_ctx: Context, _text: string): Promise<Sentiment | null> {
  return null;
}

/** A person's word is kept for retraining; null takes it back. */
export async function keepLabel(
  _tx: Tx,
  _of: { id: string; text: string; label: SentimentLabel | null; byUserId: string },
): Promise<void> {}

/** Of a hit that is a message: corrected where it stands. */
export async function correctMessage(
  _ctx: Context,
  _viewer: Viewer,
  _of: { messageId: string; label: SentimentLabel | null },
): Promise<void> {
  throw new AppError({ code: 'unavailable', message: 'Correct it in its conversation.' });
}
