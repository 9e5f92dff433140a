import type { ConversationChanges, TimelinePage } from '../../shared/conversation.ts';
import { isTombstone, type Message, type TimelineEntry } from '../../shared/message.ts';
import { comparePlaces, type Position, type Timeline } from './model.ts';

/** Where a page joins what is loaded. `fresh` replaces it. */
export type PageEdge = 'fresh' | 'before' | 'after';

const keyOf = (entry: Pick<TimelineEntry, 'conversationId' | 'id'>) => `${entry.conversationId}:${entry.id}`;
const positionOf = ({ at, providerOrder, seq, id }: Position): Position => ({ at, providerOrder, seq, id });

export function emptyTimeline(customerId: string): Timeline {
  return {
    customerId,
    versions: new Map(),
    behind: new Map(),
    entries: new Map(),
    messages: [],
    floor: null,
    ceiling: null,
    before: null,
    after: null,
  };
}

/** The version from which a conversation's messages must be asked for, or undefined when nothing is missing. */
export function missingSince(
  timeline: Timeline,
  conversationId: string,
  headerVersion: number,
): number | undefined {
  const version = timeline.versions.get(conversationId);
  if (version === undefined) return undefined;
  const behind = timeline.behind.get(conversationId);
  if (behind !== undefined) return Math.min(behind, version);
  return headerVersion > version ? version : undefined;
}

function within(timeline: Timeline, message: Position): boolean {
  if (timeline.floor && comparePlaces(message, timeline.floor) < 0) return false;
  return !(timeline.ceiling && comparePlaces(message, timeline.ceiling) > 0);
}

/**
 * Joins entries into the timeline. Within (conversation, message) the higher version wins; across conversations the
 * message shows where it was not moved away from. A join, so any order of arrival ends the same.
 */
function join(timeline: Timeline, incoming: readonly TimelineEntry[]): Timeline {
  const entries = new Map(timeline.entries);
  const touched = new Set<string>();
  for (const entry of incoming) {
    if (!isTombstone(entry) && !within(timeline, entry)) continue;
    const known = entries.get(keyOf(entry));
    if (known && known.version >= entry.version) continue;
    entries.set(keyOf(entry), entry);
    touched.add(entry.id);
  }
  if (touched.size === 0) return timeline;
  return { ...timeline, entries, messages: arrange(timeline.messages, entries, touched) };
}

/** The visible messages again after `touched` ids changed: cheap for a few, a sort for many. */
function arrange(
  before: readonly Message[],
  entries: ReadonlyMap<string, TimelineEntry>,
  touched: ReadonlySet<string>,
): readonly Message[] {
  const kept = before.filter((message) => !touched.has(message.id));
  const changed = claimsOf(entries, touched);
  if (changed.length > 20) return [...kept, ...changed].sort(comparePlaces);
  for (const message of changed) {
    let at = kept.length;
    while (at > 0 && comparePlaces(kept[at - 1] as Message, message) > 0) at -= 1;
    kept.splice(at, 0, message);
  }
  return kept;
}

/** For each touched id the one live claim; should two be live for a moment, the same one on every client. */
function claimsOf(entries: ReadonlyMap<string, TimelineEntry>, touched: ReadonlySet<string>): Message[] {
  const live = new Map<string, Message>();
  for (const entry of entries.values()) {
    if (!touched.has(entry.id) || isTombstone(entry)) continue;
    const other = live.get(entry.id);
    if (!other || other.conversationId < entry.conversationId) live.set(entry.id, entry);
  }
  return [...live.values()];
}

/** One commit's entries. A gap is left to be asked for: `versions` moves only over neighbours. */
export function withEvent(
  timeline: Timeline,
  event: { conversationId: string; version: number; messages: readonly TimelineEntry[]; reset: boolean },
): Timeline {
  const { conversationId, version } = event;
  // A conversation that was not met before: everything of it is asked for, unless this is its beginning.
  const known = timeline.versions.get(conversationId) ?? 0;
  const met = timeline.versions.has(conversationId) ? timeline : withVersion(timeline, conversationId, 0);
  if (event.reset || version !== known + 1) return met;
  return withVersion(join(met, event.messages), conversationId, version);
}

