import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { type Reward, rewardStates } from '../../../shared/reward.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Gift } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { type AdvocateCatalog, useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { AdvocatesArea } from '../advocates/area.tsx';
import { useUsers } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useRoom } from '../media.ts';
import { LinkButton } from '../shell/link-button.tsx';
import { useRewardDeeds } from './deeds.ts';
import { useLedger } from './ledger.query.ts';
import { StateChip, What } from './line.tsx';

type Column = keyof AdvocateCatalog['reward']['columns'];
const columns: Record<ReturnType<typeof useRoom>, readonly Column[]> = {
  wide: ['at', 'who', 'what', 'reason', 'by', 'state', 'deed'],
  narrow: ['at', 'who', 'what', 'state', 'deed'],
  // One cell says it all but the state, under which it is undone.
  phone: ['who', 'state'],
};
const widths: Partial<Record<Column, string>> = {
  at: 'w-24',
  who: 'w-[18%]',
  what: 'w-[20%]',
  by: 'w-32',
  state: 'w-36',
  deed: 'w-28',
};

/** Every reward that was given, asked for, refused or taken back: a line each, newest first. */
export default function RewardsPage() {
  const t = useT();
  const w = useAdvocateWords();
  const room = useRoom();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('state');
  const state = rewardStates.find((each) => each === asked) ?? null;
  const { query, rewards } = useLedger(state);
  const shown = columns[room];
  return (
    <AdvocatesArea
      part="rewards"
      text={w.reward.ledgerText}
      actions={
        (rewards.length > 0 || state) && (
          <Select
            bare
            label={w.reward.filter}
            className="w-44"
            value={state ?? 'any'}
            onChange={(id) =>
              navigate(id === 'any' ? '/advocates/rewards' : `/advocates/rewards?state=${id}`, {
                replace: true,
              })
            }
            options={[
              { id: 'any', label: w.reward.any },
              ...rewardStates.map((id) => ({ id, label: w.reward.state[id] })),
            ]}
          />
        )
      }
    >
      {query.isError && !query.data ? (
        <ErrorState
          className="flex-1"
          title={w.reward.ledgerFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows />
        </Delayed>
      ) : rewards.length === 0 ? (
        <EmptyState
          className="flex-1"
          icon={<Gift size={24} />}
          title={state ? w.board.filteredTitle : w.reward.ledgerEmpty}
          text={state ? w.board.filteredText : w.reward.ledgerEmptyText}
          action={!state && <LinkButton href="/advocates">{w.testimonial.toBoard}</LinkButton>}
        />
      ) : (
        <>
          <div className="overflow-x-auto rounded-xl border border-line bg-surface shadow-soft">
            <table className="w-full table-fixed border-collapse text-sm">
              <caption className="sr-only">{w.reward.ledger}</caption>
              {/* Of a head that is only read aloud no column takes its width. */}
              <colgroup>
                {shown.map((column) => (
                  <col key={column} className={room === 'phone' && column === 'who' ? '' : widths[column]} />
                ))}
              </colgroup>
              <thead className={room === 'phone' ? 'sr-only' : ''}>
                <tr>
                  {shown.map((column) => (
                    <th
                      key={column}
                      scope="col"
                      className="border-b border-line px-3 py-2 text-start text-2xs font-semibold text-ink-muted"
                    >
                      {w.reward.columns[column]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rewards.map((reward) => (
                  <tr key={reward.id} className="border-b border-line align-top last:border-b-0">
                    {shown.map((column) => (
                      <td key={column} className="px-3 py-2.5">
                        <Cell reward={reward} column={column} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {query.hasNextPage && (
            <Button
              className="mt-3 self-center"
              isPending={query.isFetchingNextPage}
              onPress={() => void query.fetchNextPage()}
            >
              {w.board.more}
            </Button>
          )}
        </>
      )}
    </AdvocatesArea>
  );
}

function Cell({ reward, column }: { reward: Reward; column: Column }) {
  const phone = useRoom() === 'phone';
  switch (column) {
    case 'at':
      return <At reward={reward} />;
    case 'who':
      return phone ? <Whole reward={reward} /> : <Who reward={reward} />;
    case 'what':
      return <What reward={reward} />;
    case 'reason':
      return (
        <p dir="auto" className="ui-start line-clamp-2 text-xs wrap-anywhere" title={reward.reason}>
          {reward.reason}
        </p>
      );
    case 'by':
      return <By reward={reward} />;
    case 'state':
      return phone ? (
        <div className="flex flex-col items-start gap-2">
          <StateChip reward={reward} />
          <Undo reward={reward} />
        </div>
      ) : (
        <StateChip reward={reward} />
      );
    case 'deed':
      return <Undo reward={reward} />;
  }
}

/** What the cells of a wide ledger say, one under the other. */
function Whole({ reward }: { reward: Reward }) {
  return (
    <div className="flex flex-col gap-1.5">
      <Who reward={reward} />
      <What reward={reward} />
      {reward.reason && (
        <p dir="auto" className="ui-start text-xs wrap-anywhere">
          {reward.reason}
        </p>
      )}
      <div className="flex flex-wrap gap-x-2 text-ink-muted">
        <At reward={reward} />
        <By reward={reward} />
      </div>
    </div>
  );
}

function At({ reward: { at } }: { reward: Reward }) {
  const fmt = useFmt();
  const now = useNow();
  return (
    <time dateTime={at} title={fmt.both(at)} className="text-xs text-ink-muted">
      {fmt.short(at, now)}
    </time>
  );
}

function Who({ reward }: { reward: Reward }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  return (
    <div>
      <Link
        href={`/advocates?who=${reward.customerId}`}
        className="block min-h-6 font-medium text-accent-ink hover:underline"
      >
        <PersonName name={reward.customerName} />
      </Link>
      {reward.balance !== null && reward.kind === 'points' && (
        <span className="text-2xs text-ink-muted">{w.reward.balance(fmt.number(reward.balance))}</span>
      )}
    </div>
  );
}

function By({ reward: { byUserId, decidedByUserId } }: { reward: Reward }) {
  const t = useT();
  const w = useAdvocateWords();
  const users = useUsers();
  const nameOf = (id: string) => users.get(id)?.name ?? t.common.unknown;
  return (
    <span className="min-w-0 text-xs">
      <PersonName name={nameOf(byUserId)} />
      {decidedByUserId && decidedByUserId !== byUserId && (
        <span className="block text-2xs text-ink-muted">{w.reward.decidedBy(nameOf(decidedByUserId))}</span>
      )}
    </span>
  );
}

/** Nothing where it cannot be undone, or not by the viewer. */
function Undo({ reward }: { reward: Reward }) {
  const w = useAdvocateWords();
  const room = useRoom();
  const deeds = useRewardDeeds();
  const [busy, setBusy] = useState(false);
  if (!deeds.mayUndo(reward)) return null;
  return (
    <Button
      size="sm"
      variant={room === 'wide' ? 'quiet' : 'secondary'}
      isPending={busy}
      onPress={() => {
        setBusy(true);
        void deeds.undo(reward).finally(() => setBusy(false));
      }}
    >
      {w.reward.undo}
    </Button>
  );
}
