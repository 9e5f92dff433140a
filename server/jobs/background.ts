/** Milliseconds that a step waits at most for those who wait for an answer: before it begins, and in its midst. */
const patienceMs = 100;
const patienceWithinMs = 300;
/** The rest after a step, as a part of the time that it took. */
const restShare = 0.5;

/**
 * Work that nobody waits for takes turns: of all its workers one step at a time is under way in a process, it begins when nobody waits
 * for an answer, and rests follow it. Beside it those who do wait have the machine almost for themselves.
 */
export class Background {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #nobodyWaits = new Set<() => void>();
  /** Of the step under way: how long it may still make way, and how long it did. */
  #patience = 0;
  #madeWay = 0;

  /**
   * A step when it is its turn, first come, first served. Within a step there is no other.
   * @returns what came of it, and how long it worked, in ms: its waits are no part of it
   */
  turn<T>(step: () => Promise<T>): Promise<{ value: T; ms: number }> {
    const mine = this.#last.then(async () => {
      await this.#wait(patienceMs);
      this.#patience = patienceWithinMs;
      this.#madeWay = 0;
      const began = performance.now();
      const value = await step();
      return { value, ms: performance.now() - began - this.#madeWay };
    });
    this.#last = mine.then(
      ({ ms }) => pause(ms * restShare),
      () => undefined,
    );
    return mine;
  }

  /** In the midst of a step, between two of its commands: whoever came meanwhile goes first. */
  async makeWay(): Promise<void> {
    const began = performance.now();
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#patience > 0) await this.#wait(this.#patience);
    const ms = performance.now() - began;
    this.#patience -= ms;
    this.#madeWay += ms;
  }

  /** Somebody waits for an answer, until the result is called. */
  somebodyWaits(): () => void {
    this.#waiting += 1;
    let waits = true;
    return () => {
      if (!waits) return;
      waits = false;
      this.#waiting -= 1;
      if (!this.#waiting) for (const go of this.#nobodyWaits) go();
    };
  }

  /** Somebody waits for what this does. */
  async awaited<T>(work: () => Promise<T>): Promise<T> {
    const done = this.somebodyWaits();
    try {
      return await work();
    } finally {
      done();
    }
  }

  /** Until nobody waits, so many milliseconds at most. */
  async #wait(mostMs: number): Promise<void> {
    if (!this.#waiting) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#nobodyWaits.delete(go);
        resolve();
      };
      const timer = setTimeout(go, mostMs);
      this.#nobodyWaits.add(go);
    });
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
