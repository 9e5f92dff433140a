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
