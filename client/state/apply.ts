import type { Channel } from '../../shared/channel.ts';
import type {
  Bootstrap,
  Conversation,
  ConversationChanges,
  ConversationPage,
  TimelinePage,
  ViewCounts,
} from '../../shared/conversation.ts';
import type { CustomerSummary } from '../../shared/customer.ts';
import type { ConversationChanged, Presence } from '../../shared/events.ts';
import type { Tag } from '../../shared/tag.ts';
import type { Team } from '../../shared/team.ts';
import { type Looker, matches, type SavedView } from '../../shared/view.ts';
import {
  compareRows,
  emptyState,
  type ListScope,
  type ListWindow,
  type State,
  scopeFilter,
  windowKey,
} from './model.ts';
import {
  emptyTimeline,
  missingSince,
  type PageEdge,
  withChanges,
  withEvent,
  withoutConversation,
  withPage,
} from './timeline.ts';

/** Everything that can change what is on screen: events of the socket and answers of the server. */
export type Input =
  | { type: 'changed'; event: ConversationChanged }
  | { type: 'customer'; customer: CustomerSummary }
  | { type: 'header'; header: Conversation; customer?: CustomerSummary; readSeq?: number }
  | { type: 'gone'; conversationId: string }
  | { type: 'bootstrap'; bootstrap: Bootstrap }
  | { type: 'counts'; counts: ViewCounts }
  | { type: 'channel'; channel: Channel }
  | { type: 'teams'; teams: readonly Team[] }
  | { type: 'tags'; tags: readonly Tag[] }
  | { type: 'views'; views: readonly SavedView[] }
  /** Who looks belongs to other teams now. */
  | { type: 'viewer'; viewer: Looker }
  | { type: 'read'; conversationId: string; seq: number }
  | { type: 'presence'; presence: Presence }
  | { type: 'page'; scope: ListScope; pages: readonly ConversationPage[]; fresh: boolean }
  | TimelineRead
  | { type: 'changes'; since: number; changes: ConversationChanges }
  | { type: 'closeTimeline'; customerId: string }
  | { type: 'reset' };

/** A part of a customer's stream was read. */
export interface TimelineRead {
  type: 'timeline';
  page: TimelinePage;
  edge: PageEdge;
  /** Versions known before a fresh page was asked for: it is newer than they are. */
  heard?: ReadonlyMap<string, number>;
  /** As `withPage` has it. */
  settled?: ReadonlyMap<string, number>;
}

/** A state being written: each map is copied the first time it changes, once for a whole batch. */
class Draft {
  readonly #before: State;
  #after: State;
  readonly #copied = new Set<keyof State>();
  /** Conversations whose place in a list may be another now. */
  readonly moved = new Set<string>();

  constructor(state: State) {
    this.#before = state;
    this.#after = state;
  }

  get now(): State {
    return this.#after;
  }

  set<Key extends keyof State>(key: Key, value: State[Key]): void {
    this.#after = { ...this.#after, [key]: value };
  }

