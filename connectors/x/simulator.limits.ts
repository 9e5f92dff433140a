/** How often a method may be called, counted as X counts: in windows of a quarter of an hour. */

const windowMs = 15 * 60_000;

export class Limits {
  private readonly windows = new Map<string, { until: number; used: number }>();

  constructor(
    private readonly now: () => Date,
    private readonly most: (call: string) => number,
  ) {}

  /** Counts a call. @returns the headers that come with its answer, and whether it is one too many */
  take(call: string): { headers: Record<string, string>; over: boolean } {
    const now = this.now().getTime();
    let window = this.windows.get(call);
    if (!window || now >= window.until) {
      window = { until: now + windowMs, used: 0 };
      this.windows.set(call, window);
    }
    const limit = this.most(call);
    const over = window.used >= limit;
    if (!over) window.used += 1;
    return {
      over,
      headers: {
        'x-rate-limit-limit': String(limit),
        'x-rate-limit-remaining': String(limit - window.used),
        'x-rate-limit-reset': String(Math.ceil(window.until / 1000)),
      },
    };
  }
}
