import { type ListScope, type ListWindow, windowKey } from './model.ts';
import { checkWindow } from './sync.digest.ts';
import { type LoadingStates, Turns } from './sync.loading.ts';
import type { SyncOptions } from './sync.ts';

export const pageSize = 50;

export interface ListSyncOptions extends Pick<SyncOptions, 'calls' | 'store'> {
  loading: LoadingStates;
  /** A second look at a row that the server no longer lists. */
  fetchHeader: (conversationId: string) => Promise<void>;
  readViews: () => Promise<void>;
}

/** Keeps the list that is looked at as the server has it. */
export class ListSync {
  readonly #options: ListSyncOptions;
  readonly #turns = new Turns();
  #visible: ListScope | null = null;

  constructor(options: ListSyncOptions) {
    this.#options = options;
  }

  get visible(): ListScope | null {
    return this.#visible;
  }

  /** Shows a list: what is known at once, and the newest rows afresh. */
  async show(scope: ListScope): Promise<void> {
    this.#visible = scope;
    await this.#options.loading.tell('list', () => this.#refresh(scope, 'first'));
  }

  async more(): Promise<void> {
    const { calls, store, loading } = this.#options;
    const visible = this.#visible;
    const window = visible && this.#window(visible);
    if (!visible || !window?.next || loading.of('more').state === 'loading') return;
    await loading.tell('more', async () => {
      const page = await calls.conversations({ ...visible, after: window.next, limit: pageSize });
      if (this.#window(visible)?.next !== window.next) return;
      store.apply({ type: 'page', scope: visible, pages: [page], fresh: false });
    });
  }

  /** As deep as it was read. */
  async refresh(): Promise<void> {
    const visible = this.#visible;
    if (visible) await this.#options.loading.tell('list', () => this.#refresh(visible, 'all'));
  }

  /** Against the server's digest. */
  async check(): Promise<void> {
    const visible = this.#visible;
    if (!visible) return;
    const window = this.#window(visible);
    if (!window) return this.#options.loading.tell('list', () => this.#refresh(visible, 'first'));
    if (!(await checkWindow(this.#options, window))) return;
    // The word that the view means something else now may have been lost as well.
    if (visible.view.startsWith('saved:') && !visible.filter) await this.#options.readViews();
    await this.#refresh(visible, 'all');
  }

  forget(): void {
    this.#turns.clear();
  }

  #window(scope: ListScope): ListWindow | undefined {
    return this.#options.store.get().windows.get(windowKey(scope));
  }

  /** The rows of a window again, and a second look at rows that the server no longer lists. */
  async #refresh(scope: ListScope, depth: 'first' | 'all'): Promise<void> {
    const { calls, store, fetchHeader } = this.#options;
    const isNewest = this.#turns.take(windowKey(scope));
    const wanted = depth === 'all' ? (this.#window(scope)?.ids.length ?? 0) : 0;
    const pages = [];
    let after: string | null = null;
    let count = 0;
    do {
      const page = await calls.conversations({ ...scope, after, limit: pageSize });
      pages.push(page);
      count += page.conversations.length;
      after = page.next;
    } while (after !== null && count < wanted);
    if (!isNewest()) return;
    store.apply({ type: 'page', scope, pages, fresh: true });
    const listed = new Set(pages.flatMap((page) => page.conversations.map(({ id }) => id)));
    const doubtful = (this.#window(scope)?.ids ?? []).filter((id) => !listed.has(id));
    await Promise.allSettled(doubtful.map((id) => fetchHeader(id)));
  }
}
