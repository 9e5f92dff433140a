import { reachedAs } from '../../shared/customer.ts';
import { type ChannelKind, channelKinds } from '../../shared/profile.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import type { FactsActivity, LearntFacts } from './facts.model.ts';

/** What is read of each of a customer's conversations… */
export const conversationFrom = { customerId: 1, channelIds: 1, lastAt: 1 } as const;
export type ConversationFrom = Pick<ConversationDoc, '_id' | 'customerId' | 'channelIds' | 'lastAt'>;

/** …and of the newest messages of the newest ones. */
export const messageFrom = {
  conversationId: 1,
  kind: 1,
  direction: 1,
  identityId: 1,
  at: 1,
  automatic: 1,
  sentiment: 1,
} as const;
export type MessageFrom = Pick<
  MessageDoc,
  '_id' | 'conversationId' | 'kind' | 'direction' | 'identityId' | 'at' | 'automatic' | 'sentiment'
>;

/** What is said between people, in writing or on the telephone. */
const spoken = new Set<MessageFrom['kind']>(['message', 'call']);

/** What went between us. Pure. @param messages newest last in each conversation, in any order of conversations */
export function activityOf(
  customer: Pick<CustomerDoc, 'createdAt'>,
  facts: { conversations: readonly ConversationFrom[]; messages: readonly MessageFrom[] },
): FactsActivity {
  const { conversations, messages } = facts;
  const newest = (direction: 'in' | 'out') =>
    latest(
      messages.filter((one) => spoken.has(one.kind) && one.direction === direction).map((one) => one.at),
    );
  return {
    firstAt: customer.createdAt,
    lastAt: latest(conversations.map((one) => one.lastAt)) ?? customer.createdAt,
    lastInboundAt: newest('in'),
    lastOutboundAt: newest('out'),
    conversations: conversations.length,
    channelIds: [...new Set(conversations.flatMap((one) => one.channelIds))].sort(),
  };
}

function latest(moments: readonly Date[]): Date | null {
  return moments.length ? new Date(Math.max(...moments.map((at) => at.getTime()))) : null;
}

/**
 * Which kinds of channels what they do tells for: how much they wrote there among the newest messages, how often that was an answer to us,
 * and when last. The most telling first: most written, then latest. Pure.
 */
export function learntChannels(
  messages: readonly MessageFrom[],
  identities: readonly Pick<IdentityDoc, '_id' | 'kind'>[],
): LearntFacts[] {
  const kinds = new Map(identities.map((identity) => [identity._id, reachedAs(identity.kind)]));
  const learnt = new Map<ChannelKind, LearntFacts>();
  const weWroteLast = new Map<string, boolean>();
  const inOrder = messages
    .filter((one) => one.kind === 'message' && !one.automatic)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const { direction, identityId, conversationId, at } of inOrder) {
    if (direction === 'out') weWroteLast.set(conversationId, true);
    if (direction !== 'in' || identityId === null) continue;
    const kind = channelKinds.find((one) => one === kinds.get(identityId));
    if (!kind) continue;
    const known = learnt.get(kind) ?? { kind, messages: 0, replies: 0, lastAt: at };
    const answers = weWroteLast.get(conversationId) ?? false;
    weWroteLast.set(conversationId, false);
    learnt.set(kind, {
      kind,
      messages: known.messages + 1,
      replies: known.replies + (answers ? 1 : 0),
      lastAt: at,
    });
  }
  return [...learnt.values()].sort(
    (a, b) => b.messages - a.messages || b.lastAt.getTime() - a.lastAt.getTime(),
  );
}
