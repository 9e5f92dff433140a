import type {
  Conversation,
  ConversationChanges,
  ConversationPage,
  TimelineDigest,
  TimelinePage,
  ViewDigest,
} from '../shared/conversation.ts';
import type { CustomerSummary } from '../shared/customer.ts';
import { AppError } from '../shared/errors.ts';
import type { ConversationChanged } from '../shared/events.ts';
import { compareMessages, type Message, type TimelineEntry, type Tombstone } from '../shared/message.ts';
import {
  filterOf,
  type Looker,
  matches,
  type SavedView,
  type ViewFilter,
  type ViewKey,
} from '../shared/view.ts';

export type Sortable = Partial<
  Pick<Conversation, 'assigneeId' | 'teamId' | 'priority' | 'tagIds' | 'mentionedIds'>
>;

/**
 * The server's promises in memory: a commit raises one conversation's version by one and is announced by one event. No
 * network and no time of its own; the client's sync engine is measured against it.
 */
export class ModelServer {
  readonly conversations = new Map<string, Conversation>();
  readonly customers = new Map<string, CustomerSummary>();
  /** By `conversationId:messageId`, as the claims of a timeline. */
  readonly entries = new Map<string, TimelineEntry>();
  /** Who asks, and the views they have saved. */
  readonly looker: Looker = { id: 'me', teamIds: ['ours'] };
  views: SavedView[] = [];
  readonly pageSize: number;
  readonly resetOver: number;
  #clock = 0;
  #ids = 0;
  #announce: (event: ConversationChanged) => void = () => undefined;

  constructor({ pageSize = 4, resetOver = 6 } = {}) {
    this.pageSize = pageSize;
    this.resetOver = resetOver;
    this.save({ status: ['open'] });
  }

  announceTo(announce: (event: ConversationChanged) => void): void {
    this.#announce = announce;
  }

  /** ISO time, later with every call. */
  #now(): string {
    this.#clock += 1000;
    return new Date(Date.UTC(2026, 0, 1) + this.#clock).toISOString();
  }

  addCustomer(): string {
    const id = `customer-${++this.#ids}`;
    this.customers.set(id, { id, name: id, version: 1, mergedInto: null });
    return id;
  }

  begin(customerId: string): string {
    const id = `conversation-${++this.#ids}`;
    const at = this.#now();
    this.conversations.set(id, {
      id,
      customerId,
      status: 'open',
      successorId: null,
      assigneeId: null,
      teamId: null,
      priority: 'normal',
      tagIds: [],
      mentionedIds: [],
      splitFromId: null,
      version: 0,
      seq: 0,
      channelIds: ['line'],
      waitingSince: at,
      snoozedUntil: null,
      createdAt: at,
      lastAt: at,
      lastInboundSeq: 0,
      replyTarget: null,
      preview: null,
      undelivered: 0,
    });
    this.receive(id, 0);
    return id;
  }

