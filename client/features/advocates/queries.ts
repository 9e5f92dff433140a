import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { may } from '../../../shared/access.ts';
import type { Advocate, AdvocateStage } from '../../../shared/advocate.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useOffline } from '../settings/page.tsx';
import type { Columns } from './arrange.ts';
import type { AdvocateFilter, Days } from './filter.ts';

const page = 50;
const day = 86_400_000;

/** This person may move and change advocates, and the server can be told. */
export function useMayMove(): boolean {
  const me = useMe();
  const offline = useOffline();
  return may(me, 'advocate.write') && !offline;
}

/** Cards of one column, or of all, in the order of the filter. */
export function useCards(stage: AdvocateStage | null, filter: AdvocateFilter, enabled = true) {
  const { calls } = useWorkspace();
  const { sort } = filter;
  const query = useInfiniteQuery({
    queryKey: ['advocates', 'board', stage, filter],
    queryFn: ({ pageParam, signal }) =>
      calls.advocates({ ...filter, stage, after: pageParam, limit: page }, signal),
    initialPageParam: null as string | null,
    // Whoever rises comes first: behind the last one nobody does.
    getNextPageParam: (last) =>
      last.advocates.length > 0 && !last.advocates.every((one) => goesWith(sort, one)) ? null : last.next,
    placeholderData: keepPreviousData,
    enabled,
  });
  const cards = useMemo(
    () => query.data?.pages.flatMap(({ advocates }) => advocates.filter((one) => goesWith(sort, one))) ?? [],
    [query.data, sort],
  );
  return { query, cards };
}

const goesWith = (sort: AdvocateFilter['sort'], { change }: Advocate) =>
  sort === 'rising' ? change > 0 : sort === 'falling' ? change < 0 : true;

/** The five columns. A phone asks for the one it shows. */
export function useBoard(filter: AdvocateFilter, only: AdvocateStage | null) {
  const asks = (stage: AdvocateStage) => only === null || only === stage;
  const discovered = useCards('discovered', filter, asks('discovered'));
  const contacted = useCards('contacted', filter, asks('contacted'));
  const engaged = useCards('engaged', filter, asks('engaged'));
  const ambassador = useCards('ambassador', filter, asks('ambassador'));
  const dormant = useCards('dormant', filter, asks('dormant'));
  const columns = useMemo<Columns>(
    () => ({
      discovered: discovered.cards,
      contacted: contacted.cards,
      engaged: engaged.cards,
      ambassador: ambassador.cards,
      dormant: dormant.cards,
    }),
    [discovered.cards, contacted.cards, engaged.cards, ambassador.cards, dormant.cards],
  );
  const queries = {
    discovered: discovered.query,
    contacted: contacted.query,
    engaged: engaged.query,
    ambassador: ambassador.query,
    dormant: dormant.query,
  };
  return { columns, queries };
}

export type ColumnQuery = ReturnType<typeof useCards>['query'];

/** One person with what their score rests on. */
export function useAdvocate(customerId: string) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['advocates', 'one', customerId],
    queryFn: () => calls.advocate(customerId),
  });
}

export function useSummary(days: Days) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['advocates', 'summary', days],
    queryFn: () => {
      const to = Date.now();
      return calls.advocateSummary({
        from: new Date(to - days * day).toISOString(),
        to: new Date(to).toISOString(),
      });
    },
    placeholderData: keepPreviousData,
  });
}

/** Weights, thresholds and limits: what a score is explained by. */
export function useAdvocateSettings() {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['advocates', 'settings'],
    queryFn: () => calls.advocateSettings(),
    staleTime: 60_000,
  });
}

/** Where they would be written to now. Refused with the reason where they cannot be. */
export function useWay(customerId: string, enabled = true) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['advocates', 'way', customerId],
    queryFn: () => calls.advocateWay(customerId),
    enabled,
  });
}
