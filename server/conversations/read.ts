import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { readableConversation } from './conversation.visible.ts';

/** How far this viewer has read; lower than before marks it unread again. Never beyond the newest message. */
export async function markRead(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; seq: number },
): Promise<void> {
  const conversation = await readableConversation(ctx, viewer, options.id);
  const seq = Math.min(options.seq, conversation.seq);
  await ctx.models.reads
    .updateOne(
      { _id: key(viewer.id, conversation._id) },
      { $set: { userId: viewer.id, conversationId: conversation._id, seq } },
      { upsert: true },
    )
    .exec();
  ctx.bus.emit('read.changed', { userId: viewer.id, conversationId: conversation._id, seq });
}
