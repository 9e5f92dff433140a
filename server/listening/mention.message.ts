import type { InboundMessage } from '../../connectors/connector.ts';
import type { MentionDoc } from './mention.model.ts';

/** What the message says that a mention is, or becomes. */
export function messageFrom(mention: MentionDoc): InboundMessage {
  const { url, post, inReplyTo } = mention;
  return {
    type: 'message',
    externalIds: [mention.externalId],
    scope: mention.scope,
    direction: 'in',
    sender: mention.sender,
    threadKey: mention.threadKey,
    at: mention.atEstimated ? null : mention.at,
    providerOrder: '',
    text: mention.text,
    attachments: mention.attachments,
    visibility: 'public',
    ...(post && { post: { ...post, ...(mention.closed && { closed: true as const }) } }),
    ...(url && { url }),
    ...(inReplyTo && { inReplyTo }),
  };
}
