import { percentile } from './webhook.ts';

/** Does one thing once; the number counts up. */
export type Once = (n: number) => Promise<unknown>;

/** What one slice of one case came to. */
export interface Slice {
  /** Done a second. */
  rate: number;
  /** Milliseconds of each, where each was measured. */
  spread: number[];
}

export type Course = (ms: number) => Promise<Slice>;

/** A course that does something so many at a time, each as soon as the one before it has ended. */
export function course(once: Once, atOnce = 1): Course {
  let n = 0;
  return async (ms) => {
    const spread: number[] = [];
    const from = performance.now();
    const worker = async () => {
      for (let at = performance.now(); at < from + ms; at = performance.now()) {
        n += 1;
        await once(n);
        spread.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { rate: (spread.length * 1000) / (performance.now() - from), spread };
  };
}

/** What the slices of a course came to: the middle of their rates, all of their times. */
export interface Measured {
  rates: number[];
  rate: number;
  p50: number;
  p99: number;
}

/** Runs courses in turns, so that what else the machine does meets all of them. */
export async function inTurns<Name extends string>(
  courses: Record<Name, Course>,
  { rounds, ms, warm }: { rounds: number; ms: number; warm: number },
): Promise<Record<Name, Measured>> {
  const names = Object.keys(courses) as Name[];
  const slices = new Map<Name, Slice[]>(names.map((name) => [name, []]));
  for (const name of names) await courses[name](warm);
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) slices.get(name)?.push(await courses[name](ms));
  const measured = names.map((name) => [name, sumUp(slices.get(name) ?? [])] as const);
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

function sumUp(slices: Slice[]): Measured {
  const spread = slices.flatMap((slice) => slice.spread).sort((a, b) => a - b);
  const rates = slices.map((slice) => slice.rate);
  return { rates, rate: middle(rates), p50: percentile(spread, 0.5), p99: percentile(spread, 0.99) };
}

export const middle = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** The middle of the rounds' own ratios: the two of a round met the same phase of the machine. */
export const ratio = (one: Measured, floor: Measured): number =>
  middle(one.rates.map((rate, round) => rate / (floor.rates[round] ?? Number.NaN)));

/** Milliseconds between two reads: they begin by the clock, so that one that waits keeps none of the others from waiting too. */
const EVERY_MS = 5;

/**
 * Reads by the clock while work goes on, and gives how many milliseconds each took, sorted. Work that ends before so many reads is
 * begun again, if it may be.
 */
export async function beside(
  read: Once,
  work: () => Promise<unknown>,
  { reads }: { reads: number },
): Promise<number[]> {
  const spread: number[] = [];
  const under: Promise<void>[] = [];
  let failure: unknown;
  let ended = false;
  const fail = (error: unknown) => {
    failure ??= error;
    ended = true;
  };
  const working = async () => {
    do await work();
    while (spread.length < reads && !ended);
    ended = true;
  };
  const done = working().catch(fail);
  const from = performance.now();
  for (let n = 0; !ended; n += 1) {
    const wait = from + n * EVERY_MS - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const at = performance.now();
    under.push(read(n).then(() => void spread.push(performance.now() - at), fail));
  }
  await Promise.all([done, ...under]);
  if (failure) throw failure;
  return spread.sort((a, b) => a - b);
}
