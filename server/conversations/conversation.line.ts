import type { EventType } from '../../shared/message.ts';
import type { NewMessage } from '../messages/commit.ts';

/** What every message begins as; what is said of it overwrites. */
export function blankMessage(of: { id: string; conversationId: string; at: Date }): NewMessage {
  return {
    _id: of.id,
    conversationId: of.conversationId,
    kind: 'message',
    direction: 'none',
    at: of.at,
    atEstimated: false,
    providerOrder: '',
    receivedAt: of.at,
    late: false,
    channelId: null,
    identityId: null,
    threadKey: null,
    inReplyTo: null,
    externalId: null,
    digest: null,
    letter: null,
    hasWhole: false,
    relatedId: null,
    alsoChannelIds: [],
    automatic: false,
    mentions: [],
    visibility: 'internal',
    authorId: null,
    sentElsewhere: false,
    sentAnyway: false,
    text: '',
    editedAt: null,
    editOrder: null,
    deletedAt: null,
    groupKey: null,
    attachments: [],
    reactions: [],
    delivery: null,
    event: null,
    imported: false,
  };
}

/** What happened to a conversation, as a line in its timeline. */
export function eventLine(line: {
  id: string;
  conversationId: string;
  at: Date;
  type: EventType;
  data?: Record<string, unknown>;
  /** Whose deed it was; null: nobody's. */
  authorId: string | null;
}): NewMessage {
  const { type, data = {}, authorId, ...of } = line;
  return { ...blankMessage(of), kind: 'event', authorId, event: { type, data } };
}
