import type { SentimentLabel } from '../../shared/sentiment.ts';
import type { Tx } from '../messages/commit.ts';
import { sentimentOf } from './sentiment.ts';

/**
 * Keeps a person's word for a message or a mention, to train with; null takes it back. In the commit that changes what it is of.
 * @param of.id the message's, or the mention's
 */
export async function keepLabel(
  tx: Tx,
  of: { id: string; text: string; label: SentimentLabel | null; byUserId: string },
): Promise<void> {
  const { models, session } = tx;
  if (of.label === null) {
    await models.sentimentLabels.deleteOne({ _id: of.id }, { session });
    return;
  }
  const guess = sentimentOf(of.text);
  await models.sentimentLabels.updateOne(
    { _id: of.id },
    {
      $set: {
        text: of.text,
        language: guess?.language ?? 'other',
        label: of.label,
        guessed: guess?.label ?? 'neutral',
        by: of.byUserId,
        at: tx.ctx.now(),
      },
    },
    { session, upsert: true },
  );
}
