import { compareValues } from '../embedded/bson/order.ts';
import type { Listed } from './inventory.ts';
import { idOf, idValue } from './raw.ts';
import { documentsOf } from './reading.ts';
import type { Side } from './side.ts';
import { Writing } from './writing.ts';

export interface Copied {
  /** Documents that were there already, byte for byte. */
  kept: number;
  inserted: number;
  removed: number;
}

export interface Copy {
  from: Side;
  to: Side;
  of: Pick<Listed, 'db' | 'name' | 'ns'>;
  /** The collection at the target may hold something: what an earlier run brought, or what `--overwrite` gives up. */
  existed: boolean;
  /** Runs before the first write into a collection that existed. */
  beforeChange(): Promise<void>;
  /** Told the number of documents done so far. */
  onDone(count: number): Promise<void> | void;
}

/**
 * Makes a collection equal to the source's: walks both in the order of `_id`; what is missing is inserted, what is there too much
 * goes, what differs by a byte is replaced, what is equal stays. So a run after one that was killed goes on where that was, also
 * when the source has changed meanwhile.
 */
export async function copy({ from, to, of, existed, beforeChange, onDone }: Copy): Promise<Copied> {
  const writing = new Writing(to, of);
  const there = existed ? documentsOf(to, of) : undefined;
  let [done, kept, prepared] = [0, 0, !existed];
  const advance = async (): Promise<Buffer | undefined> => {
    const next = await there?.next();
    return next?.done === false ? next.value : undefined;
  };
  const change = async (work: () => Promise<void>) => {
    if (!prepared) await beforeChange();
    prepared = true;
    await work();
  };
  try {
    let old = await advance();
    for await (const raw of documentsOf(from, of)) {
      for (;;) {
        const order = old === undefined ? 1 : orderOf(old, raw);
        if (order < 0) {
          const surplus = idOf(old!);
          await change(() => writing.remove(surplus));
          old = await advance();
          continue;
        }
        if (order > 0) await change(() => writing.insert(raw));
        else {
          if (raw.equals(old!)) kept++;
          else {
            const changed = idOf(old!);
            await change(() => writing.remove(changed));
            await change(() => writing.insert(raw));
          }
          old = await advance();
        }
        break;
      }
      await onDone(++done);
    }
    for (; old !== undefined; old = await advance()) {
      const surplus = idOf(old);
      await change(() => writing.remove(surplus));
    }
    await writing.flush();
  } finally {
    await there?.return();
  }
  return { kept, inserted: writing.inserted, removed: writing.removed };
}

/** Order of two documents by `_id`; 1 and 1.0 are one and the same `_id`. */
function orderOf(a: Buffer, b: Buffer): number {
  if (a.equals(b)) return 0;
  const [one, other] = [idOf(a), idOf(b)];
  if (one.type === other.type && one.bytes.equals(other.bytes)) return 0;
  return compareValues(idValue(one), idValue(other));
}
