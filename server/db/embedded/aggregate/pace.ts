import { setImmediate } from 'node:timers/promises';

/** Longest run of work, in milliseconds, before other requests get their turn. */
const SLICE_MS = 4;
const LOOK_EVERY = 32;

/** Gives the event loop its turn every few milliseconds of one command's work. */
export class Pace {
  private since = performance.now();
  private steps = 0;
  private readonly checkpoint: (() => void) | undefined;

  constructor(checkpoint?: () => void) {
    this.checkpoint = checkpoint;
  }

  /** Whether it is time to `rest`; looks at the clock only now and then. */
  due(): boolean {
    this.steps += 1;
    return this.steps % LOOK_EVERY === 0 && performance.now() - this.since > SLICE_MS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.checkpoint?.();
    this.since = performance.now();
  }
}

const CHUNK = 1024;

/** Stable sort that rests: chunks are sorted natively, then merged in pairs. */
export async function sortPaced<T>(items: T[], compare: (a: T, b: T) => number, pace: Pace): Promise<T[]> {
  let runs: T[][] = [];
  for (let i = 0; i < items.length; i += CHUNK) {
    runs.push(items.slice(i, i + CHUNK).sort(compare));
    if (pace.due()) await pace.rest();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const right = runs[i + 1];
      merged.push(right ? await merge(runs[i]!, right, compare, pace) : runs[i]!);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number, pace: Pace): Promise<T[]> {
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (compare(left[i]!, right[j]!) <= 0) out.push(left[i++]!);
    else out.push(right[j++]!);
    if (pace.due()) await pace.rest();
  }
  while (i < left.length) out.push(left[i++]!);
  while (j < right.length) out.push(right[j++]!);
  return out;
}
