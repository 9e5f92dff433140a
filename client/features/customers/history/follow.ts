import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/query-core';
import type { ConversationChanged } from '../../../../shared/events.ts';
import type { HistoryPage } from '../../../../shared/history.ts';
import { isTombstone, type Message } from '../../../../shared/message.ts';

export type Edge = { before: string } | { after: string } | { around: string } | Record<never, never>;
export type Windows = InfiniteData<HistoryPage, Edge>;

/** Milliseconds in which what happens is one reason to ask. */
const together = 300;
/** Windows that are read again when anything may be other than before: those about the reader. What is further away is read when they go there. */
const mostWindows = 8;

export interface HistoryFollowerOptions {
  client: QueryClient;
  queryKey: QueryKey;
  ask: (edge: Edge) => Promise<HistoryPage>;
  /** Whether a message of its kind and channel is among what is looked at. */
  wanted: (message: Message) => boolean;
}

/**
 * Keeps loaded windows of one history as a fresh read would have them: a message that is shown changes where it stands, what is new is one
 * question for what is newer. Only when anything may be other than before are the windows about the reader read again. One question at a
 * time, and none cancels what is under way.
 */
export class HistoryFollower {
  readonly #options: HistoryFollowerOptions;
  #messages = new Map<string, Message>();
  #all = false;
  #sight = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running = false;
  #stopped = false;

  constructor(options: HistoryFollowerOptions) {
    this.#options = options;
  }

  /** @param event null: anything may be other than before */
  hear(event: ConversationChanged | null): void {
    if (!event || event.reset) this.#all = true;
    else
      for (const message of event.messages) {
        if (isTombstone(message)) this.#all = true;
        else if (this.#options.wanted(message)) this.#messages.set(message.id, message);
      }
    this.#schedule();
  }

  /** Which window the reader is in. */
  sees(at: number): void {
    this.#sight = at;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped || this.#timer || this.#running) return;
    if (!this.#all && this.#messages.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, together);
  }

  async #run(): Promise<void> {
    const { client, queryKey } = this.#options;
    if (this.#isFetching()) return this.#schedule();
    const [messages, all] = [this.#messages, this.#all];
    this.#messages = new Map();
    this.#all = false;
    this.#running = true;
    try {
      const done = all ? 'again' : await this.#follow(messages);
      if (done === 'later') this.#messages = new Map([...messages, ...this.#messages]);
      if (done === 'again') {
        client.setQueryData<Windows>(queryKey, (now) => now && windowsAbout(now, this.#sight));
        await client.refetchQueries({ queryKey, exact: true }, { cancelRefetch: false, throwOnError: true });
      }
    } catch {
      // Out of reach: asked for when it is looked at again.
      void client.invalidateQueries({ queryKey, exact: true, refetchType: 'none' });
    } finally {
      this.#running = false;
      this.#schedule();
    }
  }

  async #follow(messages: ReadonlyMap<string, Message>): Promise<'done' | 'later' | 'again'> {
    const { client, queryKey, ask } = this.#options;
    const windows = client.getQueryData<Windows>(queryKey);
    if (!windows) return 'done';
    const plan = planOf(windows, messages);
    if (plan === 'again') return plan;
    client.setQueryData<Windows>(queryKey, withMessages(windows, messages));
    if (!plan) return 'done';
    const writes = client.getQueryState(queryKey)?.dataUpdateCount;
    const newer = await ask({ after: plan.after });
    // What was asked for meanwhile began with the windows as they were.
    if (this.#isFetching() || client.getQueryState(queryKey)?.dataUpdateCount !== writes) return 'later';
    client.setQueryData<Windows>(queryKey, (now) => now && withNewer(now, newer));
    return 'done';
  }

  #isFetching(): boolean {
    const { client, queryKey } = this.#options;
    return client.isFetching({ queryKey, exact: true }) > 0;
  }
}

/** What must be asked for these messages to be shown: null for nothing, `again` for everything. */
export function planOf(
  windows: Windows,
  messages: ReadonlyMap<string, Message>,
): { after: string } | 'again' | null {
  const [first] = windows.pages;
  const last = windows.pages.at(-1);
  if (!first || !last) return null;
  const shown = new Set(
    windows.pages.flatMap(({ entries }) => entries.flatMap((one) => ('message' in one ? [one.id] : []))),
  );
  const others = [...messages.values()].filter(({ id }) => !shown.has(id));
  const settledAt = first.settled && first.entries[first.settled.newer]?.at;
  let plan: { after: string } | null = null;
  for (const { at } of others) {
    const newest = first.entries[0]?.at;
    // Beyond either end of what is loaded: it comes when the reader does.
    if (first.after !== null && newest !== undefined && at > newest) continue;
    const oldest = last.entries.at(-1)?.at;
    if (last.before !== null && oldest !== undefined && at < oldest) continue;
    if (first.after !== null || !first.settled || !settledAt || at <= settledAt) return 'again';
    plan = { after: first.settled.cursor };
  }
  return plan;
}

/** Those about one of them; the stream goes on from them both ways. */
export function windowsAbout({ pages, pageParams }: Windows, at: number): Windows {
  const first = Math.max(0, Math.min(at - mostWindows / 2, pages.length - mostWindows));
  const last = first + mostWindows;
  return { pages: pages.slice(first, last), pageParams: pageParams.slice(first, last) };
}

export function withMessages(windows: Windows, messages: ReadonlyMap<string, Message>): Windows {
  const pages = windows.pages.map((page) => ({
    ...page,
    entries: page.entries.map((entry) => {
      const message = 'message' in entry ? messages.get(entry.id) : undefined;
      return 'message' in entry && message ? { ...entry, message } : entry;
    }),
  }));
  return { ...windows, pages };
}

/** @param newer what was read after the place at which the first window is settled */
export function withNewer(windows: Windows, newer: HistoryPage): Windows {
  const [first, ...others] = windows.pages;
  if (!first?.settled) return windows;
  const { entries, after } = newer;
  const page: HistoryPage = {
    ...first,
    entries: [...entries, ...first.entries.slice(first.settled.newer)],
    after,
    settled: newer.settled ?? { cursor: first.settled.cursor, newer: entries.length },
  };
  return { ...windows, pages: [page, ...others] };
}
