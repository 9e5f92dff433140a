import { compileSortKey } from '../bson/order.ts';
import { CommandError, type Doc } from '../bson/values.ts';
import type { Pace } from '../query/query.ts';
import type { Docs } from './context.ts';
import { Meter, weightOf } from './memory.ts';
import { resting, sortPaced } from './pace.ts';

interface Entry {
  doc: Doc;
  key: unknown[];
  bytes: number;
}

/** Sorts a stream in memory; with `atMost` it holds no more than a few times as many as that. */
export function* sorted(
  source: Docs,
  spec: Doc,
  pace: Pace,
  atMost = Number.POSITIVE_INFINITY,
): Generator<Doc | null> {
  const { keyOf, compare } = compileSortKey(spec);
  const byKey = (a: Entry, b: Entry): number => compare(a.key, b.key);
  const meter = new Meter('$sort');
  const room = Math.max(1000, atMost * 2);
  let entries: Entry[] = [];
  for (const doc of source) {
    if (!doc) {
      yield null;
      continue;
    }
    const bytes = weightOf(doc);
    meter.grow(bytes);
    entries.push({ doc, key: keyOf(doc), bytes });
    if (entries.length <= room) continue;
    entries = (yield* sortPaced(entries, byKey, pace)).slice(0, atMost);
    meter.reset();
    for (const entry of entries) meter.grow(entry.bytes);
  }
  const ordered = (yield* sortPaced(entries, byKey, pace)).slice(0, atMost);
  yield* resting(docsOf(ordered), pace);
}

function* docsOf(entries: Entry[]): Generator<Doc> {
  for (const { doc } of entries) yield doc;
}

export function sortSpec(spec: Doc): Doc {
  if (Object.keys(spec).length === 0)
    throw new CommandError(15976, '$sort stage must have at least one sort key');
  compileSortKey(spec);
  return spec;
}
