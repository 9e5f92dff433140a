/** Standard deviation in one pass: mean and the sum of squared distances from it are carried along. */
export class Deviation {
  private count = 0;
  private mean = 0;
  private squares = 0;

  add(n: number): void {
    this.count += 1;
    const before = n - this.mean;
    this.mean += before / this.count;
    this.squares += before * (n - this.mean);
  }

  /** null where there are too few numbers: none, of a sample less than two. */
  result(sample: boolean): number | null {
    const divisor = sample ? this.count - 1 : this.count;
    return divisor < 1 ? null : Math.sqrt(this.squares / divisor);
  }
}
