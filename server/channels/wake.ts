/** A wake-up that is not lost when nobody waits at that moment: the next wait ends at once. */
export interface Alarm {
  ring(): void;
  /** Resolves at a ring (also one since the last wait), after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createAlarm(): Alarm {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    wait(ms, signal) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          wake = null;
          rung = false;
          resolve();
        };
        const timer = setTimeout(done, Math.max(0, Math.min(ms, 2 ** 31 - 1)));
        signal.addEventListener('abort', done);
        wake = done;
        if (rung || signal.aborted) done();
      });
    },
  };
}
