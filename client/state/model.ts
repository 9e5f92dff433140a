import type { Channel } from '../../shared/channel.ts';
import type { Conversation, Draft, ViewCounts } from '../../shared/conversation.ts';
import type { CustomerSummary } from '../../shared/customer.ts';
import type { Presence } from '../../shared/events.ts';
import { compareMessages, type Message, type TimelineEntry } from '../../shared/message.ts';
import type { Tag } from '../../shared/tag.ts';
import type { Team } from '../../shared/team.ts';
import { filterOf, type Looker, type SavedView, type ViewFilter, type ViewKey } from '../../shared/view.ts';

/** A place in a customer's timeline. */
export type Position = Pick<Message, 'at' | 'providerOrder' | 'seq' | 'id'>;

/** The order on screen; messages of two conversations that are alike in all else go by id. */
export function comparePlaces(a: Position, b: Position): number {
  return compareMessages(a, b) || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);
}

/**
 * A contiguous part of one customer's stream. For each conversation it holds a number of its own, apart from the
 * header's: up to which version every message between `floor` and `ceiling` is known.
 */
export interface Timeline {
  customerId: string;
  versions: ReadonlyMap<string, number>;
  /** Conversation → version below the number from which a page must still be caught up. */
  behind: ReadonlyMap<string, number>;
  /** Every claim about a message, by `conversationId:messageId`: tombstones too, so that order of arrival is all one. */
  entries: ReadonlyMap<string, TimelineEntry>;
  /** What is on screen, oldest first. */
  messages: readonly Message[];
  /** Null: from the beginning of the history. */
  floor: Position | null;
  /** Null: to the newest message. */
  ceiling: Position | null;
  before: string | null;
  after: string | null;
}

/** What a list is of: a view, or in its place a filter that nobody has saved; a channel narrows either. */
export interface ListScope {
  view: ViewKey;
  channelId: string | null;
  filter: ViewFilter | null;
}

/** A window over a view: the rows from the newest down to `floor`. Rows are decided by their headers, not by pages. */
export interface ListWindow extends ListScope {
  ids: readonly string[];
  floor: Pick<Conversation, 'lastAt' | 'id'> | null;
  next: string | null;
}

export interface State {
  /** Who looks: decides "mine". */
  viewer: Looker;
  headers: ReadonlyMap<string, Conversation>;
  customers: ReadonlyMap<string, CustomerSummary>;
  /** Conversation → newest `seq` that this person has read. */
  reads: ReadonlyMap<string, number>;
  windows: ReadonlyMap<string, ListWindow>;
  /** By customer; those that were opened. */
  timelines: ReadonlyMap<string, Timeline>;
  channels: ReadonlyMap<string, Channel>;
  teams: ReadonlyMap<string, Team>;
  tags: ReadonlyMap<string, Tag>;
  views: readonly SavedView[];
  counts: ViewCounts | null;
  presence: ReadonlyMap<string, Presence>;
}

export function emptyState(viewer: Looker): State {
  return {
    viewer,
    headers: new Map(),
    customers: new Map(),
    reads: new Map(),
    windows: new Map(),
    timelines: new Map(),
    channels: new Map(),
    teams: new Map(),
    tags: new Map(),
    views: [],
    counts: null,
    presence: new Map(),
  };
}

export const windowKey = ({ view, channelId, filter }: ListScope) =>
  `${view}|${channelId ?? ''}|${filter ? JSON.stringify(filter) : ''}`;

/** The filter that a list goes by; null for a saved view that is not there (any more). */
export const scopeFilter = (state: State, { view, filter }: ListScope): ViewFilter | null =>
  filter ?? filterOf(view, state.views);

export const draftKey = (conversationId: string, mode: Draft['mode']) => `${conversationId}:${mode}`;

/** Newest activity first; equal moments by id, so that two clients agree. */
export function compareRows(
  a: Pick<Conversation, 'lastAt' | 'id'>,
  b: Pick<Conversation, 'lastAt' | 'id'>,
): number {
  if (a.lastAt !== b.lastAt) return a.lastAt > b.lastAt ? -1 : 1;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}

export function isUnread(state: State, header: Conversation): boolean {
  return header.status !== 'continued' && header.lastInboundSeq > (state.reads.get(header.id) ?? 0);
}
