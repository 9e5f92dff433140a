import type { DeliveryState } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { commit } from '../messages/commit.ts';
import { applyPieceState } from '../messages/delivery.ts';
import type { DeliveryDoc, MessageDoc } from '../messages/message.model.ts';
import { shownTo } from './visitor.messages.ts';
import type { VisitorDoc } from './visitor.model.ts';

const atOnce = 200;

/** What each word raises. */
const below = { delivered: ['sent'], read: ['sent', 'delivered'] } as const;

/**
 * Everything written to this visitor up to this number of theirs has come to their page, or was shown there. A higher word stands.
 */
export async function visitorHas(
  ctx: Context,
  visitor: Pick<VisitorDoc, 'identityId' | 'channelId'>,
  word: { seq: number; state: 'delivered' | 'read' },
): Promise<void> {
  const found = await ctx.models.messages
    .find(
      {
        ...shownTo(visitor),
        $and: [{ visitorSeq: { $lte: word.seq } }],
        direction: 'out',
        'delivery.state': { $in: [...below[word.state]] },
      },
      { conversationId: 1 },
    )
    .sort({ visitorSeq: 1 })
    .limit(atOnce)
    .lean<Pick<MessageDoc, '_id' | 'conversationId'>[]>()
    .exec();
  for (const conversationId of new Set(found.map((message) => message.conversationId))) {
    const ids = found.filter((message) => message.conversationId === conversationId).map(({ _id }) => _id);
    await raiseAll(ctx, { conversationId, ids, state: word.state });
  }
}

/** As one commit of their conversation. */
async function raiseAll(
  ctx: Context,
  deed: { conversationId: string; ids: string[]; state: 'delivered' | 'read' },
): Promise<void> {
  await commit(ctx, async (tx) => {
    const { session, models } = tx;
    const messages = await models.messages
      .find({ _id: { $in: deed.ids }, conversationId: deed.conversationId }, null, { session })
      .lean<MessageDoc[]>();
    const changes = messages.flatMap((message) => {
      const delivery = message.delivery && raised(message.delivery, deed.state, ctx.now());
      return delivery ? [{ message, delivery }] : [];
    });
    if (!changes.length) return;
    const conversation = await models.conversations
      .findById(deed.conversationId, null, { session })
      .lean<ConversationDoc>();
    if (!conversation) throw new Error(`Conversation ${deed.conversationId} does not exist.`);
    await tx.raise(conversation, {});
    for (const { message, delivery } of changes) await tx.change(message, { set: { delivery } });
  });
}

function raised(delivery: DeliveryDoc, state: DeliveryState, at: Date): DeliveryDoc | null {
  let next = delivery;
  delivery.pieces.forEach((piece, index) => {
    next = applyPieceState(next, { piece: index, attempt: piece.attempt, state, at }) ?? next;
  });
  return next === delivery ? null : next;
}
