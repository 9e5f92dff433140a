import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Converted } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { visibleHit } from './hit.presenter.ts';
import { mustListen, noHit } from './hit.query.ts';
import { messageIdOf } from './listen.source.ts';
import { bringAsked, bringEarlier, countBrought } from './mention.bring.ts';
import type { MentionDoc } from './mention.model.ts';

/**
 * Makes a conversation of what somebody said in public: its author is a customer from now on, and their earlier words on that channel
 * come along. Asked again, or of what is a message already, it answers with the conversation there is.
 * @throws AppError forbidden, notFound; conflict when its author has taken it back
 */
export async function convertHit(ctx: Context, viewer: Viewer, id: string): Promise<Converted> {
  mustListen(viewer, 'listening.write', 'make conversations of what is said in public');
  mustListen(viewer, 'conversation.write', 'make conversations');
  const ofMessage = messageIdOf(id);
  if (ofMessage !== null) {
    if (!(await visibleHit(ctx, viewer, id))) throw noHit();
    return { ...(await whereIs(ctx, ofMessage)), brought: 0 };
  }
  const mention = await mentionOf(ctx, viewer, id);
  if (!mention.messageId) {
    if (mention.deletedAt)
      throw new AppError({
        code: 'conflict',
        message: 'Its author has taken it back: there is nothing to answer.',
      });
    await bringAsked(ctx, mention, viewer.id);
  }
  await bringEarlier(ctx, id);
  const after = await mentionOf(ctx, viewer, id);
  if (!after.messageId)
    throw new AppError({
      code: 'conflict',
      message: 'Its author has taken it back: there is nothing to answer.',
    });
  ctx.bus.emit('hits.changed', { searchIds: [] });
  return { ...(await whereIs(ctx, after.messageId)), brought: await countBrought(ctx, after) };
}

async function mentionOf(ctx: Context, viewer: Viewer, id: string): Promise<MentionDoc> {
  const mention = await ctx.models.mentions.findById(id).lean<MentionDoc>().exec();
  if (!mention || !canUseChannel(viewer, mention.channelId)) throw noHit();
  return mention;
}

async function whereIs(
  ctx: Context,
  messageId: string,
): Promise<Pick<Converted, 'conversationId' | 'customerId'>> {
  const message = await ctx.models.messages
    .findById(messageId, { conversationId: 1 })
    .lean<Pick<MessageDoc, 'conversationId'>>();
  const conversation =
    message &&
    (await ctx.models.conversations
      .findById(message.conversationId, { customerId: 1 })
      .lean<Pick<ConversationDoc, '_id' | 'customerId'>>());
  if (!conversation) throw noHit();
  return { conversationId: conversation._id, customerId: conversation.customerId };
}
