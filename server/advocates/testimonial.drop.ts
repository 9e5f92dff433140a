import { key } from '../db/key.ts';
import type { Tx } from '../messages/commit.ts';
import { advocatesDue } from './advocate.due.ts';
import type { TestimonialDoc } from './testimonial.model.ts';

/** What they were asked to be quoted with, and have not answered, is not there to be quoted any more: the link opens nothing. */
export async function dropAsked(tx: Tx, sourceIds: readonly string[]): Promise<void> {
  const { models, session } = tx;
  const asked = { _id: { $in: sourceIds.map((id) => key(id)) }, state: 'asked' as const };
  const found = await models.testimonials
    .find(asked, { customerId: 1 }, { session })
    .lean<Pick<TestimonialDoc, 'customerId'>[]>();
  if (!found.length) return;
  await models.testimonials.deleteMany(asked, { session });
  await advocatesDue(
    tx,
    found.map(({ customerId }) => customerId),
  );
  tx.emit('lists.changed', { list: 'testimonials', userId: null });
}
