import { AppError } from '../../shared/errors.ts';

/** So many at once; after that one every so many milliseconds. Counted on this server. */
export class Buckets {
  private readonly capacity: number;
  private readonly everyMs: number;
  private readonly now: () => number;
  /** key → when its bucket is full again. */
  private readonly fullAt = new Map<string, number>();
  private swept = 0;

  constructor(options: { capacity: number; everyMs: number; now?: () => number }) {
    this.capacity = options.capacity;
    this.everyMs = options.everyMs;
    this.now = options.now ?? (() => performance.now());
  }

  /**
   * Takes one.
   * @param capacity of this bucket, where it is not that of all
   * @throws AppError tooMany, with the seconds after which there is one again
   */
  take(key: string, capacity = this.capacity): void {
    const now = this.now();
    this.sweep(now);
    const fullAt = Math.max(now, this.fullAt.get(key) ?? 0) + this.everyMs;
    const overMs = fullAt - now - capacity * this.everyMs;
    // Less than a millisecond is what adding and taking away left of rounding.
    if (overMs >= 1)
      throw new AppError({
        code: 'tooMany',
        message: 'That was too much at once. Wait a little.',
        retryAfter: Math.max(1, Math.ceil(overMs / 1000)),
      });
    this.fullAt.set(key, fullAt);
  }

  /** Full buckets need not be remembered. */
  private sweep(now: number): void {
    if (now - this.swept < 60_000) return;
    this.swept = now;
    for (const [key, fullAt] of this.fullAt) if (fullAt <= now) this.fullAt.delete(key);
  }
}

const hourMs = 3_600_000;

/** What strangers may ask of one server. */
export function createVisitorThrottles() {
  return {
    /** For one place, whatever is asked: many people may share one address. */
    calls: new Buckets({ capacity: 1_000, everyMs: 20 }),
    messages: new Buckets({ capacity: 20, everyMs: 2_000 }),
    messagesOfPlace: new Buckets({ capacity: 300, everyMs: 100 }),
    files: new Buckets({ capacity: 10, everyMs: 10_000 }),
    filesOfPlace: new Buckets({ capacity: 50, everyMs: 2_000 }),
  };
}
export type VisitorThrottles = ReturnType<typeof createVisitorThrottles>;

/** New visitors of one place and site: so many an hour, as the site's settings say. */
export class Arrivals {
  private readonly buckets = new Map<number, Buckets>();

  take(key: string, anHour: number): void {
    const buckets = this.buckets.get(anHour) ?? new Buckets({ capacity: anHour, everyMs: hourMs / anHour });
    this.buckets.set(anHour, buckets);
    buckets.take(key);
  }
}
