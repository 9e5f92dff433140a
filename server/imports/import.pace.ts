/** A step that takes longer than this keeps others waiting; one that takes less than half of it could have done more. */
const longMs = 25;
const least = 5;
const most = 50;
const leastRestMs = 4;

/**
 * How many rows a step takes, by how long the last ones took: on a machine that is busy few, so that whoever works in the inbox comes
 * first; on one that is not, many.
 */
export class Pace {
  /** Rows of the next step. */
  size: number;
  private readonly restShare: number;

  /** @param restShare the rest after a step, as a part of the time it took */
  constructor(size: number, restShare: number) {
    this.size = size;
    this.restShare = restShare;
  }

  /** @returns how long to rest after a step that took so long */
  after(ms: number): number {
    if (ms > longMs) this.size = Math.max(least, Math.floor(this.size / 2));
    else if (ms < longMs / 2) this.size = Math.min(most, this.size + 5);
    return Math.max(leastRestMs, ms * this.restShare);
  }
}
