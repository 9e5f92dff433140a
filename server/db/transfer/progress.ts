/** Milliseconds between two lines about one collection. */
const EVERY_MS = 1_000;

/** Tells how far the work on a collection is: `shop.items: copied 12000/50000, 8000 documents/s`. */
export class Progress {
  private readonly start = performance.now();
  private told = this.start;
  private count = 0;
  private readonly of: { ns: string; deed: string; total: number; say(line: string): void };

  constructor(of: { ns: string; deed: string; total: number; say(line: string): void }) {
    this.of = of;
  }

  /** Notes the number of documents done; true when a line was said. */
  at(count: number): boolean {
    this.count = count;
    const now = performance.now();
    if (now - this.told < EVERY_MS) return false;
    this.told = now;
    this.line('');
    return true;
  }

  end(remark: string, count = this.count): void {
    this.count = count;
    this.line(remark);
  }

  private line(remark: string): void {
    const { ns, deed, total, say } = this.of;
    const seconds = (performance.now() - this.start) / 1000;
    const rate = Math.round(this.count / Math.max(seconds, 0.001));
    // What the server counted before may be fewer than there are by now.
    say(
      `${ns}: ${deed} ${this.count}/${Math.max(total, this.count)}, ${rate} documents/s${remark && `; ${remark}`}`,
    );
  }
}