  map<Key extends 'headers' | 'customers' | 'reads' | 'windows' | 'timelines' | 'channels' | 'presence'>(
    key: Key,
  ): State[Key] extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never {
    if (!this.#copied.has(key)) {
      this.#copied.add(key);
      this.set(key, new Map(this.#before[key] as ReadonlyMap<never, never>) as unknown as State[Key]);
    }
    return this.#after[key] as never;
  }

  restart(): void {
    const { viewer } = this.#after;
    this.#after = emptyState(viewer);
    this.#copied.clear();
    for (const key of [
      'headers',
      'customers',
      'reads',
      'windows',
      'timelines',
      'channels',
      'presence',
    ] as const)
      this.#copied.add(key);
    this.moved.clear();
  }
}

/** The next state; pure. The person's own deeds come this way too. */
export function apply(state: State, inputs: readonly Input[]): State {
  const draft = new Draft(state);
  for (const input of inputs) one(draft, input);
  arrangeWindows(draft);
  return draft.now;
}

function one(draft: Draft, input: Input): void {
  switch (input.type) {
    case 'changed': {
      const { event } = input;
      setCustomer(draft, event.customer);
      setHeader(draft, event.header);
      const { customerId } = draft.now.headers.get(event.conversationId) ?? event.header;
      const timeline = draft.now.timelines.get(customerId);
      if (timeline) draft.map('timelines').set(customerId, withEvent(timeline, event));
      return;
    }
    case 'customer':
      setCustomer(draft, input.customer);
      return;
    case 'header':
      if (input.customer) setCustomer(draft, input.customer);
      if (input.readSeq !== undefined) setRead(draft, input.header.id, input.readSeq);
      setHeader(draft, input.header);
      return;
    case 'gone':
      forget(draft, input.conversationId);
      return;
    case 'bootstrap':
      draft.set('counts', input.bootstrap.counts);
      draft.set('channels', byId(input.bootstrap.channels));
      draft.set('teams', byId(input.bootstrap.teams));
      draft.set('tags', byId(input.bootstrap.tags));
      setViews(draft, input.bootstrap.views);
      return;
    case 'teams':
      draft.set('teams', byId(input.teams));
      return;
    case 'tags':
      draft.set('tags', byId(input.tags));
      return;
    case 'views':
      setViews(draft, input.views);
      return;
    case 'viewer':
      draft.set('viewer', input.viewer);
      sieve(draft, () => true);
      return;
    case 'counts':
      draft.set('counts', input.counts);
      return;
    case 'channel':
      draft.map('channels').set(input.channel.id, input.channel);
      return;
    case 'read':
      setRead(draft, input.conversationId, input.seq);
      return;
    case 'presence':
      draft.map('presence').set(input.presence.conversationId, input.presence);
      return;
    case 'page':
      setPages(draft, input);
      return;
    case 'timeline':
      setTimeline(draft, input);
      return;
    case 'changes': {
      const { changes, since } = input;
      setCustomer(draft, changes.customer);
      setHeader(draft, changes.header);
      const timeline = draft.now.timelines.get(changes.header.customerId);
      if (timeline) draft.map('timelines').set(timeline.customerId, withChanges(timeline, since, changes));
      return;
    }
    case 'closeTimeline':
      draft.map('timelines').delete(input.customerId);
      return;
    case 'reset':
      draft.restart();
      return;
  }
}

const byId = <Value extends { id: string }>(values: readonly Value[]): ReadonlyMap<string, Value> =>
  new Map(values.map((value) => [value.id, value]));

/** A view whose filter changed, or that went, has other rows: its windows are read again. */
function setViews(draft: Draft, views: readonly SavedView[]): void {
  const before = new Map(draft.now.views.map((view) => [`saved:${view.id}`, JSON.stringify(view.filter)]));
  draft.set('views', views);
  const after = new Map(views.map((view) => [`saved:${view.id}`, JSON.stringify(view.filter)]));
  sieve(draft, ({ view }) => view.startsWith('saved:') && before.get(view) !== after.get(view));
}

/** The rows of some windows by what they go by now. */
function sieve(draft: Draft, wanted: (window: ListWindow) => boolean): void {
  for (const [key, window] of draft.now.windows)
    if (wanted(window)) draft.map('windows').set(key, { ...window, ids: rowsOf(draft.now, window) });
}

/** A customer carries a version under the same rules: newer replaces, older is dropped. */
function setCustomer(draft: Draft, customer: CustomerSummary): void {
  const known = draft.now.customers.get(customer.id);
  if (known && known.version >= customer.version) return;
  draft.map('customers').set(customer.id, customer);
}

/** A header is whole: the newest wins, and a gap before it is no loss to the list. */
function setHeader(draft: Draft, header: Conversation): void {
  const known = draft.now.headers.get(header.id);
  if (known && known.version >= header.version) return;
  draft.map('headers').set(header.id, header);
  draft.moved.add(header.id);
  if (known && known.customerId !== header.customerId) leaveTimelines(draft, header.id, header.customerId);
  meet(draft, header);
}

/** A conversation that an open timeline should show and has not met: everything of it is asked for. */
function meet(draft: Draft, header: Conversation): void {
  const timeline = draft.now.timelines.get(header.customerId);
  if (!timeline || timeline.versions.has(header.id)) return;
  const versions = new Map(timeline.versions).set(header.id, 0);
  draft.map('timelines').set(header.customerId, { ...timeline, versions });
}

function leaveTimelines(draft: Draft, conversationId: string, staysWith: string | null): void {
  for (const [customerId, timeline] of draft.now.timelines) {
    if (customerId === staysWith) continue;
    const without = withoutConversation(timeline, conversationId);
    if (without !== timeline) draft.map('timelines').set(customerId, without);
  }
}

function setRead(draft: Draft, conversationId: string, seq: number): void {
  if (draft.now.reads.get(conversationId) === seq) return;
  draft.map('reads').set(conversationId, seq);
  draft.moved.add(conversationId);
}

function forget(draft: Draft, conversationId: string): void {
  if (!draft.now.headers.has(conversationId)) return;
  draft.map('headers').delete(conversationId);
  draft.moved.add(conversationId);
  leaveTimelines(draft, conversationId, null);
}

function setTimeline(draft: Draft, { page, edge, heard, settled }: TimelineRead): void {
  const { customerId } = page;
  const before = draft.now.timelines.get(customerId);
  if (!before && edge !== 'fresh') return;
  for (const header of page.headers) setHeader(draft, header);
  const held = draft.now.timelines.get(customerId) ?? emptyTimeline(customerId);
  let read = withPage(held, page, edge, { heard, settled });
  // The page may be older than the news that one of its conversations belongs to somebody else now.
  for (const id of read.versions.keys())
    if (draft.now.headers.get(id)?.customerId !== customerId) read = withoutConversation(read, id);
  draft.map('timelines').set(customerId, read);
  if (edge !== 'fresh') return;
  // What changed while the page was on its way may be on it or not.
  for (const header of draft.now.headers.values())
    if (header.customerId === customerId && heard?.get(header.id) !== header.version) meet(draft, header);
}

function setPages(draft: Draft, input: Extract<Input, { type: 'page' }>): void {
  const { scope, pages, fresh } = input;
  for (const page of pages) {
    for (const customer of page.customers) setCustomer(draft, customer);
    for (const header of page.conversations) setHeader(draft, header);
    for (const [id, seq] of Object.entries(page.reads)) setRead(draft, id, seq);
  }
  const key = windowKey(scope);
  const known = draft.now.windows.get(key);
  if (!known && !fresh) return;
  const last = pages.findLast((page) => page.conversations.length > 0)?.conversations.at(-1);
  const next = pages.at(-1)?.next ?? null;
  const floor = next === null ? null : last ? { lastAt: last.lastAt, id: last.id } : (known?.floor ?? null);
  const opened: ListWindow = { ...scope, floor, next, ids: [] };
  draft.map('windows').set(key, { ...opened, ids: rowsOf(draft.now, opened) });
}

function belongs(state: State, window: ListWindow, header: Conversation): boolean {
  if (window.floor && compareRows(header, window.floor) > 0) return false;
  if (window.channelId !== null && !header.channelIds.includes(window.channelId)) return false;
  const filter = scopeFilter(state, window);
  return filter !== null && matches(filter, header, state.viewer);
}

function rowsOf(state: State, window: ListWindow): string[] {
  return [...state.headers.values()]
    .filter((header) => belongs(state, window, header))
    .sort(compareRows)
    .map((header) => header.id);
}

/** Puts the rows that moved into their new places; untouched windows keep their identity. */
function arrangeWindows(draft: Draft): void {
  if (draft.moved.size === 0) return;
  for (const [key, window] of draft.now.windows) {
    const ids = arrangedIds(draft.now, window, draft.moved);
    if (ids !== window.ids) draft.map('windows').set(key, { ...window, ids });
  }
}

function arrangedIds(state: State, window: ListWindow, moved: ReadonlySet<string>): readonly string[] {
  const inside = new Set(window.ids);
  const arriving = [...moved]
    .map((id) => state.headers.get(id))
    .filter((header) => header !== undefined)
    .filter((header) => belongs(state, window, header));
  if (arriving.length === 0 && ![...moved].some((id) => inside.has(id))) return window.ids;
  const ids = window.ids.filter((id) => !moved.has(id));
  for (const header of arriving) ids.splice(placeFor(state, ids, header), 0, header.id);
  const same = ids.length === window.ids.length && ids.every((id, at) => id === window.ids[at]);
  return same ? window.ids : ids;
}

function placeFor(state: State, ids: readonly string[], header: Conversation): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = state.headers.get(ids[middle] ?? '');
    if (other && compareRows(other, header) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Gap {
  conversationId: string;
  since: number;
}

/** What an opened timeline still misses: to be asked for with `?sinceVersion`. */
export function gapsOf(state: State): Gap[] {
  const gaps: Gap[] = [];
  for (const timeline of state.timelines.values()) {
    for (const conversationId of timeline.versions.keys()) {
      const header = state.headers.get(conversationId);
      if (!header) continue;
      const since = missingSince(timeline, conversationId, header.version);
      if (since !== undefined) gaps.push({ conversationId, since });
    }
  }
  return gaps;
}
