import { useInfiniteQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Link, useSearch } from 'wouter';
import type { Duplicate } from '../../../shared/duplicate.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { ChevronDown, ChevronUp, Clock, CopyCheck, Merge, RotateCcw, Split } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { announce } from '../../components/live-region.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import type { CommandId } from '../../i18n/fa.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { CustomersArea } from '../customers/area.tsx';
import { useCustomerEvents } from '../customers/events.ts';
import { useUsers } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useRoom } from '../media.ts';
import { useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { useDeciding } from './deciding.ts';
import { Pair } from './pair.tsx';
import { useWhy } from './reason.words.ts';
import { Score } from './score.tsx';

const MergeDialog = later(() => import('../merge/merge.dialog.tsx'));
const page = 50;
const states = ['open', 'dismissed'] as const;

/** Pairs that may be one person, the surest first: look at why, and merge, set apart or put off, all by keyboard. */
export default function DuplicatesPage() {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const room = useRoom();
  const offline = useOffline();
  const { calls } = useWorkspace();
  useCustomerEvents();
  const state = new URLSearchParams(useSearch()).get('state') === 'dismissed' ? 'dismissed' : 'open';
  const query = useInfiniteQuery({
    queryKey: ['duplicates', 'list', state],
    queryFn: ({ pageParam }) => calls.duplicates({ state, after: pageParam, limit: page }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const [putOff, setPutOff] = useState<ReadonlySet<string>>(new Set());
  const fetched = query.data?.pages.flatMap(({ duplicates }) => duplicates) ?? [];
  const pairs = [
    ...fetched.filter(({ id }) => !putOff.has(id)),
    ...fetched.filter(({ id }) => putOff.has(id)),
  ];
  const count = query.data?.pages[0]?.count ?? 0;
  const [chosen, setChosen] = useState<string | null>(null);
  // Where the chosen one stood: when it goes, the one that comes to its place is next.
  const place = useRef(0);
  const found = pairs.findIndex(({ id }) => id === chosen);
  const at = found === -1 ? Math.min(place.current, pairs.length - 1) : found;
  useEffect(() => {
    place.current = Math.max(0, at);
  });
  const pair = pairs[at];
  const some = pair !== undefined;
  useEffect(() => {
    // The last one took the button along that had the keyboard.
    if (!some && document.activeElement === document.body) document.getElementById('content')?.focus();
  }, [some]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && at >= pairs.length - 5) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, at, pairs.length]);
  const list = useRef<HTMLUListElement>(null);
  const show = (next: Duplicate | undefined) => {
    if (!next) return;
    setChosen(next.id);
    announce(namesOf(next, w.duplicates.and));
    list.current?.querySelector(`[data-pair="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const [merging, setMerging] = useState<Duplicate | null>(null);
  const decide = useDeciding();
  const why = useWhy();
  const decides = pair !== undefined && !offline;
  const next = () => show(pairs[Math.min(pairs.length - 1, at + 1)]);
  const previous = () => show(pairs[Math.max(0, at - 1)]);
  const dismiss = () => pair && void decide(pair.id, true);
  const restore = () => pair && void decide(pair.id, false);
  const skip = () => {
    if (!pair) return;
    const after = pairs[at + 1] ?? pairs[0];
    setPutOff(new Set([...putOff].filter((id) => id !== pair.id)).add(pair.id));
    show(after);
    showToast({
      text: w.duplicates.skipped,
      stays: 4_000,
      undo: () => {
        setPutOff((all) => new Set([...all].filter((id) => id !== pair.id)));
        setChosen(pair.id);
      },
    });
  };
  useHotkey('list.next', next);
  useHotkey('list.previous', previous);
  useHotkey('list.open', () => pair && setMerging(pair), { enabled: decides && state === 'open' });
  useHotkey('customers.merge', () => pair && setMerging(pair), { enabled: decides && state === 'open' });
  useHotkey('customers.notSame', dismiss, { enabled: decides && state === 'open' });
  useHotkey('customers.skip', skip, { enabled: pairs.length > 1 && state === 'open' });

  const filter = (
    <nav aria-label={w.duplicates.stateLabel} className="flex rounded-lg bg-sunken p-0.5">
      {states.map((each) => (
        <Link
          key={each}
          href={each === 'open' ? '/customers/duplicates' : '/customers/duplicates?state=dismissed'}
          aria-current={each === state ? 'page' : undefined}
          className={cx(
            'flex min-h-7 items-center rounded-md px-2.5 text-xs font-medium',
            each === state ? 'bg-raised text-ink shadow-soft' : 'text-ink-muted hover:text-ink',
          )}
        >
          {w.duplicates.state[each]}
        </Link>
      ))}
    </nav>
  );
  return (
    <CustomersArea part="duplicates" fills text={w.duplicates.text} actions={filter}>
      {query.isError && !query.data ? (
        <ErrorState
          className="flex-1"
          title={w.duplicates.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows />
        </Delayed>
      ) : !pair ? (
        <EmptyState
          className="flex-1"
          icon={<CopyCheck size={24} />}
          title={state === 'open' ? w.duplicates.emptyTitle : w.duplicates.emptyDismissedTitle}
          text={state === 'open' ? w.duplicates.emptyText : w.duplicates.emptyDismissedText}
          action={<LinkButton href="/customers">{w.duplicates.toCustomers}</LinkButton>}
        />
      ) : (
        <div className="-mx-4 flex min-h-0 flex-1 border-t border-line sm:-mx-6">
          {room !== 'phone' && (
            <div className="w-72 shrink-0 overflow-y-auto border-e border-line bg-surface">
              <ul ref={list} aria-label={w.duplicates.list}>
                {pairs.map((each) => (
                  <li key={each.id} data-pair={each.id}>
                    <ListRow
                      duplicate={each}
                      active={each === pair}
                      putOff={putOff.has(each.id)}
                      onPress={() => show(each)}
                    />
                  </li>
                ))}
              </ul>
              {hasNextPage && (
                <div className="p-3 text-center">
                  <Button size="sm" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                    {w.duplicates.more}
                  </Button>
                </div>
              )}
            </div>
          )}
          <section aria-label={w.duplicates.pair} className="flex min-w-0 flex-1 flex-col">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-2">
              <h2 className="sr-only">{namesOf(pair, w.duplicates.and)}</h2>
              <Score score={pair.score} />
              <span className="text-xs text-ink-muted">{w.duplicates.of(at + 1, fmt.capped(count))}</span>
              <span className="flex">
                <IconButton
                  size="sm"
                  label={w.duplicates.previous}
                  hotkey="list.previous"
                  icon={<ChevronUp size={16} />}
                  isDisabled={at === 0}
                  onPress={previous}
                />
                <IconButton
                  size="sm"
                  label={w.duplicates.next}
                  hotkey="list.next"
                  icon={<ChevronDown size={16} />}
                  isDisabled={at >= pairs.length - 1}
                  onPress={next}
                />
              </span>
              <Decided pair={pair} />
              <div className="ms-auto flex flex-wrap gap-2 max-sm:w-full max-sm:[&>*]:flex-1">
                {state === 'open' ? (
                  <>
                    <Deed
                      command="customers.skip"
                      icon={<Clock size={15} aria-hidden />}
                      isDisabled={pairs.length < 2}
                      onPress={skip}
                    >
                      {w.duplicates.skip}
                    </Deed>
                    <Deed
                      command="customers.notSame"
                      icon={<Split size={15} aria-hidden />}
                      isDisabled={offline}
                      onPress={dismiss}
                    >
                      {w.duplicates.notSame}
                    </Deed>
                    <Deed
                      command="customers.merge"
                      variant="primary"
                      icon={<Merge size={15} aria-hidden />}
                      isDisabled={offline}
                      onPress={() => setMerging(pair)}
                    >
                      {w.merge.short}
                    </Deed>
                  </>
                ) : (
                  <Button icon={<RotateCcw size={15} aria-hidden />} isDisabled={offline} onPress={restore}>
                    {w.duplicates.restore}
                  </Button>
                )}
              </div>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto p-4 focus-visible:outline-offset-[-2px]">
              <Pair key={pair.id} duplicate={pair} />
            </div>
          </section>
        </div>
      )}
      {merging && (
        <Suspense fallback={null}>
          <MergeDialog
            customer={merging.customers[0]}
            other={merging.customers[1]}
            reason={why(merging)}
            onClose={() => setMerging(null)}
          />
        </Suspense>
      )}
    </CustomersArea>
  );
}

const namesOf = ({ customers: [one, two] }: Duplicate, and: string) =>
  `${plainName(one.name)} ${and} ${plainName(two.name)}`;

interface DeedProps {
  command: CommandId;
  variant?: 'primary' | 'secondary';
  icon: React.ReactNode;
  isDisabled: boolean;
  onPress: () => void;
  children: React.ReactNode;
}

/** A button that shows its key. */
function Deed({ command, variant = 'secondary', icon, isDisabled, onPress, children }: DeedProps) {
  const keys = useHotkeyKeys(command);
  return (
    <Button variant={variant} icon={icon} isDisabled={isDisabled} onPress={onPress}>
      {children}
      {keys && (
        <span aria-hidden className="ms-1 max-sm:hidden">
          <Kbd keys={keys} inverse={variant === 'primary'} />
        </span>
      )}
    </Button>
  );
}

function Decided({ pair }: { pair: Duplicate }) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  if (pair.state !== 'dismissed' || !pair.decidedAt) return null;
  const who = users.get(pair.decidedByUserId ?? '')?.name ?? t.common.unknown;
  return (
    <span className="text-xs text-ink-muted">{w.duplicates.decided(who, fmt.date(pair.decidedAt, now))}</span>
  );
}

interface ListRowProps {
  duplicate: Duplicate;
  active: boolean;
  putOff: boolean;
  onPress: () => void;
}

function ListRow({ duplicate, active, putOff, onPress }: ListRowProps) {
  const w = useCustomerWords();
  const [one, two] = duplicate.customers;
  return (
    <button
      type="button"
      aria-current={active ? 'true' : undefined}
      onClick={onPress}
      className={cx(
        'flex w-full flex-col gap-1.5 border-b border-line px-4 py-2.5 text-start text-sm focus-visible:outline-offset-[-2px]',
        active ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <span className="w-full min-w-0">
        <PersonName name={one.name} className="font-medium" />
        <PersonName name={two.name} className={active ? 'text-ink' : 'text-ink-muted'} />
      </span>
      <span className="flex w-full items-center gap-2">
        <Score score={duplicate.score} />
        {putOff && <span className="text-2xs text-ink-muted">{w.duplicates.skipped}</span>}
      </span>
    </button>
  );
}
