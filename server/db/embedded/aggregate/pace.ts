import type { Doc } from '../bson/values.ts';
import type { Pace } from '../query/query.ts';
import type { Docs } from './context.ts';

const LOOK_EVERY = 16;

/** Rests where documents are made of documents that are held already, so that nobody else looks at the clock. */
export function* resting(source: Docs, pace: Pace): Generator<Doc | null> {
  let n = 0;
  for (const doc of source) {
    yield doc;
    if (++n % LOOK_EVERY === 0 && pace.due()) yield null;
  }
}

/** A step of work that gives something in the end; each null is a rest. */
export type Work<T> = Generator<null, T>;

const CHUNK = 512;

/** Stable sort that rests: chunks are sorted natively, then merged in pairs. */
export function* sortPaced<T>(items: T[], compare: (a: T, b: T) => number, pace: Pace): Work<T[]> {
  let runs: T[][] = [];
  for (let i = 0; i < items.length; i += CHUNK) {
    runs.push(items.slice(i, i + CHUNK).sort(compare));
    if (pace.due()) yield null;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const right = runs[i + 1];
      merged.push(right ? yield* merge(runs[i]!, right, compare, pace) : runs[i]!);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number, pace: Pace): Work<T[]> {
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (compare(left[i]!, right[j]!) <= 0) out.push(left[i++]!);
    else out.push(right[j++]!);
    if (out.length % 64 === 0 && pace.due()) yield null;
  }
  while (i < left.length) out.push(left[i++]!);
  while (j < right.length) out.push(right[j++]!);
  return out;
}

/** All documents of a source as a list. */
export function* gathered(source: Docs, meter?: { add(value: unknown): void }): Work<Doc[]> {
  const docs: Doc[] = [];
  for (const doc of source) {
    if (!doc) {
      yield null;
      continue;
    }
    meter?.add(doc);
    docs.push(doc);
  }
  return docs;
}
