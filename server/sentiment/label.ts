import type { SentimentLabel } from '../../shared/sentiment.ts';
import type { Tx } from '../messages/commit.ts';
import type { SentimentLabelDoc } from './label.model.ts';
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

/** Words that were taken back, or others put in their place, are nothing to train with. */
export async function forgetLabels(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.models.sentimentLabels.deleteMany({ _id: { $in: [...ids] } }, { session: tx.session });
}

/** What was said of a mention is said of the message that it became. */
export async function moveLabel(tx: Tx, ids: { from: string; to: string }): Promise<void> {
  const { models, session } = tx;
  const kept = await models.sentimentLabels
    .findById(ids.from, null, { session })
    .lean<SentimentLabelDoc>()
    .exec();
  if (!kept) return;
  const { _id, ...rest } = kept;
  await models.sentimentLabels.updateOne({ _id: ids.to }, { $set: rest }, { session, upsert: true });
  await models.sentimentLabels.deleteOne({ _id }, { session });
}
