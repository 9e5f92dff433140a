import type { Viewer } from '../../shared/access.ts';
import type { TimelineDigest } from '../../shared/conversation.ts';
import type { Context } from '../context.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { readableConversation } from './conversation.visible.ts';

/** Ids with versions of every message from `fromSeq` on, under the header's version read before them. */
export async function timelineDigest(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; fromSeq: number },
): Promise<TimelineDigest> {
  const conversation = await readableConversation(ctx, viewer, options.id);
  const messages = await ctx.models.messages
    .find({ conversationId: conversation._id, seq: { $gte: options.fromSeq } }, { version: 1 })
    .sort({ seq: 1 })
    .lean<Pick<MessageDoc, '_id' | 'version'>[]>()
    .exec();
  return {
    conversationId: conversation._id,
    version: conversation.version,
    versions: messages.map((message) => [message._id, message.version]),
  };
}
