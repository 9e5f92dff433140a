import { key } from '../db/key.ts';
import type { Tx } from './commit.ts';

/** What was a draft is a message now. */
export async function strikeDraft(
  tx: Tx,
  draft: { userId: string; conversationId: string; mode: 'reply' | 'note' },
): Promise<void> {
  const { deletedCount } = await tx.models.drafts.deleteOne(
    { _id: key(draft.userId, draft.conversationId, draft.mode) },
    { session: tx.session },
  );
  if (deletedCount) tx.emit('draft.changed', draft);
}
