import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';

/** Written with a change, in its own commit: what the index has to hear of is owed from that moment on, and struck off by its worker. */
export const owedToSearch = { todo: 'search' } as const;

const said: readonly (keyof MessageDoc)[] = ['text', 'letter', 'attachments', 'deletedAt', 'at'];

/** Of a new message: saved searches look at what customers write, and advocates are found by it. */
export function owedOf(message: Pick<MessageDoc, 'kind' | 'direction'>): string[] {
  return message.kind === 'message' && message.direction === 'in'
    ? ['search', 'listen', 'advocate']
    : ['search'];
}

/** Of one that moves: others may see it there, and what it is evidence of stands in another conversation. */
export function owedOfMoved({ kind, direction }: Pick<MessageDoc, 'kind' | 'direction'>): {
  todo: { $each: string[] };
} {
  return { todo: { $each: kind === 'message' && direction === 'in' ? ['search', 'advocate'] : ['search'] } };
}

/** Of a changed one, as a part of its update. */
export function owedAfter(set: Partial<MessageDoc> & Record<string, unknown>): {
  $addToSet?: { todo: { $each: string[] } };
} {
  if (saysOther(set)) return { $addToSet: { todo: { $each: ['search', 'listen', 'advocate'] } } };
  return 'sentiment' in set ? { $addToSet: { todo: { $each: ['listen', 'advocate'] } } } : {};
}

/** It says something else than before, so that other words find it. */
function saysOther(set: Partial<MessageDoc> & Record<string, unknown>): boolean {
  return said.some((field) => field in set);
}

/** Agents of a further channel may see the conversation from now on, with all that was said in it before. */
export function seenByMore(
  before: Pick<ConversationDoc, 'channelIds'>,
  set: Partial<ConversationDoc> | undefined,
): boolean {
  return Boolean(set?.channelIds?.some((id) => !before.channelIds.includes(id)));
}
