import { AppError } from '../../shared/errors.ts';
import { type Gap, gapsOf } from './apply.ts';
import type { Timeline } from './model.ts';
import { checkTimeline } from './sync.digest.ts';
import { pageSize } from './sync.list.ts';
import { type LoadingStates, Turns } from './sync.loading.ts';
import type { SyncOptions } from './sync.ts';
import type { PageEdge } from './timeline.ts';

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

/** Out of sight or no more: what a refused question about a conversation means. */
const isGone = (error: unknown) =>
  error instanceof AppError && (error.code === 'notFound' || error.code === 'forbidden');

export interface StreamSyncOptions extends Pick<SyncOptions, 'calls' | 'store'> {
  loading: LoadingStates;
}

/** Keeps the one customer's stream that is open as the server has it. */
export class StreamSync {
  readonly #options: StreamSyncOptions;
  readonly #filling = new Map<string, Promise<void>>();
  readonly #turns = new Turns();
  #shown: string | null = null;
  #rotation = 0;

  constructor(options: StreamSyncOptions) {
    this.#options = options;
  }

  get #store() {
    return this.#options.store;
  }

  /** The customer whose stream is on screen. */
  get shown(): string | null {
    return this.#shown;
  }

  get timeline(): Timeline | undefined {
    return this.#shown ? this.#store.get().timelines.get(this.#shown) : undefined;
  }

  async show(customerId: string): Promise<void> {
    const before = this.#shown;
    this.#shown = customerId;
    if (before && before !== customerId) this.#store.apply({ type: 'closeTimeline', customerId: before });
    if (!this.#store.get().timelines.has(customerId)) await this.#fresh(customerId);
  }

  forget(): void {
    this.#turns.clear();
    this.#shown = null;
  }

  /** The header again; a conversation that is gone or out of sight leaves the lists. */
  async fetchHeader(conversationId: string): Promise<void> {
    try {
      const { header, customer, readSeq } = await this.#options.calls.conversation(conversationId);
      this.#store.apply({ type: 'header', header, customer, readSeq });
    } catch (error) {
      if (isGone(error)) this.#store.apply({ type: 'gone', conversationId });
      throw error;
    }
  }

  async older(): Promise<void> {
    const before = this.timeline?.before;
    if (before) await this.#edge('older', { before }, 'before');
  }

  async newer(): Promise<void> {
    const after = this.timeline?.after;
    if (after) await this.#edge('newer', { after }, 'after');
  }

  /** Loads the part of the stream around a message, or around the beginning of a conversation; false: it could not. */
  async around(place: Place): Promise<boolean> {
    const customerId = this.#shown;
    const { timeline } = this;
    const { loading } = this.#options;
    if (!customerId || !timeline) return false;
    if (isLoaded(timeline, place)) return true;
    await loading.tell('timeline', () => this.#fresh(customerId, { around: place.id }));
    return loading.of('timeline').state === 'idle';
  }

  async latest(): Promise<void> {
    const customerId = this.#shown;
    if (!customerId || !this.timeline?.after) return;
    await this.#options.loading.tell('timeline', () => this.#fresh(customerId));
  }

  /** The stream against the server: the open conversation, and the others of the customer in turn or all of them. */
  async check(openId: string, all: boolean): Promise<void> {
    const { timeline } = this;
    const customerId = this.#shown;
    if (!timeline || !customerId) return;
    const met = [...timeline.versions.keys()];
    const others = met.filter((id) => id !== openId);
    // One more turn than conversations: whether the customer has any that nobody told us of.
    const turn = this.#rotation++ % (others.length + 1);
    for (const [at, id] of others.entries())
      if (all || at === turn) await this.fill({ conversationId: id, since: timeline.versions.get(id) ?? 0 });
    if (all || turn === others.length) await this.#meetAll(customerId);
    if (!met.includes(openId)) await this.fetchHeader(openId);
    else if (!(await checkTimeline(this.#options, timeline.customerId, openId, (gap) => this.fill(gap))))
      await this.#fresh(customerId);
  }

  fillGaps(): void {
    for (const gap of gapsOf(this.#store.get())) void this.fill(gap).catch(() => undefined);
  }

  /** Asks for what changed since a version; one question at a time for a conversation. */
  fill(gap: Gap): Promise<void> {
    const running = this.#filling.get(gap.conversationId);
    if (running) return running;
    const work = this.#ask(gap).finally(() => {
      this.#filling.delete(gap.conversationId);
    });
    this.#filling.set(gap.conversationId, work);
    // What arrived meanwhile may have left another gap; a failure waits for the next check instead.
    void work.then(
      () => this.fillGaps(),
      () => undefined,
    );
    return work;
  }

  /** Conversations of the customer that should be on screen and were never heard of, or not for a while. */
  async #meetAll(customerId: string): Promise<void> {
    const { conversations } = await this.#options.calls.customer(customerId);
    const { headers } = this.#store.get();
    for (const { id, version } of conversations) {
      const known = headers.get(id);
      const same = known?.customerId === customerId && known.version >= version;
      if (!same) await this.fetchHeader(id);
    }
  }

  async #fresh(
    customerId: string,
    edge: { around?: string } = {},
    settled: ReadonlyMap<string, number> = new Map(),
  ): Promise<void> {
    const isNewest = this.#turns.take(customerId);
    const heard = new Map<string, number>();
    for (const { id, customerId: owner, version } of this.#store.get().headers.values())
      if (owner === customerId) heard.set(id, version);
    const page = await this.#options.calls.timeline(customerId, edge, pageSize);
    if (!isNewest() || this.#shown !== customerId) return;
    this.#shown = page.customerId;
    this.#store.apply({ type: 'timeline', page, edge: 'fresh', heard, settled });
  }

  async #edge(
    what: 'older' | 'newer',
    edge: { before: string } | { after: string },
    joins: PageEdge,
  ): Promise<void> {
    const customerId = this.#shown;
    const { loading, calls } = this.#options;
    if (!customerId || loading.of(what).state === 'loading') return;
    await loading.tell(what, async () => {
      const heard = this.timeline?.versions;
      const page = await calls.timeline(customerId, edge, pageSize);
      // It joins where it was asked for, or not at all.
      const end =
        'before' in edge ? this.timeline?.before === edge.before : this.timeline?.after === edge.after;
      if (!end || this.#shown !== customerId) return;
      this.#store.apply({ type: 'timeline', page, edge: joins, heard });
      this.fillGaps();
    });
  }

  async #ask({ conversationId, since }: Gap): Promise<void> {
    const changes = await this.#options.calls.changes(conversationId, since).catch((error: unknown) => {
      if (!isGone(error)) throw error;
      this.#store.apply({ type: 'gone', conversationId });
      return null;
    });
    if (!changes) return;
    this.#store.apply({ type: 'changes', since, changes });
    if (!changes.reset || this.#shown !== changes.header.customerId) return;
    // Too much to be told: the newest part is read afresh, and says of this conversation what lies within it.
    const settled = new Map([[conversationId, changes.header.version]]);
    await this.#fresh(changes.header.customerId, {}, settled);
  }
}
