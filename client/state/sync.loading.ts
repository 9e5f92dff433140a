import { Watched } from './watched.ts';

/** How a list, a timeline or the end of one is doing. */
export type Loading = { state: 'idle' } | { state: 'loading' } | { state: 'failed'; error: unknown };
const idle: Loading = { state: 'idle' };

/** What is being fetched and what could not be, by name, for whoever shows it. */
export class LoadingStates extends Watched {
  readonly #states = new Map<string, Loading>();

  readonly of = (what: string): Loading => this.#states.get(what) ?? idle;

  /** Does the work and tells how it went; a failure is told, not thrown. */
  async tell(what: string, work: () => Promise<void>): Promise<void> {
    this.#set(what, { state: 'loading' });
    try {
      await work();
      this.#set(what, idle);
    } catch (error) {
      this.#set(what, { state: 'failed', error });
    }
  }

  #set(what: string, loading: Loading): void {
    this.#states.set(what, loading);
    this.changed();
  }
}

/** Only the newest question about something may be answered: an older answer is dropped. */
export class Turns {
  readonly #newest = new Map<string, number>();

  /** Takes a turn; the result tells whether it is still the newest. */
  take(what: string): () => boolean {
    const mine = (this.#newest.get(what) ?? 0) + 1;
    this.#newest.set(what, mine);
    return () => this.#newest.get(what) === mine;
  }

  clear(): void {
    this.#newest.clear();
  }
}
