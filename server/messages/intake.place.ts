import { isActive } from '../../shared/conversation.ts';
import { reopenWithinMs } from '../conversations/conversation.header.ts';
import type { ConversationDoc, RouteDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { key } from '../db/key.ts';
import type { Tx } from './commit.ts';

/** Where a message goes. */
export interface Place {
  /** Null: a new one begins. */
  conversation: ConversationDoc | null;
  /** Of the new one, where its id is given. */
  id?: string;
  /** Found by its route: not the customer's main one. */
  routed: boolean;
}

/** A link of links is short; a longer chain is a fault. */
const longestChain = 20;

/** The route's conversation, else the active one, else one resolved within 72 hours, else none. */
export async function placeFor(
  tx: Tx,
  options: { customer: CustomerDoc; identityId: string; channelId: string; threadKey: string; now: Date },
): Promise<Place> {
  const { customer, now } = options;
  const { session } = tx;
  const recently = new Date(now.getTime() - reopenWithinMs);
  const routeId = key(options.channelId, options.identityId, options.threadKey);
  const route = await tx.models.routes.findById(routeId, null, { session }).lean<RouteDoc>();
  if (route) {
    const conversation = await followed(tx, route.conversationId);
    const fits =
      conversation?.customerId === customer._id &&
      (isActive(conversation.status) || (conversation.resolvedAt && conversation.resolvedAt >= recently));
    if (fits) return { conversation, routed: conversation._id !== customer.active.main };
    await tx.models.routes.deleteOne({ _id: routeId }, { session });
  }
  if (customer.active.main) {
    const conversation = await followed(tx, customer.active.main);
    if (conversation && isActive(conversation.status)) return { conversation, routed: false };
  }
  const resolved = await tx.models.conversations
    .findOne(
      // A split-off one is a case of its own thread alone: only its route leads there.
      { customerId: customer._id, status: 'resolved', resolvedAt: { $gte: recently }, splitFromId: null },
      null,
      { session },
    )
    .sort({ lastAt: -1 })
    .lean<ConversationDoc>();
  return { conversation: resolved, routed: false };
}

/** What is `continued` goes on in its successor. */
export async function followed(tx: Tx, id: string): Promise<ConversationDoc | null> {
  let next: string | null = id;
  for (let step = 0; next && step < longestChain; step += 1) {
    const conversation: ConversationDoc | null = await tx.models.conversations
      .findById(next, null, { session: tx.session })
      .lean<ConversationDoc>();
    if (conversation?.status !== 'continued') return conversation;
    next = conversation.successorId;
  }
  return null;
}
