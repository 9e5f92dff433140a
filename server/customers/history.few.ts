import type { Bound, Direction } from './history.place.ts';
import type { Found } from './history.source.ts';

/** What is ordered by its time, and then by its id. */
export const byTime = { at: 'at', own: ['_id'] } as const;

/** What a query with these sources' filters cannot do: of a few documents, those beyond a bound, in order. */
export function beyondOf(
  found: Found[],
  { bound, direction, limit }: { bound: Bound | null; direction: Direction; limit: number },
): Found[] {
  const sign = direction === 'older' ? -1 : 1;
  const id = ({ own }: Pick<Found, 'own'>) => String(own[0]);
  const isBeyond = (one: Found) => {
    if (!bound) return true;
    const later = (one.at.getTime() - bound.at.getTime()) * sign;
    if (later !== 0) return later > 0;
    if (typeof bound.own === 'string') return bound.own === 'all';
    return compare(id(one), String(bound.own[0])) * sign > 0;
  };
  return found
    .filter(isBeyond)
    .sort((a, b) => sign * (a.at.getTime() - b.at.getTime() || compare(id(a), id(b))))
    .slice(0, limit);
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
