import { useSyncExternalStore } from 'react';

/** One clock for the whole page: a timer runs only while somebody looks at it. */

type Pace = 'second' | 'minute';
const length: Record<Pace, number> = { second: 1000, minute: 60_000 };

class Clock {
  readonly #pace: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #now = Date.now();

  constructor(pace: number) {
    this.#pace = pace;
  }

  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    };
  };

  /** The last tick; fresh when nobody is listening. */
  now = (): number => {
    if (this.#listeners.size === 0 && Date.now() - this.#now >= this.#pace) this.#now = Date.now();
    return this.#now;
  };

  #start(): void {
    this.#now = Date.now();
    this.#wait();
  }

  /** Ticks on the full second or minute, so that all labels turn together. */
  #wait(): void {
    this.#timer = setTimeout(
      () => {
        this.#now = Date.now();
        for (const listener of this.#listeners) listener();
        this.#wait();
      },
      this.#pace - (Date.now() % this.#pace),
    );
  }
}

const clocks: Record<Pace, Clock> = { second: new Clock(length.second), minute: new Clock(length.minute) };

/** The time now in milliseconds, renewed every second or minute. */
export function useNow(pace: Pace = 'minute'): number {
  return useSyncExternalStore(clocks[pace].subscribe, clocks[pace].now);
}

/** How far the clock of a time zone is ahead of UTC at a moment, in ms. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const at = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return wall - Math.floor(ms / 1000) * 1000;
}

/** The next moment at which clocks of a time zone show a full hour: Tehran's is half an hour off that of UTC. */
export function fullHour(from: number, timeZone: string): number {
  const hour = 3_600_000;
  const offset = offsetAt(from, timeZone);
  return Math.ceil((from + offset) / hour) * hour - offset;
}

export interface ClockTime {
  from: number;
  timeZone: string;
  /** Days after the day of `from`, or the next such weekday after it (0 is Sunday, 6 Saturday). */
  days?: number;
  weekday?: number;
  hour: number;
}

/** The moment at which clocks of a time zone show `hour` o'clock, some days on: "tomorrow at nine". */
export function clockTime({ from, timeZone, days = 0, weekday, hour }: ClockTime): number {
  const wall = new Date(from + offsetAt(from, timeZone));
  const ahead = weekday === undefined ? days : (weekday - wall.getUTCDay() + 7) % 7 || 7;
  const wanted = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() + ahead, hour);
  // The offset is that of the wanted day, which summer time may have changed.
  const guess = wanted - offsetAt(wanted, timeZone);
  return wanted - offsetAt(guess, timeZone);
}
