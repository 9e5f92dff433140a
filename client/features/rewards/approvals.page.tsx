import { useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Reward } from '../../../shared/reward.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Check, CircleCheck, X } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import type { CommandId } from '../../i18n/fa.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { AdvocatesArea } from '../advocates/area.tsx';
import { useUsers } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useRewardDeeds } from './deeds.ts';
import { useLedger } from './ledger.query.ts';
import { What } from './line.tsx';

/** Rewards above the limit: one after another by the keyboard. */
export default function ApprovalsPage() {
  const t = useT();
  const w = useAdvocateWords();
  const [, navigate] = useLocation();
  const { query, rewards } = useLedger('waiting');
  const deeds = useRewardDeeds();
  const box = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState<string | null>(null);
  const place = Math.min(at, rewards.length - 1);
  const reward = rewards[place];
  const focus = (next: number) =>
    requestAnimationFrame(() => {
      const rows = box.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
      (rows[Math.min(next, rows.length - 1)] ?? document.getElementById('content'))?.focus();
    });
  const go = (by: number) => {
    const inside = box.current?.contains(document.activeElement) ?? false;
    const next = Math.max(0, Math.min(rewards.length - 1, inside ? place + by : place));
    setAt(next);
    focus(next);
  };
  const decide = async (which: Reward, approve: boolean) => {
    if (busy) return;
    setBusy(which.id);
    const had = box.current?.contains(document.activeElement) ?? false;
    await deeds.decide(which, approve);
    setBusy(null);
    // The row goes under the keyboard: the one that comes to its place is next.
    if (had) focus(rewards.indexOf(which));
  };
  useHotkey('list.next', () => go(1));
  useHotkey('list.previous', () => go(-1));
  useHotkey('list.open', () => reward && navigate(`/advocates?who=${reward.customerId}`));
  const may = reward !== undefined && deeds.mayDecide(reward);
  useHotkey('approvals.approve', () => reward && void decide(reward, true), { enabled: may });
  useHotkey('approvals.refuse', () => reward && void decide(reward, false), { enabled: may });
  return (
    <AdvocatesArea part="approvals" text={w.approvals.text}>
      {query.isError && !query.data ? (
        <ErrorState
          className="flex-1"
          title={w.approvals.loadFailed}
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
          icon={<CircleCheck size={24} />}
          title={w.approvals.emptyTitle}
          text={w.approvals.emptyText}
        />
      ) : (
        <ul ref={box} aria-label={w.approvals.list} className="flex flex-col gap-2">
          {rewards.map((each, nth) => (
            <Row
              key={each.id}
              reward={each}
              active={nth === place}
              busy={busy === each.id}
              onFocus={() => setAt(nth)}
              onDecide={(approve) => void decide(each, approve)}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          className="mt-3 self-center"
          isPending={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {w.board.more}
        </Button>
      )}
    </AdvocatesArea>
  );
}

interface RowProps {
  reward: Reward;
  active: boolean;
  busy: boolean;
  onFocus: () => void;
  onDecide: (approve: boolean) => void;
}

function Row({ reward, active, busy, onFocus, onDecide }: RowProps) {
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const deeds = useRewardDeeds();
  const decides = deeds.mayDecide(reward);
  const who = users.get(reward.byUserId)?.name ?? t.common.unknown;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-surface px-4 py-3 shadow-soft focus-within:border-accent">
      <Avatar name={reward.customerName} seed={reward.customerId} size="md" />
      <div className="min-w-40 flex-1">
        <Link
          data-row
          href={`/advocates?who=${reward.customerId}`}
          tabIndex={active ? 0 : -1}
          onFocus={onFocus}
          className="block w-fit max-w-full rounded-sm font-semibold"
        >
          <PersonName name={reward.customerName} />
        </Link>
        <p className="text-2xs text-ink-muted">{w.approvals.asked(who, fmt.relative(reward.at, now))}</p>
      </div>
      <div className="min-w-40 flex-1 text-sm">
        <What reward={reward} />
        <p dir="auto" className="ui-start mt-0.5 text-xs text-ink-muted wrap-anywhere">
          {reward.reason}
        </p>
      </div>
      <div className="flex items-center gap-2 max-sm:w-full max-sm:[&>*]:flex-1">
        {decides ? (
          <>
            <Deed
              command="approvals.refuse"
              shown={active}
              icon={<X size={15} aria-hidden />}
              isPending={busy}
              onFocus={onFocus}
              onPress={() => onDecide(false)}
            >
              {w.approvals.refuse}
            </Deed>
            <Deed
              primary
              command="approvals.approve"
              shown={active}
              icon={<Check size={15} aria-hidden />}
              isPending={busy}
              onFocus={onFocus}
              onPress={() => onDecide(true)}
            >
              {w.approvals.approve}
            </Deed>
          </>
        ) : (
          <>
            <span className="text-xs text-ink-muted">
              {deeds.approves ? w.approvals.own : w.approvals.notMine}
            </span>
            {deeds.mayUndo(reward) && (
              <Button size="sm" onPress={() => void deeds.undo(reward)}>
                {w.approvals.withdraw}
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}

interface DeedProps {
  command: CommandId;
  primary?: boolean;
  /** Its key is shown: the row is the one that the keys mean. */
  shown: boolean;
  icon: React.ReactNode;
  isPending: boolean;
  onFocus: () => void;
  onPress: () => void;
  children: React.ReactNode;
}

function Deed({ command, primary = false, shown, children, ...rest }: DeedProps) {
  const keys = useHotkeyKeys(command);
  return (
    <Button variant={primary ? 'primary' : 'secondary'} {...rest}>
      {children}
      {keys && shown && (
        <span aria-hidden className="ms-1 max-sm:hidden">
          <Kbd keys={keys} inverse={primary} />
        </span>
      )}
    </Button>
  );
}
