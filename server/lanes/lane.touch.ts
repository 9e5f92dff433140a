import { key } from '../db/key.ts';
import type { Tx } from '../messages/commit.ts';

/** Something was queued in this lane: whoever holds it may not let it go unseen, and somebody is woken after the commit. */
export async function touchLane(tx: Tx, lane: { conversationId: string; channelId: string }): Promise<void> {
  const { conversationId, channelId } = lane;
  await tx.models.lanes.updateOne(
    { _id: key(conversationId, channelId) },
    { $inc: { touched: 1 }, $setOnInsert: { conversationId, channelId, lease: null } },
    { session: tx.session, upsert: true },
  );
  tx.emit('lane.touched', { conversationId, channelId });
}
