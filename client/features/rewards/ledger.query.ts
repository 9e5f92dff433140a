import { useInfiniteQuery } from '@tanstack/react-query';
import type { RewardState } from '../../../shared/reward.ts';
import { useWorkspace } from '../../state/hooks.tsx';

/** The ledger of all whom the viewer sees, newest first; of one state or of all. */
export function useLedger(state: RewardState | null) {
  const { calls } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ['rewards', 'ledger', state],
    queryFn: ({ pageParam }) => calls.rewards({ customerId: null, state, after: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  return { query, rewards: query.data?.pages.flatMap(({ rewards }) => rewards) ?? [] };
}
