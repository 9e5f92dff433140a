import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/query-core';
import type { CustomerPage, CustomerRow } from '../../../shared/customer-list.ts';

export type ListWindows = InfiniteData<CustomerPage, string | null>;

/** Milliseconds in which what happens is one reason to ask … */
const together = 300;
/** … and those between an answer and the next time. */
const rest = 1_000;

export interface ListFollowerOptions {
  client: QueryClient;
  queryKey: QueryKey;
  /** @param after where a window begins */
  ask: (after: string | null) => Promise<CustomerPage>;
}

/**
 * Keeps the windows of a list that are in sight as a fresh read would have them. The others are only marked, and asked for when they come
 * into sight. One question at a time, and none cancels what is under way.
 */
export class ListFollower {
  readonly #options: ListFollowerOptions;
  readonly #stale = new Set<number>();
  #sight: readonly [first: number, last: number] = [0, 0];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running = false;
  #answeredAt = 0;
  #stopped = false;

  constructor(options: ListFollowerOptions) {
    this.#options = options;
  }

  /** Somebody's row may be other than before, or elsewhere. */
  hear(): void {
    const windows = this.#windows();
    for (let at = 0; at < (windows?.pages.length ?? 0); at += 1) this.#stale.add(at);
    this.#schedule();
  }

  /** Which windows the reader sees. */
  sees(first: number, last: number): void {
    this.#sight = [first, last];
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #windows(): ListWindows | undefined {
    return this.#options.client.getQueryData<ListWindows>(this.#options.queryKey);
  }

  #due(): number[] {
    const [first, last] = this.#sight;
    return [...this.#stale].filter((at) => at >= first && at <= last).sort((a, b) => a - b);
  }

  #schedule(): void {
    if (this.#stopped || this.#timer || this.#running || this.#due().length === 0) return;
    const ms = Math.max(together, this.#answeredAt + rest - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, ms);
  }

  async #run(): Promise<void> {
    if (this.#isFetching()) return this.#schedule();
    this.#running = true;
    try {
      for (const at of this.#due()) if (!(await this.#read(at))) break;
    } catch {
      // Out of reach: asked for when it is looked at again.
      void this.#options.client.invalidateQueries({
        queryKey: this.#options.queryKey,
        exact: true,
        refetchType: 'none',
      });
      this.#stale.clear();
    } finally {
      this.#running = false;
      this.#answeredAt = Date.now();
      this.#schedule();
    }
  }

  /** @returns false when the windows changed meanwhile: it is read later */
  async #read(at: number): Promise<boolean> {
    const { client, queryKey, ask } = this.#options;
    const windows = this.#windows();
    const after = windows?.pageParams[at];
    this.#stale.delete(at);
    if (after === undefined) return true;
    const writes = client.getQueryState(queryKey)?.dataUpdateCount;
    const page = await ask(after);
    if (this.#isFetching() || client.getQueryState(queryKey)?.dataUpdateCount !== writes) {
      this.#stale.add(at);
      return false;
    }
    if (windows && windows.pages[at]?.next !== page.next) this.#stale.add(at + 1);
    client.setQueryData<ListWindows>(queryKey, (now) => now && withWindow(now, at, page));
    return true;
  }

  #isFetching(): boolean {
    const { client, queryKey } = this.#options;
    return client.isFetching({ queryKey, exact: true }) > 0;
  }
}

/** One window as it is now; the next begins where it ends. */
export function withWindow(windows: ListWindows, at: number, page: CustomerPage): ListWindows {
  const pages = windows.pages.map((one, nth) => (nth === at ? page : one));
  const pageParams = windows.pageParams.map((one, nth) => (nth === at + 1 ? page.next : one));
  // Nothing follows it any more.
  const length = page.next === null ? at + 1 : pages.length;
  return { pages: pages.slice(0, length), pageParams: pageParams.slice(0, length) };
}

/** Everybody once, where they were met first, and in which window: who moved up stands in an older window still. */
export function listRows(pages: readonly CustomerPage[]): { rows: CustomerRow[]; windowOf: number[] } {
  const rows: CustomerRow[] = [];
  const windowOf: number[] = [];
  const met = new Set<string>();
  for (const [window, { customers }] of pages.entries())
    for (const row of customers) {
      if (met.has(row.id)) continue;
      met.add(row.id);
      rows.push(row);
      windowOf.push(window);
    }
  return { rows, windowOf };
}
