import { invalid } from '../http/validate.ts';

/** One place in the stream: by time, then by source, then in that source's own order. */
export interface Place {
  at: Date;
  rank: number;
  own: readonly (string | number)[];
}

export type Direction = 'older' | 'newer';

/** Where a source begins to read: beyond this time, and at that very time … */
export interface Bound {
  at: Date;
  /** … beyond this place of its own, or all of it, or nothing. */
  own: readonly (string | number)[] | 'all' | 'none';
}

/** What a place means to the source of this rank. */
export function boundOf(place: Place, rank: number, direction: Direction): Bound {
  if (rank === place.rank) return { at: place.at, own: place.own };
  const isBeyond = direction === 'older' ? rank < place.rank : rank > place.rank;
  return { at: place.at, own: isBeyond ? 'all' : 'none' };
}

/**
 * A bound as a query. The plain bound on the time is what an index uses; the rest decides within its edge.
 * @param fields the time's, then those of the source's own order
 */
export function beyond(
  bound: Bound | null,
  direction: Direction,
  fields: { at: string; own: readonly string[] },
): Record<string, unknown> {
  if (!bound) return {};
  const past = direction === 'older' ? '$lt' : '$gt';
  const upTo = direction === 'older' ? '$lte' : '$gte';
  if (bound.own === 'all') return { [fields.at]: { [upTo]: bound.at } };
  if (bound.own === 'none') return { [fields.at]: { [past]: bound.at } };
  const { own } = bound;
  return {
    [fields.at]: { [upTo]: bound.at },
    $or: [
      { [fields.at]: { [past]: bound.at } },
      ...fields.own.map((field, nth) => ({
        [fields.at]: bound.at,
        ...Object.fromEntries(fields.own.slice(0, nth).map((name, i) => [name, own[i]])),
        [field]: { [past]: own[nth] },
      })),
    ],
  };
}

/** The same order as a sort. */
export function orderOf(
  direction: Direction,
  fields: { at: string; own: readonly string[] },
): Record<string, 1 | -1> {
  const sign = direction === 'older' ? -1 : 1;
  return Object.fromEntries([fields.at, ...fields.own].map((field) => [field, sign]));
}

/** Which of two comes first, in time; places of one source are in order already. */
export function comparePlaces(a: Pick<Place, 'at' | 'rank'>, b: typeof a): number {
  return a.at.getTime() - b.at.getTime() || a.rank - b.rank;
}

export function cursorOf({ at, rank, own }: Place): string {
  return Buffer.from(JSON.stringify([at.getTime(), rank, ...own])).toString('base64url');
}

/** Messages have an order of the provider's, one of ours and an id; everything else has an id. */
const isPlaceOfMessage = ([order, seq, id, ...more]: readonly unknown[]): boolean =>
  typeof order === 'string' && typeof seq === 'number' && typeof id === 'string' && !more.length;

/** @throws AppError invalid */
export function placeOf(cursor: string, name: string): Place {
  let parts: unknown = null;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Answered below, with everything else that is no cursor.
  }
  if (Array.isArray(parts)) {
    const [at, rank, ...own] = parts as unknown[];
    if (
      typeof at === 'number' &&
      !Number.isNaN(new Date(at).getTime()) &&
      typeof rank === 'number' &&
      (rank === 0 ? isPlaceOfMessage(own) : own.length === 1 && typeof own[0] === 'string')
    )
      return { at: new Date(at), rank, own: own as (string | number)[] };
  }
  throw invalid({ [name]: 'This is no cursor of this history.' });
}
