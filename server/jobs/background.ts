/** Milliseconds that a step waits at most for those who wait for an answer. */
const patienceMs = 100;
/** The rest after a step, as a part of the time that it took. */
const restShare = 0.5;

/**
 * Work that nobody waits for takes turns: of all its workers one step at a time is under way in a process, it begins when nobody waits
 * for an answer, and rests follow it. Beside it those who do wait have the machine almost for themselves.
 */
export class Background {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #nobodyWaits: (() => void) | null = null;

  /**
   * A step when it is its turn, first come, first served. Within a step there is no other.
   * @returns what came of it, and how long it took, in ms: the wait is no part of it
   */
  turn<T>(step: () => Promise<T>): Promise<{ value: T; ms: number }> {
    const mine = this.#last.then(async () => {
      await this.makeWay();
      const began = performance.now();
      const value = await step();
      return { value, ms: performance.now() - began };
    });
    this.#last = mine.then(
      ({ ms }) => pause(ms * restShare),
      () => undefined,
    );
    return mine;
  }

  /** In the midst of a step, between two of its commands: whoever came to wait meanwhile goes first. */
  async makeWay(): Promise<void> {
    if (this.#waiting) await this.#whenNobodyWaits();
  }

  /** Somebody waits for an answer, until the result is called. */
  somebodyWaits(): () => void {
    this.#waiting += 1;
    let waits = true;
    return () => {
      if (!waits) return;
      waits = false;
      this.#waiting -= 1;
      if (!this.#waiting) this.#nobodyWaits?.();
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

  async #whenNobodyWaits(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#nobodyWaits = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#nobodyWaits = null;
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
