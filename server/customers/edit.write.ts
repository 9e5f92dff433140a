import { key } from '../db/key.ts';
import type { Tx } from '../messages/commit.ts';
import type { EditDoc } from './edit.model.ts';

/** What a channel said of a customer changed a field of theirs: kept beside what people change. */
export async function editedByChannel(
  tx: Tx,
  edit: Pick<EditDoc, 'customerId' | 'field' | 'before' | 'after'>,
): Promise<void> {
  const { ctx, session, models } = tx;
  await models.edits.insertMany(
    [{ ...edit, _id: ctx.uuid(), at: ctx.now(), by: 'channel', byUserId: null, undoes: null }],
    { session },
  );
}

/**
 * What a person decided about a customer beside their profile, in the same journal. What is undefined stays as it was, what is the same is
 * no edit. Ids begin with `minted`, made outside the transaction.
 */
export async function editedByAgent(
  tx: Tx,
  edit: {
    customerId: string;
    byUserId: string;
    minted: string;
    changes: readonly Pick<EditDoc, 'field' | 'before' | 'after'>[];
  },
): Promise<void> {
  const { ctx, session, models } = tx;
  const { customerId, byUserId, minted } = edit;
  const edits = edit.changes
    .filter(({ before, after }) => after !== undefined && before !== after)
    .map(
      ({ field, before, after }): EditDoc => ({
        _id: key(minted, field),
        customerId,
        at: ctx.now(),
        by: 'agent',
        byUserId,
        field,
        before,
        after,
        undoes: null,
      }),
    );
  if (edits.length) await models.edits.insertMany(edits, { session });
}
