import type { View } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Calls } from '../api/calls.ts';
import type { Connection } from '../api/socket.ts';
import { type Gap, gapsOf } from './apply.ts';
import { type ListWindow, type Timeline, windowKey } from './model.ts';
import type { Store } from './store.ts';
import { checkTimeline, checkWindow } from './sync.digest.ts';
import type { PageEdge } from './timeline.ts';

export interface SyncOptions {
  calls: Calls;
  connection: Connection;
  store: Store;
  now?: () => number;
}

/** How a list, a timeline or the end of one is doing. */
export type Loading = { state: 'idle' } | { state: 'loading' } | { state: 'failed'; error: unknown };
const idle: Loading = { state: 'idle' };

/** Where to look in a customer's stream: a message, or where a conversation begins. */
export interface Place {
  kind: 'message' | 'conversation';
  id: string;
}

/** The first words of a conversation, not a late line of it; from the history's beginning everything is there. */
function isLoaded({ messages, before }: Timeline, { kind, id }: Place): boolean {
  if (kind === 'message') return messages.some((message) => message.id === id);
  return messages.some((message) => message.conversationId === id && (before === null || message.seq === 1));
}

const pageSize = 50;
const digestEvery = 20_000;
/** A timer that was late by this much means that the machine slept. */
const slept = 10_000;

/**
 * Keeps the store equal to the server: fetches what is looked at, listens, asks for what it missed, and checks by digest
 * what a broken bus may have swallowed. Everything it learns goes through `apply`.
 */
export class Sync {
  readonly #options: SyncOptions;
  readonly #loading = new Map<string, Loading>();
  readonly #filling = new Map<string, Promise<void>>();
  readonly #generations = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #visible: { view: View; channelId: string | null } | null = null;
  #open: string | null = null;
  #shown: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #rotation = 0;

