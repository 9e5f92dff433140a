import type { Looker } from '../../shared/view.ts';
import { apply, type Input } from './apply.ts';
import { emptyState, type State } from './model.ts';

/** Runs work soon; many calls before it runs are one. */
export type Schedule = (work: () => void) => void;

/** At the next frame, or a little later where the page is hidden and frames stand still. */
export function nextFrame(work: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(work, 100);
  else requestAnimationFrame(work);
}

/** The entities and windows on one side, whoever shows them on the other; events are applied in batches, one a frame. */
export class Store {
  #state: State;
  #queue: Input[] = [];
  #scheduled = false;
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();

  constructor(viewer: Looker, schedule: Schedule = nextFrame) {
    this.#state = emptyState(viewer);
    this.#schedule = schedule;
  }

  readonly get = (): State => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Applied with the next frame. */
  dispatch(input: Input): void {
    this.#queue.push(input);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.flush());
  }

  /** Applied at once, after what already waits: for the person's own deeds and for answers that others build upon. */
  apply(...inputs: Input[]): void {
    this.#queue.push(...inputs);
    this.flush();
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#queue.length === 0) return;
    const inputs = this.#queue;
    this.#queue = [];
    const next = apply(this.#state, inputs);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
