import type { Channel } from './channel.ts';
import type { Conversation, Draft, ViewCounts } from './conversation.ts';
import type { CustomerSummary } from './customer.ts';
import type { Illness } from './illness.ts';
import type { Import } from './import.ts';
import type { SpikeRise } from './listening.ts';
import type { TimelineEntry } from './message.ts';
import type { NotifyEvent } from './user.ts';

/** The only vocabulary of realtime. One commit of a conversation is one `conversation.changed`. */
export interface ConversationChanged {
  conversationId: string;
  version: number;
  header: Conversation;
  customer: CustomerSummary;
  /** Every message this commit inserted, changed or moved away; over 200 it is empty and `reset` is true. */
  messages: TimelineEntry[];
  reset: boolean;
}

/** Lists that clients hold whole and ask for again. `segments` is said too when their counts may be others. */
export type ChangedList =
  | 'teams'
  | 'tags'
  | 'views'
  | 'canned'
  | 'fields'
  | 'segments'
  | 'duplicates'
  | 'quality'
  | 'companies'
  | 'apiKeys'
  | 'searches'
  | 'hits'
  | 'spikes'
  | 'advocates'
  | 'rewards'
  | 'coupons'
  | 'testimonials';

/** For one person: rung by one of their tabs, by their own rules. */
export interface Notice {
  /** The same for every tab and server: shown once. */
  id: string;
  event: NotifyEvent;
  /** Empty where it is about none: of a spike, and of a channel. */
  conversationId: string;
  /** Where more of it is, when it is about no conversation: a page of ours. */
  path?: string;
  /** Of a spike, the saved search's; of a detractor, the author's; of a channel, its own. */
  customerName: string;
  /** The beginning of what was said; empty when nothing was. Of a channel that paused itself: why, as its provider said it. */
  text: string;
  /** What ails a channel; `days`: until its permission ends. */
  channel?: { ill: Illness; days?: number };
  /** Of a spike: what rose. */
  rise?: SpikeRise;
  byUserId: string | null;
  at: string;
}

/** Who is looking at a conversation and who is writing in it. Volatile: never stored, five seconds to live. */
export interface Presence {
  conversationId: string;
  users: { userId: string; typing: 'reply' | 'note' | null }[];
  /** The customer is typing, where the channel tells. */
  customerTyping: boolean;
  /** Of a visitor of the web chat, to whom the conversation would be answered: are they there now, and at which page. */
  visit?: { online: boolean; page: { url: string; title: string } | null } | null;
}

export interface ServerToClient {
  'conversation.changed': (event: ConversationChanged) => void;
  'customer.changed': (event: { customer: CustomerSummary }) => void;
  /** A purchase or service of this customer was written down or changed: ask for the open history again. */
  /** Something was said, changed or taken away under a public post: ask for it again if it is on screen. */
  'post.changed': (event: { postId: string }) => void;
  'history.changed': (event: { customerId: string }) => void;
  /** To administrators, at most about once a second while an import works. */
  'import.changed': (event: { import: Import }) => void;
  'import.removed': (event: { importId: string }) => void;
  /** What is derived of a customer (completeness, value, problems…) is other than before: ask for them again. Not said while many are derived. */
  'facts.changed': (event: { customerId: string }) => void;
  'counts.changed': (counts: ViewCounts) => void;
  /** A team, a tag, a segment or another thing of a list changed: ask for that list again. */
  'lists.changed': (event: { list: ChangedList }) => void;
  /** Somebody or something wants this person's attention; the client's rules decide how. */
  notify: (event: Notice) => void;
  'channel.changed': (event: { channel: Channel }) => void;
  'draft.changed': (event: { draft: Draft | null; conversationId: string; mode: Draft['mode'] }) => void;
  'read.changed': (event: { conversationId: string; seq: number }) => void;
  'channelTest.changed': (event: import('./channel.ts').ChannelTest) => void;
  presence: (event: Presence) => void;
  /** Permissions changed: drop the hot store and fetch afresh; drafts and outbox stay. */
  reset: () => void;
  /** The session is over: ask for sign-in over the page. */
  'session.ended': () => void;
}

export interface ClientToServer {
  /** The open conversation, or null; announces viewing and asks for its presence. */
  'conversation.view': (event: { conversationId: string | null }) => void;
  'conversation.typing': (event: { conversationId: string; mode: 'reply' | 'note' }) => void;
}
