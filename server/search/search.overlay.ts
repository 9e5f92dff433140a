import type { Breath } from '../jobs/breath.ts';
import { type Bits, eraOf, placeOf, setBit } from './search.bits.ts';
import { keysOf, type Lookup } from './search.keys.ts';
import type { TailEntry } from './search.model.ts';

/** Places of each term under each key. */
export type Keys = Map<string, Map<string, number[]>>;

interface Era {
  keys: Keys;
  /** Place → seconds. */
  times: Map<number, number>;
  oldest: number;
  newest: number;
}

/** Entries that are not in the blocks, in memory and by the same keys. */
export class Overlay {
  /** Many at once, letting others have their turn. */
  async addAll(entries: readonly TailEntry[], breath: Breath): Promise<void> {
    for (const entry of entries) {
      this.add(entry);
      await breath.draw();
    }
  }

  readonly eras = new Map<number, Era>();
  size = 0;

  add({ n, t, w }: TailEntry): void {
    const era = this.era(eraOf(n));
    const place = placeOf(n);
    era.times.set(place, t);
    era.oldest = Math.min(era.oldest, t);
    era.newest = Math.max(era.newest, t);
    this.size += 1;
    if (w === '') return;
    for (const term of w.split(' '))
      for (const [key, name] of keysOf(term)) put(era.keys, { key, name, place });
  }

  private era(no: number): Era {
    let era = this.eras.get(no);
    if (!era) {
      era = { keys: new Map(), times: new Map(), oldest: Number.POSITIVE_INFINITY, newest: 0 };
      this.eras.set(no, era);
    }
    return era;
  }

  collect(era: number, lookup: Lookup, into: Bits): void {
    const names = this.eras.get(era)?.keys.get(lookup.key);
    if (!names) return;
    const wanted = wantedBy(lookup);
    for (const [name, places] of names) if (wanted(name)) for (const place of places) setBit(into, place);
  }
}

function put(keys: Keys, { key, name, place }: { key: string; name: string; place: number }): void {
  let names = keys.get(key);
  if (!names) {
    names = new Map();
    keys.set(key, names);
  }
  const places = names.get(name);
  if (!places) names.set(name, [place]);
  // Several terms of one entry share a key.
  else if (places.at(-1) !== place) places.push(place);
}

export function wantedBy({ exact, prefix }: Lookup): (name: string) => boolean {
  if (exact !== undefined) return (name) => name === exact;
  if (prefix !== undefined) return (name) => name.startsWith(prefix);
  return () => true;
}
