import type { Viewer } from '../../shared/access.ts';
import type { ConversationChanges } from '../../shared/conversation.ts';
import type { Context } from '../context.ts';
import { customerSummary } from '../customers/customer.service.ts';
import type { MessageDoc, TombstoneDoc } from '../messages/message.model.ts';
import { presentMessage, presentTombstone } from '../messages/message.presenter.ts';
import { presentConversation } from './conversation.presenter.ts';
import { readableConversation } from './conversation.visible.ts';

/** More than this in one go, and the client fetches its window afresh. */
export const mostEntries = 200;

/** The header, read first; then every message changed since that version, those that left included. */
export async function conversationChanges(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; sinceVersion: number },
): Promise<ConversationChanges> {
  const conversation = await readableConversation(ctx, viewer, options.id);
  const since = { conversationId: conversation._id, version: { $gt: options.sinceVersion } };
  const [messages, tombstones, customer] = await Promise.all([
    ctx.models.messages
      .find(since)
      .sort({ version: 1 })
      .limit(mostEntries + 1)
      .lean<MessageDoc[]>()
      .exec(),
    ctx.models.tombstones
      .find(since)
      .sort({ version: 1 })
      .limit(mostEntries + 1)
      .lean<TombstoneDoc[]>()
      .exec(),
    customerSummary(ctx, conversation.customerId),
  ]);
  const reset = messages.length + tombstones.length > mostEntries;
  return {
    header: presentConversation(conversation),
    customer,
    entries: reset
      ? []
      : [...messages.map(presentMessage), ...tombstones.map(presentTombstone)].sort(
          (a, b) => a.version - b.version,
        ),
    reset,
  };
}
