import { canSee, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { customerOf, setActive } from '../conversations/conversation.active.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import type { Tx } from '../messages/commit.ts';

/** Where a code is seen going out: a conversation that exists, or one to begin. */
export interface Place {
  conversation: Omit<ConversationDoc, 'version' | 'seq' | 'messageCount'>;
  /** Null: it is to be begun. */
  known: ConversationDoc | null;
}

/**
 * The customer's active conversation; else their newest that the viewer can see, which stays what it is; else a new one of the viewer's.
 * @throws AppError conflict when the active one is not theirs to see and nothing else is
 */
export async function placeForCode(
  tx: Tx,
  viewer: Viewer,
  options: { customer: CustomerDoc; home: string; conversationId: string },
): Promise<Place> {
  const { session, models } = tx;
  const customer = await customerOf(tx, options.customer._id);
  const active = customer.active.main
    ? await models.conversations.findById(customer.active.main, null, { session }).lean<ConversationDoc>()
    : null;
  if (active && canSee(viewer, active)) return { conversation: active, known: active };
  const newest = await models.conversations
    .findOne(
      { customerId: customer._id, status: { $nin: ['continued', 'spam'] }, ...visibleTo(viewer) },
      null,
      { session },
    )
    .sort({ lastAt: -1 })
    .lean<ConversationDoc>();
  if (newest) return { conversation: newest, known: newest };
  if (active)
    throw new AppError({
      code: 'conflict',
      message:
        'The customer’s conversation is on channels that are not yours: a colleague there can send the code.',
    });
  await setActive(tx, customer, options.conversationId);
  const begun = blankConversation({
    id: options.conversationId,
    customerId: customer._id,
    homeCustomerId: options.home,
    at: tx.ctx.now(),
  });
  return { conversation: { ...begun, assigneeId: viewer.id }, known: null };
}
