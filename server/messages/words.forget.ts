import { dropAsked } from '../advocates/testimonial.drop.ts';
import { forgetLabels } from '../sentiment/label.ts';
import type { Tx } from './commit.ts';

/**
 * Somebody took back what they said: what was kept of their words beside the words goes with them, in the commit that redacts them. What
 * they have answered to being quoted stays: that is their own word about it.
 * @param sourceIds of the message, and of mentions that it was
 */
export async function forgetWords(tx: Tx, sourceIds: readonly string[]): Promise<void> {
  await forgetLabels(tx, sourceIds);
  await dropAsked(tx, sourceIds);
}
