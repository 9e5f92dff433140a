import type { Attachment, Message } from '../../../shared/message.ts';
import type { OutboxItem } from '../../state/outbox.ts';
import type { Place } from '../../state/sync.stream.ts';

/** What the timeline draws, one under another. */
export type TimelineItem =
  | { kind: 'beginning'; key: string }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'conversation'; key: string; conversationId: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'events'; key: string; events: Message[] }
  /** `postId`: the post that a run of public messages begins under here. */
  | {
      kind: 'message';
      key: string;
      messages: Message[];
      first: boolean;
      last: boolean;
      postId: string | null;
    }
  | { kind: 'outbox'; key: string; item: OutboxItem; first: boolean };

export interface ItemOptions {
  messages: readonly Message[];
  outbox: readonly OutboxItem[];
  /** The day of a moment, in the person's time zone. */
  dayKey: (at: string) => string;
  /** The beginning of the history is loaded. */
  complete: boolean;
  /** The first message that was new when the conversation was opened. */
  newFrom: string | null;
}

/** Messages of one sender within this time stand together, in ms. */
const together = 3 * 60_000;

const senderOf = (message: Message) =>
  message.kind === 'note'
    ? `note ${message.authorId}`
    : `${message.direction} ${message.authorId} ${message.identityId} ${message.channelId} ${message.postId}`;

function standTogether(a: Message, b: Message): boolean {
  if (a.kind === 'call' || b.kind === 'call' || a.visibility !== b.visibility) return false;
  return senderOf(a) === senderOf(b) && Math.abs(Date.parse(b.at) - Date.parse(a.at)) < together;
}

/** Messages into what is drawn: days, lines between conversations, groups of events, albums, runs of one sender. */
export function timelineItems(options: ItemOptions): TimelineItem[] {
  const { messages, outbox, dayKey, complete, newFrom } = options;
  const items: TimelineItem[] = [];
  if (complete) items.push({ kind: 'beginning', key: 'beginning' });
  let day = '';
  let conversationId = '';
  let before: Message | undefined;
  /** What the messages above hang on; notes and events between them do not count. */
  let post: string | null = null;
  // Above the first message of a window there may be more of its day and conversation. The list holds its place by what stands at the
  // top: that must still be there when more is put in above it.
  for (const message of messages) {
    let broken = false;
    const today = dayKey(message.at);
    if (today !== day) {
      if (complete || day) items.push({ kind: 'day', key: `day ${today}`, at: message.at });
      day = today;
      broken = true;
    }
    if (message.conversationId !== conversationId) {
      post = null;
      // Two conversations may run side by side for a moment: each change of hands is a line of its own.
      if (complete || conversationId)
        items.push({
          kind: 'conversation',
          key: `line ${message.id}`,
          conversationId: message.conversationId,
          at: message.at,
        });
      conversationId = message.conversationId;
      broken = true;
    }
    if (message.id === newFrom) {
      items.push({ kind: 'new', key: 'new' });
      broken = true;
    }
    const last = items.at(-1);
    if (message.kind === 'event') {
      if (last?.kind === 'events' && !broken) last.events.push(message);
      else items.push({ kind: 'events', key: message.id, events: [message] });
      before = undefined;
      continue;
    }
    if (last?.kind === 'message' && !broken && inAlbum(last.messages, message)) {
      last.messages.push(message);
      continue;
    }
    const follows = before !== undefined && !broken && standTogether(before, message);
    if (follows && last?.kind === 'message') last.last = false;
    const postId = message.kind === 'message' && message.postId !== post ? message.postId : null;
    if (message.kind !== 'note') post = message.postId;
    items.push({
      kind: 'message',
      key: message.id,
      messages: [message],
      first: !follows,
      last: true,
      postId,
    });
    before = message;
  }
  for (const [at, item] of outbox.entries())
    items.push({ kind: 'outbox', key: item.id, item, first: at === 0 });
  return items;
}

function inAlbum(album: readonly Message[], message: Message): boolean {
  const [first] = album;
  return (
    first !== undefined &&
    message.groupKey !== null &&
    first.groupKey === message.groupKey &&
    first.direction === message.direction
  );
}

/** About how tall an item will be, in px: close enough that the scroll bar does not jump. */
export function estimatedHeight(item: TimelineItem | undefined): number {
  switch (item?.kind) {
    case undefined:
      return 60;
    case 'day':
    case 'new':
      return 44;
    case 'beginning':
    case 'conversation':
      return 48;
    case 'events':
      return 32;
    case 'outbox':
      return (
        textHeight(item.item.create.text || (item.item.shown ?? '')) + mediaHeight(item.item.attachments)
      );
    case 'message':
      return item.messages.reduce(
        (sum, { text, attachments }) => sum + textHeight(text) + mediaHeight(attachments),
        (item.first ? 14 : 6) + (item.postId ? 120 : 0),
      );
  }
}

const textHeight = (text: string) => 44 + Math.ceil(text.length / 55) * 21;
const mediaHeight = (attachments: readonly Attachment[]) =>
  attachments.reduce((sum, { type }) => sum + (type.startsWith('image/') ? 200 : 56), 0);

/** Whether an item is what was looked for; of a conversation, the line over its beginning. */
export function isAt(item: TimelineItem, place: Place): boolean {
  switch (item.kind) {
    case 'conversation':
      return place.kind === 'conversation' && item.conversationId === place.id;
    case 'message':
      return item.messages.some(({ id }) => id === place.id);
    case 'events':
      return item.events.some(({ id }) => id === place.id);
    case 'outbox':
      return item.key === place.id;
    default:
      return false;
  }
}

export function isLine(item: TimelineItem | undefined): boolean {
  return item !== undefined && ['beginning', 'day', 'conversation', 'new'].includes(item.kind);
}

export function dayAbove(items: readonly TimelineItem[], from: number): string | null {
  for (let at = from; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.kind === 'day') return item.at;
  }
  return null;
}
