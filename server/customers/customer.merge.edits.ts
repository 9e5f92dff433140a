import { key } from '../db/key.ts';
import type { Tx } from '../messages/commit.ts';
import { comparedFields } from './customer.merge.fields.ts';
import type { CustomerDoc } from './customer.model.ts';
import type { EditDoc } from './edit.model.ts';

/**
 * What a merge, or its undo, changed of a customer's name and profile stands among the other edits of it.
 * @param options.minted with the customer and the field, the edit's id
 */
export async function noteMerged(
  tx: Tx,
  options: { before: CustomerDoc; after: CustomerDoc; minted: string; byUserId: string | null },
): Promise<void> {
  const { before, after, minted, byUserId } = options;
  const at = tx.ctx.now();
  const edits = comparedFields(before, after)
    .filter((one) => one.differs)
    .map(
      ({ field, survivor, other }): EditDoc => ({
        _id: key(minted, after._id, field),
        customerId: after._id,
        at,
        by: 'merge',
        byUserId,
        field,
        before: survivor,
        after: other,
        undoes: null,
      }),
    );
  if (edits.length) await tx.models.edits.insertMany(edits, { session: tx.session });
}
