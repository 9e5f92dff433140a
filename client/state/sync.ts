import type { ChangedList } from '../../shared/events.ts';
import type { Calls } from '../api/calls.ts';
import type { Connection } from '../api/socket.ts';
import type { ListScope } from './model.ts';
import type { Store } from './store.ts';
import { ListSync } from './sync.list.ts';
import { type Loading, LoadingStates } from './sync.loading.ts';
import { PartsSync } from './sync.parts.ts';
import { type Place, StreamSync } from './sync.stream.ts';

export interface SyncOptions {
  calls: Calls;
  connection: Connection;
  store: Store;
  now?: () => number;
}

const digestEvery = 20_000;
/** A timer that was late by this much means that the machine slept. */
const slept = 10_000;

/**
 * Keeps the store equal to the server: fetches what is looked at, listens, asks for what it missed, and checks by digest
 * what a broken bus may have swallowed. Everything it learns goes through `apply`.
 */
export class Sync {
  readonly #options: SyncOptions;
  readonly #loading = new LoadingStates();
  readonly #parts: PartsSync;
  readonly #list: ListSync;
  readonly #stream: StreamSync;
  #open: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: SyncOptions) {
    this.#options = options;
    const { calls, connection, store } = options;
    const loading = this.#loading;
    this.#stream = new StreamSync({ calls, store, loading });
    this.#parts = new PartsSync({ calls, store });
    this.#list = new ListSync({
      calls,
      store,
      loading,
      fetchHeader: (id) => this.#stream.fetchHeader(id),
      readViews: () => this.#parts.read('views'),
    });
    connection.on('conversation.changed', (event) => store.dispatch({ type: 'changed', event }));
    connection.on('customer.changed', ({ customer }) => store.dispatch({ type: 'customer', customer }));
    connection.on('counts.changed', (counts) => store.dispatch({ type: 'counts', counts }));
    connection.on('channel.changed', ({ channel }) => store.dispatch({ type: 'channel', channel }));
    connection.on('read.changed', (event) => store.dispatch({ type: 'read', ...event }));
    connection.on('presence', (presence) => store.dispatch({ type: 'presence', presence }));
    connection.on('lists.changed', ({ list }) => void this.#readList(list));
    connection.on('reset', () => void this.restart());
    connection.onState((connected) => {
      if (!connected) return;
      connection.say('conversation.view', { conversationId: this.#open });
      void this.refresh();
    });
    store.subscribe(() => {
      this.#stream.fillGaps();
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

  readonly subscribe = (listener: () => void): (() => void) => this.#loading.subscribe(listener);

  /** The state of `list`, `more`, `timeline`, `older` or `newer`. */
  readonly loading = (what: string): Loading => this.#loading.of(what);

  get openConversationId(): string | null {
    return this.#open;
  }

  /** Shows a list: what is known at once, and the newest rows afresh. */
  showView(scope: ListScope): Promise<void> {
    return this.#list.show(scope);
  }

  loadMore(): Promise<void> {
    return this.#list.more();
  }

  /** Opens a conversation: its header, and its customer's stream at the newest end. */
  async open(conversationId: string | null): Promise<void> {
    this.#open = conversationId;
    this.#options.connection.say('conversation.view', { conversationId });
    if (!conversationId) return;
    await this.#loading.tell('timeline', async () => {
      if (!this.#store.get().headers.has(conversationId)) await this.fetchHeader(conversationId);
      const customerId = this.#store.get().headers.get(conversationId)?.customerId;
      if (customerId && this.#open === conversationId) await this.#stream.show(customerId);
    });
  }

  /** A header that may not have been met yet, so that its conversation can be shown without a gap. */
  async meet(conversationId: string): Promise<void> {
    if (!this.#store.get().headers.has(conversationId))
      await this.fetchHeader(conversationId).catch(() => undefined);
  }

  /** The header again; a conversation that is gone or out of sight leaves the lists. */
  fetchHeader(conversationId: string): Promise<void> {
    return this.#stream.fetchHeader(conversationId);
  }

  loadOlder(): Promise<void> {
    return this.#stream.older();
  }

  loadNewer(): Promise<void> {
    return this.#stream.newer();
  }

  /** Loads the part of the stream around a message, or around the beginning of a conversation; false: it could not. */
  loadAround(place: Place): Promise<boolean> {
    return this.#stream.around(place);
  }

  loadLatest(): Promise<void> {
    return this.#stream.latest();
  }

  /** What one conversation's open timeline misses, now: after a deed of our own, without waiting for its event. */
  async catchUp(conversationId: string): Promise<void> {
    const since = this.#stream.timeline?.versions.get(conversationId);
    if (since !== undefined) await this.#stream.fill({ conversationId, since });
    else if (this.#open === conversationId) await this.fetchHeader(conversationId);
  }

  /** After a reconnection, a wake-up, or when the person asks: what is looked at is fetched afresh. */
  async refresh(): Promise<void> {
    await Promise.allSettled([this.#parts.read('bootstrap'), this.#list.refresh(), this.#checkOpen(true)]);
  }

  /** Permissions changed: everything hot is dropped and fetched again. Drafts and outbox are kept elsewhere. */
  async restart(): Promise<void> {
    this.#store.apply({ type: 'reset' });
    this.#list.forget();
    this.#stream.forget();
    await this.refresh();
  }

  /** One regular check: the visible window and the open timeline against the server's digest, and what could not be read. */
  async check(): Promise<void> {
    await Promise.allSettled([this.#parts.readOwed(), this.#list.check(), this.#checkOpen(false)]);
  }

  async #checkOpen(all: boolean): Promise<void> {
    if (!this.#open) return;
    await (this.#isShown() ? this.#stream.check(this.#open, all) : this.open(this.#open));
  }

  /** A list of everybody's changed. What is no part of the store is read by whoever shows it. */
  async #readList(list: ChangedList): Promise<void> {
    if (list !== 'teams' && list !== 'tags' && list !== 'views') return;
    await this.#parts.read(list);
    if (list === 'views' && this.#list.visible?.view.startsWith('saved:'))
      await this.#list.refresh().catch(() => undefined);
  }

  /** Whether the stream on screen is that of the open conversation's customer. */
  #isShown(): boolean {
    const header = this.#open ? this.#store.get().headers.get(this.#open) : undefined;
    const { shown, timeline } = this.#stream;
    return header !== undefined && header.customerId === shown && timeline !== undefined;
  }

  /** A link or its undo gave the open conversation to another customer: the stream on screen becomes theirs. */
  #follow(): void {
    const header = this.#open ? this.#store.get().headers.get(this.#open) : undefined;
    const { shown } = this.#stream;
    if (!header || !shown || header.customerId === shown) return;
    if (this.loading('timeline').state !== 'loading') void this.open(header.id);
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
