import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Advocate } from '../../../shared/advocate.ts';
import type { Reward } from '../../../shared/reward.ts';
import { Button } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Gift } from '../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { useRewardDeeds } from './deeds.ts';
import { StateChip, What } from './line.tsx';

/** What this person was given, the newest first, and what they have. */
export function PersonRewards({
  advocate,
  onReward,
}: {
  advocate: Advocate;
  onReward?: (() => void) | undefined;
}) {
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const { customerId } = advocate;
  const query = useInfiniteQuery({
    queryKey: ['rewards', 'of', customerId],
    queryFn: ({ pageParam }) => calls.rewards({ customerId, state: null, after: pageParam, limit: 20 }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const rewards = query.data?.pages.flatMap((page) => page.rewards) ?? [];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1">
          <span className="block text-2xs text-ink-muted">{w.person.balance}</span>
          <span className="text-lg font-bold">{w.person.points(fmt.number(advocate.points))}</span>
        </p>
        {onReward && (
          <Button icon={<Gift size={15} aria-hidden />} onPress={onReward}>
            {w.reward.give}
          </Button>
        )}
      </div>
      {query.isError && !query.data ? (
        <ErrorState
          title={w.reward.ledgerFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows rows={2} />
        </Delayed>
      ) : rewards.length === 0 ? (
        <p className="text-sm text-ink-muted">{w.reward.none}</p>
      ) : (
        <ul className="divide-y divide-line">
          {rewards.map((reward) => (
            <Line key={reward.id} reward={reward} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          size="sm"
          className="self-center"
          isPending={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {w.board.more}
        </Button>
      )}
    </div>
  );
}

function Line({ reward }: { reward: Reward }) {
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const deeds = useRewardDeeds();
  const [busy, setBusy] = useState(false);
  const who = users.get(reward.byUserId)?.name ?? t.common.unknown;
  return (
    <li className="py-2.5 text-sm">
      <div className="flex items-start gap-2">
        <span className="min-w-0 flex-1">
          <What reward={reward} />
        </span>
        <StateChip reward={reward} />
      </div>
      <p dir="auto" className="ui-start mt-0.5 text-xs wrap-anywhere">
        {reward.reason}
      </p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-2xs text-ink-muted">
        <time dateTime={reward.at} title={fmt.both(reward.at)}>
          {fmt.date(reward.at, now)}
        </time>
        <span>{w.reward.by(who)}</span>
        {reward.balance !== null && <span>{w.reward.balance(fmt.number(reward.balance))}</span>}
        {deeds.mayUndo(reward) && (
          <Button
            size="sm"
            variant="quiet"
            className="ms-auto -me-2"
            isPending={busy}
            onPress={() => {
              setBusy(true);
              void deeds.undo(reward).finally(() => setBusy(false));
            }}
          >
            {reward.state === 'waiting' ? w.approvals.withdraw : w.reward.undo}
          </Button>
        )}
      </p>
    </li>
  );
}
