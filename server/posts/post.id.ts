import type { InboundPost } from '../../connectors/connector.ts';
import { partId, scopeOf } from '../messages/parts.ts';

/**
 * The `_id` of a post, made as the id of a message's part is: a post that hangs on itself, because it is a message to us, has the same id
 * as that message's part.
 */
export function postIdOf(channelId: string, post: Pick<InboundPost, 'externalId' | 'scope'>): string {
  return partId(scopeOf(channelId, post.scope), post.externalId);
}

const prefix = 'post:';

/** The thread of a public post, as connectors name it. */
export function isPostThread(threadKey: string | null | undefined): boolean {
  return threadKey?.startsWith(prefix) ?? false;
}
