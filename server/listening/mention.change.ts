import type { Tx } from '../messages/commit.ts';
import { cleanText } from '../messages/intake.text.ts';
import { forgetWords } from '../messages/words.forget.ts';
import { forgetLabels } from '../sentiment/label.ts';
import { sentimentOfMention } from './mention.feeling.ts';
import { change } from './mention.intake.ts';
import type { MentionDoc } from './mention.model.ts';

/** What is left of a mention that its author took back: that it was there. */
export const redactedMention = {
  text: '',
  attachments: [],
  sentiment: null,
  editedAt: null,
  editOrder: null,
} satisfies Partial<MentionDoc>;

/**
 * The newest edit by (time, provider order) wins; what was deleted stays deleted.
 * @param part of what the edit is about
 * @param options.order as `orderKey` makes it
 * @returns false when there is no such mention
 */
export async function editMention(
  tx: Tx,
  part: string,
  edit: { text: string; at: Date; order: string },
): Promise<boolean> {
  const mention = await mentionOf(tx, part);
  if (!mention) return false;
  if (mention.deletedAt || (mention.editOrder && mention.editOrder >= edit.order)) return true;
  const text = cleanText(edit.text);
  await change(tx, mention, {
    text,
    editedAt: edit.at,
    editOrder: edit.order,
    sentiment: await sentimentOfMention(tx.ctx, text),
  });
  // What a person said of it was of other words.
  if (mention.sentiment?.by === 'agent') await forgetLabels(tx, [mention._id]);
  return true;
}

/** @returns false when there is no such mention; the tombstone in the part is for the caller to write, in either case */
export async function deleteMention(tx: Tx, part: string, at: Date): Promise<boolean> {
  const mention = await mentionOf(tx, part);
  if (!mention) return false;
  if (mention.deletedAt) return true;
  await change(tx, mention, { ...redactedMention, deletedAt: at });
  await forgetWords(tx, [mention._id]);
  return true;
}

function mentionOf(tx: Tx, part: string): Promise<MentionDoc | null> {
  return tx.models.mentions.findById(part, null, { session: tx.session }).lean<MentionDoc>().exec();
}
