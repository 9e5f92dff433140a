import type { Calls } from '../api/calls.ts';
import type { Store } from './store.ts';
import { Turns } from './sync.loading.ts';

const lists = ['teams', 'tags', 'views'] as const;
/** What the store holds of everybody's: all of it, or one list. */
export type Part = 'bootstrap' | (typeof lists)[number];

/**
 * Reads what everybody shares. An answer never covers one that was asked for later, and what could not be read is owed
 * until it is asked for again.
 */
export class PartsSync {
  readonly #options: { calls: Calls; store: Store };
  readonly #turns = new Turns();
  readonly #owed = new Set<Part>();

  constructor(options: { calls: Calls; store: Store }) {
    this.#options = options;
  }

  async read(part: Part): Promise<void> {
    const isNewest = this.#turns.take(part);
    this.#owed.delete(part);
    try {
      await (part === 'bootstrap' ? this.#readAll(isNewest) : this.#readList(part, isNewest));
    } catch {
      if (isNewest()) this.#owed.add(part);
    }
  }

  async readOwed(): Promise<void> {
    await Promise.all([...this.#owed].map((part) => this.read(part)));
  }

  async #readList(part: (typeof lists)[number], isNewest: () => boolean): Promise<void> {
    const { calls, store } = this.#options;
    const read = {
      teams: async () => ({ type: 'teams' as const, teams: await calls.teams() }),
      tags: async () => ({ type: 'tags' as const, tags: await calls.tags() }),
      views: async () => ({ type: 'views' as const, views: await calls.views() }),
    };
    const input = await read[part]();
    if (isNewest()) store.apply(input);
  }

  async #readAll(isNewest: () => boolean): Promise<void> {
    const { calls, store } = this.#options;
    const newest = lists.map((list) => [list, this.#turns.take(list)] as const);
    const bootstrap = await calls.bootstrap();
    if (!isNewest()) return;
    const { teams, tags, views } = store.get();
    const held = { teams: [...teams.values()], tags: [...tags.values()], views: [...views] };
    const later = newest.filter(([, isTheirs]) => !isTheirs()).map(([list]) => [list, held[list]]);
    store.apply({ type: 'bootstrap', bootstrap: { ...bootstrap, ...Object.fromEntries(later) } });
  }
}
