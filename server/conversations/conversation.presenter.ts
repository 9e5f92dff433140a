import type { Conversation } from '../../shared/conversation.ts';
import type { Target } from '../../shared/message.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** The header: what a list row and the head of the timeline show. */
export function presentConversation(conversation: ConversationDoc): Conversation {
  const { preview } = conversation;
  return {
    id: conversation._id,
    customerId: conversation.customerId,
    status: conversation.status,
    successorId: conversation.successorId ?? null,
    assigneeId: conversation.assigneeId ?? null,
    teamId: conversation.teamId ?? null,
    priority: conversation.priority ?? 'normal',
    tagIds: [...(conversation.tagIds ?? [])],
    mentionedIds: [...(conversation.mentionedIds ?? [])],
    splitFromId: conversation.splitFromId ?? null,
    version: conversation.version,
    seq: conversation.seq,
    channelIds: [...conversation.channelIds],
    waitingSince: conversation.waitingSince?.toISOString() ?? null,
    snoozedUntil: conversation.snoozedUntil?.toISOString() ?? null,
    createdAt: conversation.createdAt.toISOString(),
    lastAt: conversation.lastAt.toISOString(),
    lastInboundSeq: conversation.lastInboundSeq,
    replyTarget: conversation.replyTarget ? presentTarget(conversation.replyTarget) : null,
    preview: preview
      ? {
          kind: preview.kind,
          direction: preview.direction,
          text: preview.text,
          channelId: preview.channelId ?? null,
          authorId: preview.authorId ?? null,
          attachments: preview.attachments,
        }
      : null,
    lastSentiment: preview?.sentiment ?? null,
    undelivered: conversation.undelivered,
  };
}

export function presentTarget(target: Target): Target {
  return {
    channelId: target.channelId,
    identityId: target.identityId,
    threadKey: target.threadKey,
    ...(target.visibility ? { visibility: target.visibility } : {}),
    ...(target.inReplyTo ? { inReplyTo: target.inReplyTo } : {}),
  };
}