function withVersion(timeline: Timeline, conversationId: string, version: number): Timeline {
  return { ...timeline, versions: new Map(timeline.versions).set(conversationId, version) };
}

/** The answer to `?sinceVersion=since`. */
export function withChanges(timeline: Timeline, since: number, changes: ConversationChanges): Timeline {
  const { id, version } = changes.header;
  const known = timeline.versions.get(id);
  if (known === undefined || changes.reset) return timeline;
  const joined = join(timeline, changes.entries);
  const behind = new Map(joined.behind);
  const owed = behind.get(id);
  if (owed !== undefined && since <= owed) behind.delete(id);
  const reached = since <= known ? Math.max(known, version) : known;
  return { ...joined, behind, versions: new Map(joined.versions).set(id, reached) };
}

/** What was known when a page was asked for. */
export interface PageContext {
  /** Versions of conversations at that moment: of what came later, the page may hold nothing. */
  heard?: ReadonlyMap<string, number> | undefined;
  /**
   * Conversations that were too large to be told, with the version as of which a fresh page that does not meet them shows that
   * nothing of theirs lies within it.
   */
  settled?: ReadonlyMap<string, number> | undefined;
}

/** A page read by scrolling, by jumping, or afresh. */
export function withPage(
  timeline: Timeline,
  page: TimelinePage,
  edge: PageEdge,
  { heard = new Map(), settled = new Map() }: PageContext = {},
): Timeline {
  const { messages, headers } = page;
  const [first, last] = [messages[0], messages.at(-1)];
  const base = edge === 'fresh' ? emptyTimeline(page.customerId) : timeline;
  const older = edge !== 'after';
  const newer = edge !== 'before';
  const widened: Timeline = {
    ...base,
    ...(older && {
      before: page.before,
      floor: page.before === null ? null : first ? positionOf(first) : base.floor,
    }),
    ...(newer && {
      after: page.after,
      ceiling: page.after === null ? null : last ? positionOf(last) : base.ceiling,
    }),
  };
  const versions = new Map(edge === 'fresh' ? settled : widened.versions);
  if (edge === 'fresh') for (const { id } of headers) versions.delete(id);
  const behind = new Map(widened.behind);
  // What came while the page was on its way lay outside then, and within the wider ends may be missing.
  if (edge !== 'fresh')
    for (const [id, version] of timeline.versions) {
      const then = heard.get(id) ?? 0;
      if (version > then) behind.set(id, Math.min(behind.get(id) ?? then, then));
    }
  for (const header of headers) {
    const known = versions.get(header.id);
    if (known === undefined) versions.set(header.id, header.version);
    else if (header.version < known)
      behind.set(header.id, Math.min(behind.get(header.id) ?? known, header.version));
  }
  // A conversation that joined the customer between the two reads has messages here and no header: it is asked for apart.
  const known = messages.filter(({ conversationId }) => versions.has(conversationId));
  return join({ ...widened, versions, behind }, known);
}

/** A conversation that belongs to somebody else now, or is out of sight. */
export function withoutConversation(timeline: Timeline, conversationId: string): Timeline {
  if (!timeline.versions.has(conversationId)) return timeline;
  const strip = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map([...map].filter(([id]) => id !== conversationId));
  const entries = new Map(
    [...timeline.entries].filter(([, entry]) => entry.conversationId !== conversationId),
  );
  const gone = new Set(
    timeline.messages
      .filter((message) => message.conversationId === conversationId)
      .map((message) => message.id),
  );
  return {
    ...timeline,
    entries,
    versions: strip(timeline.versions),
    behind: strip(timeline.behind),
    messages: arrange(timeline.messages, entries, gone),
  };
}
