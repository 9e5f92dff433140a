import type { NewMessage, Tx } from '../messages/commit.ts';
import { forgetWords } from '../messages/words.forget.ts';
import { moveLabel } from '../sentiment/label.ts';
import { change } from './mention.intake.ts';
import type { MentionDoc } from './mention.model.ts';

/**
 * Said to us after all, or made a conversation of: mentions under these ids are this message from now on.
 * @returns what the message is to say otherwise, because the mention was edited or corrected meanwhile
 */
export async function mentionsBecame(
  tx: Tx,
  options: { parts: readonly string[]; message: NewMessage },
): Promise<Partial<NewMessage>> {
  const { message } = options;
  const mentions = await tx.models.mentions
    .find({ _id: { $in: [...options.parts] }, messageId: null }, null, { session: tx.session })
    .lean<MentionDoc[]>();
  const words: Partial<NewMessage> = {};
  for (const mention of mentions) {
    await change(tx, mention, { messageId: message._id, state: 'converted' });
    if (message.deletedAt) {
      await forgetWords(tx, [mention._id]);
      continue;
    }
    await moveLabel(tx, { from: mention._id, to: message._id });
    const { text, editedAt, editOrder, sentiment } = mention;
    if (editOrder) Object.assign(words, { text, editedAt, editOrder, sentiment });
    else if (sentiment?.by === 'agent') Object.assign(words, { sentiment });
  }
  return words;
}
