import * as z from 'zod/mini';
import type { Channel } from './channel.ts';
import type { CustomerSummary } from './customer.ts';
import { LetterCreate, type Message, Target, type Tombstone } from './message.ts';
import { sentimentLabels } from './sentiment.ts';
import type { Tag } from './tag.ts';
import type { Team } from './team.ts';
import type { SavedView, ViewKey } from './view.ts';

/** Most urgent first. */
export const priorities = ['urgent', 'high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** `spam`: put away with all it holds; what its sender writes next begins a new one. `continued`: a link joined its customer to another and this, the older active one, goes on in its successor. */
export const conversationStatuses = ['open', 'snoozed', 'resolved', 'continued', 'spam'] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

/** The header of a conversation: all that a list row and the head of the timeline show. */
export const Conversation = z.object({
  id: z.string(),
  customerId: z.string(),
  status: z.enum(conversationStatuses),
  successorId: z.nullable(z.string()),
  assigneeId: z.nullable(z.string()),
  teamId: z.nullable(z.string()),
  priority: z.enum(priorities),
  tagIds: z.array(z.string()),
  /** Colleagues named in notes who have not yet struck it off. */
  mentionedIds: z.array(z.string()),
  /** The conversation this one was split off from. */
  splitFromId: z.nullable(z.string()),
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
  /** How the newest inbound message was said; absent or null: nobody can tell. */
  lastSentiment: z.optional(z.nullable(z.enum(sentimentLabels))),
});
export type Conversation = z.infer<typeof Conversation>;

export function isActive(status: ConversationStatus): boolean {
  return status === 'open' || status === 'snoozed';
}

/** 1000 (`countCeiling`) stands for 1000 and more: shown as "999+". By view key (shared/view.ts). */
export type ViewCounts = Record<ViewKey, number>;
export const countCeiling = 1000;

/** One keyset window of a view, newest first. Every page says what it was read with. */
export interface ConversationPage {
  view: ViewKey;
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
  view: ViewKey;
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
  teams: Team[];
  tags: Tag[];
  /** Their own and those shared with them. */
  views: SavedView[];
  counts: ViewCounts;
}

export const ConversationBegin = z.object({
  /** An existing customer, with one of their identities… */
  customerId: z.optional(z.string().check(z.maxLength(20))),
  identityId: z.optional(z.string().check(z.maxLength(600))),
  /** …or a new address, on a channel whose `canStart` is 'anyone'. */
  address: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  /** Absent, with a customer alone: where they wish to be written to, else as what they do tells; nowhere they opted out. */
  channelId: z.optional(z.string().check(z.maxLength(64))),
});
export type ConversationBegin = z.infer<typeof ConversationBegin>;

const id = z.string().check(z.maxLength(64));

/** One deed a call. Every one of them has an opposite, which is its undo. */
export const ConversationUpdate = z.union([
  z.object({ deed: z.literal('assign'), assigneeId: z.nullable(id) }),
  z.object({ deed: z.literal('team'), teamId: z.nullable(id) }),
  z.object({ deed: z.literal('priority'), priority: z.enum(priorities) }),
  z.object({
    deed: z.literal('tag'),
    add: z.array(id).check(z.maxLength(50)),
    remove: z.array(id).check(z.maxLength(50)),
  }),
  z.object({ deed: z.literal('snooze'), until: z.iso.datetime() }),
  z.object({ deed: z.literal('resolve') }),
  /** `asBefore` is the undo of `resolve`: asleep again if it was, and waiting since when it was; else it is open and nobody waits. */
  z.object({ deed: z.literal('reopen'), asBefore: z.optional(z.boolean()) }),
  /** `block`: identities of the customer whose further messages are `ignored`, visibly. */
  z.object({
    deed: z.literal('spam'),
    block: z.array(z.string().check(z.maxLength(600))).check(z.maxLength(20)),
  }),
  /** Back to the status before, and whoever was blocked by it may write again. */
  z.object({ deed: z.literal('notSpam') }),
  /** The viewer has seen what they were named for. */
  z.object({ deed: z.literal('strikeMention') }),
  /** Undo of `strikeMention`. */
  z.object({ deed: z.literal('restoreMention') }),
]);
export type ConversationUpdate = z.infer<typeof ConversationUpdate>;

/** The same deed on many: each is a commit of its own. */
export const BulkUpdate = z.object({
  ids: z.array(id).check(z.minLength(1), z.maxLength(200)),
  update: ConversationUpdate,
});
export type BulkUpdate = z.infer<typeof BulkUpdate>;

/** What became of each; `before` is what an undo puts back. */
export interface BulkResult {
  done: { id: string; header: Conversation; before: ConversationUpdate | null }[];
  failed: { id: string; message: string }[];
}

/** Moves one thread's messages (all channels of one identity and thread key) into a case of its own. */
export const ConversationSplit = z.object({
  channelId: id,
  identityId: z.string().check(z.maxLength(600)),
  threadKey: z.string().check(z.maxLength(600)),
});
export type ConversationSplit = z.infer<typeof ConversationSplit>;

/**
 * The answer of a split and of its undo (POST …/split, POST …/bring-back on the split-off one): `from` is the conversation that the
 * thread was split off from, `to` the split-off one.
 */
export interface SplitResult {
  from: Conversation;
  to: Conversation;
}

export const Draft = z.object({
  conversationId: z.string(),
  mode: z.enum(['reply', 'note']),
  text: z.string().check(z.maxLength(20_000)),
  target: z.nullable(Target),
  letter: z.optional(z.nullable(LetterCreate)),
  /** Milliseconds since 1970 on the writer's clock: the newest wins. */
  savedAt: z.number(),
});
export type Draft = z.infer<typeof Draft>;