  /** A message of the customer; `late` seconds older than now. */
  receive(conversationId: string, late: number): void {
    const header = this.#header(conversationId);
    const now = this.#now();
    const at = new Date(Date.parse(now) - late * 1000).toISOString();
    const message = this.#message(header, `message-${++this.#ids}`, at);
    this.#commit(
      header,
      { seq: header.seq + 1, lastInboundSeq: header.seq + 1, lastAt: now, status: 'open' },
      [{ ...message, seq: header.seq + 1, late: late > 60 }],
    );
  }

  edit(conversationId: string, nth: number): void {
    const header = this.#header(conversationId);
    const message = this.#nth(conversationId, nth);
    if (message)
      this.#commit(header, {}, [{ ...message, text: `${message.text} again`, editedAt: this.#now() }]);
  }

  redact(conversationId: string, nth: number): void {
    const header = this.#header(conversationId);
    const message = this.#nth(conversationId, nth);
    if (message) this.#commit(header, {}, [{ ...message, text: '', deletedAt: this.#now() }]);
  }

  /** The one saved view means this from now on. */
  save(filter: ViewFilter): void {
    const at = this.#now();
    const one = {
      id: 'one',
      name: 'One',
      filter,
      ownerId: 'me',
      sharedWith: 'nobody',
      createdAt: at,
    } as const;
    this.views = [one];
  }

  setStatus(conversationId: string, status: 'open' | 'resolved' | 'snoozed' | 'spam'): void {
    const header = this.#header(conversationId);
    const at = this.#now();
    this.#commit(header, { status, seq: header.seq + 1, lastAt: at }, [
      { ...this.#message(header, `event-${++this.#ids}`, at), kind: 'event', seq: header.seq + 1 },
    ]);
  }

  /** What lists sort by and nobody writes a line for. */
  change(conversationId: string, change: Sortable): void {
    this.#commit(this.#header(conversationId), change, []);
  }

  /** Moves a message to another conversation, as a split does: two commits, two events. */
  move(fromId: string, toId: string, nth: number): void {
    const message = this.#nth(fromId, nth);
    if (!message || fromId === toId) return;
    const [from, to] = [this.#header(fromId), this.#header(toId)];
    const tombstone: Tombstone = { id: message.id, conversationId: fromId, version: 0, movedTo: toId };
    this.#commit(from, {}, [tombstone]);
    // No conversation is older, in lists, than its newest message.
    const lastAt = [to.lastAt, message.at].sort()[1];
    this.#commit(to, { lastAt }, [{ ...message, conversationId: toId }]);
  }

  /** Gives a conversation to another customer, as a link does. */
  give(conversationId: string, customerId: string): void {
    this.#commit(this.#header(conversationId), { customerId }, []);
  }

  /** A merge is taken back: a conversation is another customer's again, and what was said since and is theirs comes into it. */
  part(conversationId: string, fromId: string, nth: number, customerId: string): void {
    const message = this.#nth(fromId, nth);
    const [from, to] = [this.#header(fromId), this.#header(conversationId)];
    if (!message || fromId === conversationId) {
      this.give(conversationId, customerId);
      return;
    }
    const lastAt = [to.lastAt, message.at].sort()[1];
    this.#commit(from, {}, [{ id: message.id, conversationId: fromId, version: 0, movedTo: conversationId }]);
    this.#commit(to, { customerId, lastAt, status: 'open' }, [{ ...message, conversationId }]);
  }

  #commit(header: Conversation, change: Partial<Conversation>, entries: TimelineEntry[]): void {
    const version = header.version + 1;
    const next = { ...header, ...change, version };
    this.conversations.set(header.id, next);
    const messages = entries.map((entry) => ({ ...entry, conversationId: header.id, version }));
    for (const entry of messages) this.entries.set(`${header.id}:${entry.id}`, entry);
    this.#announce({
      conversationId: header.id,
      version,
      header: next,
      customer: this.customers.get(next.customerId) as CustomerSummary,
      messages: messages.length > this.resetOver ? [] : messages,
      reset: messages.length > this.resetOver,
    });
  }

  #header(id: string): Conversation {
    const header = this.conversations.get(id);
    if (!header) throw new AppError({ code: 'notFound', message: `No conversation ${id}.` });
    return header;
  }

  #nth(conversationId: string, nth: number): Message | undefined {
    const messages = this.#messagesOf((entry) => entry.conversationId === conversationId);
    return messages[nth % Math.max(1, messages.length)];
  }

  #messagesOf(wanted: (message: Message) => boolean): Message[] {
    return [...this.entries.values()]
      .filter((entry): entry is Message => !('movedTo' in entry))
      .filter(wanted)
      .sort((a, b) => compareMessages(a, b) || (a.id < b.id ? -1 : 1));
  }

  #message(header: Conversation, id: string, at: string): Message {
    return {
      id,
      conversationId: header.id,
      kind: 'message',
      direction: 'in',
      seq: 0,
      version: 0,
      at,
      providerOrder: '',
      late: false,
      channelId: 'line',
      identityId: null,
      threadKey: null,
      inReplyTo: null,
      visibility: 'private',
      postId: null,
      url: null,
      sentiment: null,
      call: null,
      template: null,
      authorId: null,
      letter: null,
      hasWhole: false,
      relatedId: null,
      alsoChannelIds: [],
      automatic: false,
      mentions: [],
      sentElsewhere: false,
      text: id,
      editedAt: null,
      deletedAt: null,
      groupKey: null,
      attachments: [],
      reactions: [],
      delivery: null,
      event: null,
      imported: false,
    };
  }

  /** Every message of a customer, oldest first: the truth that a timeline is compared with. */
  stream(customerId: string): Message[] {
    return this.#messagesOf((message) => this.#header(message.conversationId).customerId === customerId);
  }

  rows(view: ViewKey): Conversation[] {
    const filter = filterOf(view, this.views);
    return [...this.conversations.values()]
      .filter((header) => filter !== null && matches(filter, header, this.looker))
      .sort((a, b) => (a.lastAt === b.lastAt ? (a.id > b.id ? -1 : 1) : a.lastAt > b.lastAt ? -1 : 1));
  }

  page(view: ViewKey, after: string | null): ConversationPage {
    const rows = this.rows(view);
    const from = after ? rows.findIndex(({ lastAt, id }) => `${lastAt} ${id}` < after) : 0;
    const conversations = from < 0 ? [] : rows.slice(from, from + this.pageSize);
    const last = conversations.at(-1);
    const more = last && rows.at(-1)?.id !== last.id;
    return {
      view,
      conversations,
      customers: conversations.map(({ customerId }) => this.customers.get(customerId) as CustomerSummary),
      reads: {},
      drafts: [],
      next: more ? `${last.lastAt} ${last.id}` : null,
    };
  }

  viewDigest(view: ViewKey, limit: number): ViewDigest {
    const rows = this.rows(view);
    return {
      view,
      count: rows.length,
      newestAt: rows[0]?.lastAt ?? null,
      versions: rows.slice(0, limit).map(({ id, version }) => [id, version]),
    };
  }

  header(id: string) {
    const header = this.#header(id);
    return { header, customer: this.customers.get(header.customerId) as CustomerSummary, readSeq: 0 };
  }

  changes(id: string, since: number): ConversationChanges {
    const header = this.#header(id);
    const entries = [...this.entries.values()].filter(
      (entry) => entry.conversationId === id && entry.version > since,
    );
    const reset = entries.length > this.resetOver;
    return {
      header,
      customer: this.customers.get(header.customerId) as CustomerSummary,
      entries: reset ? [] : entries,
      reset,
    };
  }

  timelineDigest(id: string, fromSeq: number): TimelineDigest {
    const { version } = this.#header(id);
    const messages = this.#messagesOf((message) => message.conversationId === id && message.seq >= fromSeq);
    return {
      conversationId: id,
      version,
      versions: messages.map((message) => [message.id, message.version]),
    };
  }

  /** The headers of a customer's conversations: read before the messages of a page, as the server does. */
  headersOf(customerId: string): Conversation[] {
    return [...this.conversations.values()].filter((header) => header.customerId === customerId);
  }

  timelinePage(
    customerId: string,
    headers: readonly Conversation[],
    { before, after, around }: { before?: string; after?: string; around?: string },
  ): TimelinePage {
    const ids = new Set(headers.map(({ id }) => id));
    const all = this.#messagesOf((message) => ids.has(message.conversationId));
    const key = (message: Message) =>
      `${message.at} ${message.providerOrder} ${String(message.seq).padStart(6, '0')} ${message.id}`;
    let [from, to] = [Math.max(0, all.length - this.pageSize), all.length];
    if (before !== undefined) {
      to = all.filter((message) => key(message) < before).length;
      from = Math.max(0, to - this.pageSize);
    } else if (after !== undefined) {
      from = all.filter((message) => key(message) <= after).length;
      to = Math.min(all.length, from + this.pageSize);
    } else if (around !== undefined) {
      const middle = all.findIndex((message) => message.id === around);
      from = Math.max(0, middle - 2);
      to = Math.min(all.length, from + this.pageSize);
    }
    const messages = all.slice(from, to);
    const met = new Set(messages.map((message) => message.conversationId));
    const [first, last] = [messages[0], messages.at(-1)];
    return {
      customerId,
      headers: headers.filter(({ id }) => met.has(id)),
      messages,
      before: from > 0 && first ? key(first) : null,
      after: to < all.length && last ? key(last) : null,
    };
  }
}
