import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SavedSearch } from '../../../shared/listening.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';

const none: readonly SavedSearch[] = [];

/** All saved searches, archived ones too: what they found still names them. Asked for again when one changes. */
export function useSearches() {
  const { calls } = useWorkspace();
  return useQuery({ queryKey: ['searches'], queryFn: () => calls.searches(), staleTime: 60_000 });
}

/** Saved searches by id. */
export function useSearchesById(): ReadonlyMap<string, SavedSearch> {
  const { data = none } = useSearches();
  return useMemo(() => new Map(data.map((search) => [search.id, search])), [data]);
}

/** Alerts, newest first; asked for again when there is one more or one was seen. */
export function useSpikes() {
  const { calls } = useWorkspace();
  return useInfiniteQuery({
    queryKey: ['spikes'],
    queryFn: ({ pageParam }) => calls.spikes(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? undefined,
    staleTime: 60_000,
  });
}

/** Alerts of the last two days that the viewer has not seen, newest first. */
export function useUnseenSpikes() {
  const me = useMe();
  const { data } = useSpikes();
  return useMemo(() => {
    const since = new Date(Date.now() - 2 * 24 * 3_600_000).toISOString();
    const spikes = data?.pages.flatMap((page) => page.spikes) ?? [];
    return spikes.filter(({ at, seenBy }) => at >= since && !seenBy.includes(me.id));
  }, [data, me.id]);
}
