import type { Random } from './random.ts';

/** What chance decides while a case is made up: the same seed, the same case. */
export class Draw {
  protected readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Between `from` and `to` of what `make` makes, both included. */
  some<T>([from, to]: readonly [number, number], make: () => T): T[] {
    return Array.from({ length: from + this.below(to - from + 1) }, make);
  }

  /** Calls one of these, chosen by weight. */
  way<T>(...ways: readonly (readonly [weight: number, make: () => T])[]): T {
    let left = this.random() * ways.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of ways) {
      left -= weight;
      if (left < 0) return make();
    }
    return (ways[0] as readonly [number, () => T])[1]();
  }
}
