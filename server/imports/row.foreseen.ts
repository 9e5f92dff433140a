import { createHash } from 'node:crypto';
import type { StatedKind } from '../../shared/customer.ts';
import { normalise } from '../../shared/text/normalise.ts';
import { identityId } from '../customers/identity.ts';
import type { RowWord } from './row.read.ts';
import { telling, type Who } from './row.who.ts';

/**
 * What the rows before come to that is not written yet: whom they make, and what they give to those who are there. In a dry run that
 * is all of a table, so of everything it keeps no more than numbers.
 */
export class Foreseen {
  private readonly owners = new Map<number, Who>();
  private readonly records = new Set<number>();
  private readonly claims = new Set<number>();
  /** By place: a bit for each kind they have, and their name. */
  private readonly kinds: number[] = [];
  private readonly names: number[] = [];
  /** By CID, of those who are there. */
  private readonly places = new Map<string, number>();

  ownerOf(id: string): Who | null {
    return this.owners.get(short(id)) ?? null;
  }

  has(who: Who, kind: StatedKind): boolean {
    const place = this.placeOf(who);
    return place !== undefined && ((this.kinds[place] ?? 0) & bitOf(kind)) !== 0;
  }

  /** @returns as `nameMark`; null where nothing was said of it */
  nameOf(who: Who): number | null {
    const place = this.placeOf(who);
    return (place !== undefined && this.names[place]) || null;
  }

  make(): number {
    this.names.push(0);
    return this.kinds.push(0) - 1;
  }

  give(who: Who, said: { identities: RowWord['identities']; name: string }): void {
    const place = this.placeOf(who) ?? this.make();
    if (typeof who === 'string') this.places.set(who, place);
    for (const identity of said.identities) {
      this.owners.set(short(identityId(identity)), who);
      this.kinds[place] = (this.kinds[place] ?? 0) | bitOf(identity.kind);
    }
    if (said.name) this.names[place] = nameMark(said.name);
  }

  /** @returns false when an earlier row is this record */
  isFirst(recordId: string): boolean {
    return added(this.records, short(recordId));
  }

  /** @returns false when an earlier row would have them claim it */
  isNewClaim(who: Who, id: string): boolean {
    return added(this.claims, short(`${who} ${id}`));
  }

  private placeOf(who: Who): number | undefined {
    return typeof who === 'number' ? who : this.places.get(who);
  }
}

function added(set: Set<number>, one: number): boolean {
  if (set.has(one)) return false;
  set.add(one);
  return true;
}

const bitOf = (kind: StatedKind) => (telling.includes(kind) ? 1 << telling.indexOf(kind) : 0);

/** A number for a name: alike where it is the same, in whatever order; 0 for none. */
export function nameMark(name: string): number {
  const words = normalise(name).split(/\s+/).filter(Boolean).sort();
  return words.length ? (short(words.join(' ')) % 2 ** 30) + 1 : 0;
}

/** A number for a text: of a million of them two are alike once in ten thousand tables. */
function short(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
