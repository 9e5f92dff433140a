/** Long work on the server's one thread lets others have it every few milliseconds. */
const mostMs = 4;

export class Breath {
  private since = performance.now();

  /** Awaited between small pieces of work: at once, or after whoever else waits. */
  async draw(): Promise<void> {
    if (performance.now() - this.since < mostMs) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.since = performance.now();
  }
}
