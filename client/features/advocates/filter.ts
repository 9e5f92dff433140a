import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import {
  type AdvocateKind,
  type AdvocateSort,
  advocateKinds,
  advocateSorts,
} from '../../../shared/advocate.ts';

/** Who is looked at, and in which order. */
export interface AdvocateFilter {
  kind: AdvocateKind | null;
  channelId: string | null;
  product: string | null;
  segmentId: string | null;
  q: string;
  sort: AdvocateSort;
}

/** All that the address of the board says. */
export interface BoardAddress extends AdvocateFilter {
  view: 'board' | 'table';
  /** Whose record is open. */
  who: string | null;
  days: Days;
}

export const periods = [7, 30, 90] as const;
export type Days = (typeof periods)[number];

/** The order that a view begins with, and which its address need not name. */
const usual = { board: 'order', table: 'score' } as const;

export function readAddress(search: string): BoardAddress {
  const given = new URLSearchParams(search);
  const view = given.get('view') === 'table' ? 'table' : 'board';
  const sort = advocateSorts.find((each) => each === given.get('sort')) ?? usual[view];
  return {
    view,
    who: given.get('who'),
    days: periods.find((each) => String(each) === given.get('days')) ?? 30,
    kind: advocateKinds.find((each) => each === given.get('kind')) ?? null,
    channelId: given.get('channel'),
    product: given.get('product'),
    segmentId: given.get('segment'),
    q: given.get('q') ?? '',
    // A table has no places of its own.
    sort: view === 'table' && sort === 'order' ? 'score' : sort,
  };
}

export function writeAddress(address: BoardAddress): string {
  const { view, who, days, kind, channelId, product, segmentId, q, sort } = address;
  const words = new URLSearchParams({
    ...(view === 'table' && { view }),
    ...(kind && { kind }),
    ...(channelId && { channel: channelId }),
    ...(product && { product }),
    ...(segmentId && { segment: segmentId }),
    ...(q && { q }),
    ...(sort !== usual[view] && { sort }),
    ...(days !== 30 && { days: String(days) }),
    ...(who && { who }),
  });
  return words.size > 0 ? `?${words}` : '';
}

export const isFiltered = ({ kind, channelId, product, segmentId, q }: AdvocateFilter): boolean =>
  Boolean(kind || channelId || product || segmentId || q);

/** Some are left out: by a filter, or by an order of those who rise or fall. */
export const isNarrowed = (filter: AdvocateFilter): boolean =>
  isFiltered(filter) || filter.sort === 'rising' || filter.sort === 'falling';

/** What the address says, and how to say something else. Opening a record can be gone back from; a filter cannot. */
export function useBoardAddress(): {
  address: BoardAddress;
  change: (change: Partial<BoardAddress>) => void;
} {
  const search = useSearch();
  const [, navigate] = useLocation();
  const address = useMemo(() => readAddress(search), [search]);
  const change = useCallback(
    (what: Partial<BoardAddress>) => {
      const next = { ...readAddress(window.location.search), ...what };
      if (what.view && what.sort === undefined) next.sort = usual[what.view];
      navigate(`/advocates${writeAddress(next)}`, { replace: typeof what.who !== 'string' });
    },
    [navigate],
  );
  return { address, change };
}