  constructor(options: SyncOptions) {
    this.#options = options;
    const { connection, store } = options;
    connection.on('conversation.changed', (event) => store.dispatch({ type: 'changed', event }));
    connection.on('customer.changed', ({ customer }) => store.dispatch({ type: 'customer', customer }));
    connection.on('counts.changed', (counts) => store.dispatch({ type: 'counts', counts }));
    connection.on('channel.changed', ({ channel }) => store.dispatch({ type: 'channel', channel }));
    connection.on('read.changed', (event) => store.dispatch({ type: 'read', ...event }));
    connection.on('presence', (presence) => store.dispatch({ type: 'presence', presence }));
    connection.on('reset', () => void this.restart());
    connection.onState((connected) => {
      if (!connected) return;
      connection.say('conversation.view', { conversationId: this.#open });
      void this.refresh();
    });
    store.subscribe(() => {
      this.#fillGaps();
      this.#follow();
    });
  }

  get #store() {
    return this.#options.store;
  }

  /** Begins the regular checks; `stop` ends them. */
  start(): void {
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The state of `list`, `more`, `timeline`, `older` or `newer`. */
  readonly loading = (what: string): Loading => this.#loading.get(what) ?? idle;

  get openConversationId(): string | null {
    return this.#open;
  }

  /** Shows a view: what is known at once, and the newest rows afresh. */
  async showView(view: View, channelId: string | null): Promise<void> {
    this.#visible = { view, channelId };
    await this.#tell('list', () => this.#refreshWindow({ view, channelId }, 'first'));
  }

  async loadMore(): Promise<void> {
    const visible = this.#visible;
    const window = visible && this.#window(visible);
    if (!visible || !window?.next || this.loading('more').state === 'loading') return;
    await this.#tell('more', async () => {
      const page = await this.#options.calls.conversations({
        ...visible,
        after: window.next,
        limit: pageSize,
      });
      if (this.#window(visible)?.next !== window.next) return;
      this.#store.apply({ type: 'page', ...visible, pages: [page], fresh: false });
    });
  }

  /** Opens a conversation: its header, and its customer's stream at the newest end. */
  async open(conversationId: string | null): Promise<void> {
    this.#open = conversationId;
    this.#options.connection.say('conversation.view', { conversationId });
    if (!conversationId) return;
    await this.#tell('timeline', async () => {
      if (!this.#store.get().headers.has(conversationId)) await this.fetchHeader(conversationId);
      const customerId = this.#store.get().headers.get(conversationId)?.customerId;
      if (!customerId || this.#open !== conversationId) return;
      const before = this.#shown;
      this.#shown = customerId;
      if (before && before !== customerId) this.#store.apply({ type: 'closeTimeline', customerId: before });
      if (!this.#store.get().timelines.has(customerId)) await this.#freshTimeline(customerId);
    });
  }

  /** A header that may not have been met yet, so that its conversation can be shown without a gap. */
  async meet(conversationId: string): Promise<void> {
    if (!this.#store.get().headers.has(conversationId))
      await this.fetchHeader(conversationId).catch(() => undefined);
  }

  /** The header again; a conversation that is gone or out of sight leaves the lists. */
  async fetchHeader(conversationId: string): Promise<void> {
    try {
      const { header, customer, readSeq } = await this.#options.calls.conversation(conversationId);
      this.#store.apply({ type: 'header', header, customer, readSeq });
    } catch (error) {
      if (error instanceof AppError && (error.code === 'notFound' || error.code === 'forbidden'))
        this.#store.apply({ type: 'gone', conversationId });
      throw error;
    }
  }

  async loadOlder(): Promise<void> {
    const timeline = this.#timeline();
    if (timeline?.before) await this.#edge('older', { before: timeline.before }, 'before');
  }

  async loadNewer(): Promise<void> {
    const timeline = this.#timeline();
    if (timeline?.after) await this.#edge('newer', { after: timeline.after }, 'after');
  }

  /** Loads the part of the stream around a message, or around the beginning of a conversation; false: it could not. */
  async loadAround(place: Place): Promise<boolean> {
    const customerId = this.#shown;
    const timeline = this.#timeline();
    if (!customerId || !timeline) return false;
    if (isLoaded(timeline, place)) return true;
    await this.#tell('timeline', () => this.#freshTimeline(customerId, { around: place.id }));
    return this.loading('timeline').state === 'idle';
  }

  async loadLatest(): Promise<void> {
    const customerId = this.#shown;
    if (!customerId || !this.#timeline()?.after) return;
    await this.#tell('timeline', () => this.#freshTimeline(customerId));
  }

  /** What one conversation's open timeline misses, now: after a deed of our own, without waiting for its event. */
  async catchUp(conversationId: string): Promise<void> {
    const timeline = this.#timeline();
    const since = timeline?.versions.get(conversationId);
    if (since !== undefined) await this.#fill({ conversationId, since });
    else if (this.#open === conversationId) await this.fetchHeader(conversationId);
  }

  /** After a reconnection, a wake-up, or when the person asks: what is looked at is fetched afresh. */
  async refresh(): Promise<void> {
    const work: Promise<unknown>[] = [this.#bootstrap()];
    if (this.#visible) {
      const visible = this.#visible;
      work.push(this.#tell('list', () => this.#refreshWindow(visible, 'all')));
    }
    if (this.#open) work.push(this.#isShown() ? this.checkOpen(true) : this.open(this.#open));
    await Promise.allSettled(work);
  }

  /** Permissions changed: everything hot is dropped and fetched again. Drafts and outbox are kept elsewhere. */
  async restart(): Promise<void> {
    this.#store.apply({ type: 'reset' });
    this.#generations.clear();
    this.#shown = null;
    await this.refresh();
  }

  /** One regular check: the visible window and the open timeline against the server's digest. */
  async check(): Promise<void> {
    const work: Promise<unknown>[] = [];
    if (this.#visible) {
      const visible = this.#visible;
      const window = this.#window(visible);
      if (!window) work.push(this.#tell('list', () => this.#refreshWindow(visible, 'first')));
      else
        work.push(
          checkWindow(this.#options, window).then((differs) =>
            differs ? this.#refreshWindow(visible, 'all') : undefined,
          ),
        );
    }
    if (this.#open) work.push(this.#isShown() ? this.checkOpen(false) : this.open(this.#open));
    await Promise.allSettled(work);
  }

  /** The open timeline against the server; the other conversations of the stream in turn, or all of them. */
  async checkOpen(all: boolean): Promise<void> {
    const timeline = this.#timeline();
    const customerId = this.#shown;
    if (!timeline || !customerId) return;
    const met = [...timeline.versions.keys()];
    const open = met.filter((id) => id === this.#open);
    const others = met.filter((id) => id !== this.#open);
    // One more turn than conversations: whether the customer has any that nobody told us of.
    const turn = this.#rotation++ % (others.length + 1);
    for (const [at, id] of others.entries())
      if (all || at === turn) await this.#fill({ conversationId: id, since: timeline.versions.get(id) ?? 0 });
    if (all || turn === others.length) await this.#meetAll(customerId);
    if (this.#open && open.length === 0) await this.fetchHeader(this.#open);
    for (const id of open)
      if (!(await checkTimeline(this.#options, timeline.customerId, id, (gap) => this.#fill(gap))))
        await this.#freshTimeline(customerId);
  }

  /** Conversations of the customer that should be on screen and were never heard of. */
  async #meetAll(customerId: string): Promise<void> {
    const { conversations } = await this.#options.calls.customer(customerId);
    const { headers } = this.#store.get();
    for (const { id, lastAt, status } of conversations) {
      const known = headers.get(id);
      const same = known?.customerId === customerId && known.lastAt === lastAt && known.status === status;
      if (!same) await this.fetchHeader(id);
    }
  }

  async #bootstrap(): Promise<void> {
    this.#store.apply({ type: 'bootstrap', bootstrap: await this.#options.calls.bootstrap() });
  }

  #window({ view, channelId }: { view: View; channelId: string | null }): ListWindow | undefined {
    return this.#store.get().windows.get(windowKey(view, channelId));
  }

  #timeline() {
    return this.#shown ? this.#store.get().timelines.get(this.#shown) : undefined;
  }

  /** The rows of a window again, as deep as it was read, and a second look at rows that the server no longer lists. */
  async #refreshWindow(
    visible: { view: View; channelId: string | null },
    depth: 'first' | 'all',
  ): Promise<void> {
    const key = windowKey(visible.view, visible.channelId);
    const generation = (this.#generations.get(key) ?? 0) + 1;
    this.#generations.set(key, generation);
    const wanted = depth === 'all' ? (this.#window(visible)?.ids.length ?? 0) : 0;
    const pages = [];
    let after: string | null = null;
    let count = 0;
    do {
      const page = await this.#options.calls.conversations({ ...visible, after, limit: pageSize });
      pages.push(page);
      count += page.conversations.length;
      after = page.next;
    } while (after !== null && count < wanted);
    if (this.#generations.get(key) !== generation) return;
    this.#store.apply({ type: 'page', ...visible, pages, fresh: true });
    const listed = new Set(pages.flatMap((page) => page.conversations.map(({ id }) => id)));
    const doubtful = (this.#window(visible)?.ids ?? []).filter((id) => !listed.has(id));
    await Promise.allSettled(doubtful.map((id) => this.fetchHeader(id)));
  }

  async #freshTimeline(
    customerId: string,
    edge: { around?: string } = {},
    settled: ReadonlyMap<string, number> = new Map(),
  ): Promise<void> {
    const generation = (this.#generations.get(customerId) ?? 0) + 1;
    this.#generations.set(customerId, generation);
    const heard = new Map<string, number>();
    for (const { id, customerId: owner, version } of this.#store.get().headers.values())
      if (owner === customerId) heard.set(id, version);
    const page = await this.#options.calls.timeline(customerId, edge, pageSize);
    if (this.#generations.get(customerId) !== generation || this.#shown !== customerId) return;
    this.#shown = page.customerId;
    this.#store.apply({ type: 'timeline', page, edge: 'fresh', heard, settled });
  }

  async #edge(
    what: 'older' | 'newer',
    edge: { before: string } | { after: string },
    joins: PageEdge,
  ): Promise<void> {
    const customerId = this.#shown;
    if (!customerId || this.loading(what).state === 'loading') return;
    await this.#tell(what, async () => {
      const page = await this.#options.calls.timeline(customerId, edge, pageSize);
      // It joins where it was asked for, or not at all.
      const end =
        'before' in edge ? this.#timeline()?.before === edge.before : this.#timeline()?.after === edge.after;
      if (!end || this.#shown !== customerId) return;
      this.#store.apply({ type: 'timeline', page, edge: joins });
    });
  }

  /** Whether the stream on screen is that of the open conversation's customer. */
  #isShown(): boolean {
    const header = this.#open ? this.#store.get().headers.get(this.#open) : undefined;
    return header !== undefined && header.customerId === this.#shown && this.#timeline() !== undefined;
  }

  /** A link or its undo gave the open conversation to another customer: the stream on screen becomes theirs. */
  #follow(): void {
    const header = this.#open ? this.#store.get().headers.get(this.#open) : undefined;
    if (!header || !this.#shown || header.customerId === this.#shown) return;
    if (this.loading('timeline').state !== 'loading') void this.open(header.id);
  }

  #fillGaps(): void {
    for (const gap of gapsOf(this.#store.get())) void this.#fill(gap).catch(() => undefined);
  }

  /** Asks for what changed since a version; one question at a time for a conversation. */
  #fill(gap: Gap): Promise<void> {
    const running = this.#filling.get(gap.conversationId);
    if (running) return running;
    const work = this.#ask(gap).finally(() => {
      this.#filling.delete(gap.conversationId);
    });
    this.#filling.set(gap.conversationId, work);
    // What arrived meanwhile may have left another gap; a failure waits for the next check instead.
    void work.then(
      () => this.#fillGaps(),
      () => undefined,
    );
    return work;
  }

  async #ask({ conversationId, since }: Gap): Promise<void> {
    const changes = await this.#options.calls.changes(conversationId, since).catch((error: unknown) => {
      if (error instanceof AppError && (error.code === 'notFound' || error.code === 'forbidden')) {
        this.#store.apply({ type: 'gone', conversationId });
        return null;
      }
      throw error;
    });
    if (!changes) return;
    this.#store.apply({ type: 'changes', since, changes });
    if (!changes.reset || this.#shown !== changes.header.customerId) return;
    // Too much to be told: the newest part is read afresh, and says of this conversation what lies within it.
    const settled = new Map([[conversationId, changes.header.version]]);
    await this.#freshTimeline(changes.header.customerId, {}, settled);
  }

  async #tell(what: string, work: () => Promise<void>): Promise<void> {
    this.#say(what, { state: 'loading' });
    try {
      await work();
      this.#say(what, idle);
    } catch (error) {
      this.#say(what, { state: 'failed', error });
    }
  }

  #say(what: string, loading: Loading): void {
    this.#loading.set(what, loading);
    for (const listener of this.#listeners) listener();
  }

  #schedule(): void {
    const now = this.#options.now ?? Date.now;
    const due = now() + digestEvery;
    this.#timer = setTimeout(async () => {
      const late = now() - due > slept;
      await (late ? this.refresh() : this.check());
      if (!this.#stopped) this.#schedule();
    }, digestEvery);
  }
}
