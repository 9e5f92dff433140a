import * as z from 'zod/mini';
import type { Channel } from './channel.ts';
import type { CustomerSummary } from './customer.ts';
import { type Message, Target, type Tombstone } from './message.ts';

/** `continued`: a link joined its customer to another and this, the older active one, goes on in its successor. */
export const conversationStatuses = ['open', 'snoozed', 'resolved', 'continued'] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

/** The header of a conversation: all that a list row and the head of the timeline show. */
export const Conversation = z.object({
  id: z.string(),
  customerId: z.string(),
  status: z.enum(conversationStatuses),
  successorId: z.nullable(z.string()),
  assigneeId: z.nullable(z.string()),
  /** Raised by one with each commit. */
  version: z.number(),
  /** The newest message's `seq`. */
  seq: z.number(),
  channelIds: z.array(z.string()),
  /** Waiting for the team since: set by an inbound message, cleared by a reply or resolve. */
  waitingSince: z.nullable(z.string()),
  snoozedUntil: z.nullable(z.string()),
  createdAt: z.string(),
  /** When something last happened that a list sorts by. */
  lastAt: z.string(),
  /** `seq` of the newest inbound message: unread for an agent whose `reads.seq` is below it. */
  lastInboundSeq: z.number(),
  /** The target of the last inbound message: where a reply goes by default. */
  replyTarget: z.nullable(Target),
  preview: z.nullable(
    z.object({
      kind: z.string(),
      direction: z.enum(['in', 'out', 'none']),
      text: z.string(),
      channelId: z.nullable(z.string()),
      authorId: z.nullable(z.string()),
      attachments: z.number(),
    }),
  ),
  /** Something in it failed to leave, or has an unknown outcome. */
  undelivered: z.number(),
});
export type Conversation = z.infer<typeof Conversation>;

export function isActive(status: ConversationStatus): boolean {
  return status === 'open' || status === 'snoozed';
}

export const views = ['mine', 'unassigned', 'unread', 'snoozed', 'all'] as const;
export type View = (typeof views)[number];

/**
 * Whether a conversation belongs to a view of this user: the rule by which the server lists and counts, and by which a client
 * moves its rows. Unread is the team's word: the customer waits for an answer, whoever has looked at it.
 */
export function inView(
  view: View,
  conversation: Pick<Conversation, 'status' | 'assigneeId' | 'waitingSince'>,
  userId: string,
): boolean {
  switch (view) {
    case 'mine':
      return conversation.status === 'open' && conversation.assigneeId === userId;
    case 'unassigned':
      return conversation.status === 'open' && conversation.assigneeId === null;
    case 'unread':
      return conversation.status === 'open' && conversation.waitingSince !== null;
    case 'snoozed':
      return conversation.status === 'snoozed';
    case 'all':
      return conversation.status !== 'continued';
  }
}

/** 1000 (`countCeiling`) stands for 1000 and more: shown as "999+". */
export type ViewCounts = Record<View, number>;
export const countCeiling = 1000;

/** One keyset window of a view, newest first. Every page says what it was read with. */
export interface ConversationPage {
  view: View;
  conversations: Conversation[];
  customers: CustomerSummary[];
  /** conversationId → the viewer's `reads.seq`. */
  reads: Record<string, number>;
  /** conversationIds in which the viewer has a draft. */
  drafts: string[];
  /** Pass as `?after=` for the next window; null at the end. */
  next: string | null;
}

/** The digest of a visible window: catches what a broken bus swallowed. */
export interface ViewDigest {
  view: View;
  count: number;
  newestAt: string | null;
  /** [conversationId, version], in the window's order. */
  versions: [string, number][];
}

/**
 * One window of the customer's timeline, all their conversations in one stream, oldest first. `headers` are read BEFORE the
 * messages, one for each conversation met: below the client's own number, it asks `?sinceVersion`.
 */
export interface TimelinePage {
  customerId: string;
  headers: Conversation[];
  messages: Message[];
  /** Pass as `?before=`; null at the beginning of the history. */
  before: string | null;
  /** Pass as `?after=`; null when the window reaches the newest message. */
  after: string | null;
}

/** The answer to `?sinceVersion=v`: the header, read first, then everything that changed since. */
export interface ConversationChanges {
  header: Conversation;
  customer: CustomerSummary;
  entries: (Message | Tombstone)[];
  /** Over 200 entries: fetch the window afresh. */
  reset: boolean;
}

export interface TimelineDigest {
  conversationId: string;
  version: number;
  /** [messageId, version] of every message in the asked range. */
  versions: [string, number][];
}

/** Everything the inbox needs at start and after a reset. */
export interface Bootstrap {
  channels: Channel[];
  counts: ViewCounts;
}

export const ConversationBegin = z.object({
  /** An existing customer, with one of their identities… */
  customerId: z.optional(z.string().check(z.maxLength(20))),
  identityId: z.optional(z.string().check(z.maxLength(600))),
  /** …or a new address, on a channel whose `canStart` is 'anyone'. */
  address: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  channelId: z.string().check(z.maxLength(64)),
});
export type ConversationBegin = z.infer<typeof ConversationBegin>;

/** One deed a call; `version` is the header's the agent saw, used only to word a conflict. */
export const ConversationUpdate = z.union([
  z.object({ deed: z.literal('assign'), assigneeId: z.nullable(z.string().check(z.maxLength(64))) }),
  z.object({ deed: z.literal('snooze'), until: z.iso.datetime() }),
  z.object({ deed: z.literal('resolve') }),
  z.object({ deed: z.literal('reopen') }),
]);
export type ConversationUpdate = z.infer<typeof ConversationUpdate>;

export const Draft = z.object({
  conversationId: z.string(),
  mode: z.enum(['reply', 'note']),
  text: z.string().check(z.maxLength(20_000)),
  target: z.nullable(Target),
  /** Milliseconds since 1970 on the writer's clock: the newest wins. */
  savedAt: z.number(),
});
export type Draft = z.infer<typeof Draft>;
