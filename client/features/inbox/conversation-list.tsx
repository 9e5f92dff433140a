import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { builtInViews } from '../../../shared/view.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowUp, Inbox } from '../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useLoading, useStore, useWindow, useWorkspace } from '../../state/hooks.tsx';
import { type ListScope, type State, scopeFilter, windowKey } from '../../state/model.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { useCalmRows } from './calm-rows.ts';
import { ConversationRow } from './conversation-row.tsx';
import { useInboxUi } from './ui.ts';

export interface ConversationListProps {
  scope: ListScope;
  selectedId: string | null;
  onOpen: (id: string) => void;
  /** What an empty view offers to do. */
  emptyAction?: ReactNode;
}

const none: readonly string[] = [];
const heights = { compact: 52, cosy: 64, roomy: 76 };
/** After a key moved the selection the rows stay where they are for this long, in ms. */
const keyHold = 2_500;

/** The team of every row that has one, where that goes without saying. */
function onlyTeamOf(state: State, scope: ListScope): string | null {
  const team = scopeFilter(state, scope)?.team;
  const listed = typeof team === 'object' ? team.anyOf : [...state.teams.keys()];
  return (listed.length === 1 && listed[0]) || null;
}

/** The rows of a view: a listbox of our own, because a hundred thousand options are too many for any other. */
export function ConversationList(props: ConversationListProps) {
  const { scope, selectedId, onOpen, emptyAction } = props;
  const t = useT();
  const { density } = useLocale();
  const { sync } = useWorkspace();
  const set = useInboxUi((ui) => ui.set);
  const chosen = useInboxUi((ui) => ui.selected);
  const window_ = useWindow(scope);
  const list = useLoading('list');
  const box = useRef<HTMLDivElement>(null);
  const [pointing, setPointing] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [keyed, setKeyed] = useState(0);

  const onlyTeamId = useStore((state) => onlyTeamOf(state, scope));

  const key = windowKey(scope);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the scope
  useEffect(() => void sync.showView(scope), [sync, key]);
  useEffect(() => {
    if (keyed === 0) return;
    const timer = setTimeout(() => setKeyed(0), keyHold);
    return () => clearTimeout(timer);
  }, [keyed]);

  const { ids, waiting } = useCalmRows(window_?.ids ?? none, {
    key,
    held: pointing || scrolled || keyed > 0,
    selectedId,
  });
  useEffect(() => set({ rows: ids }), [set, ids]);

  // A touch screen never gets the tightest rows: the height is what the style sheet says.
  const [row, setRow] = useState<number>(heights[density]);
  useLayoutEffect(() => {
    const value = getComputedStyle(document.documentElement).getPropertyValue('--row');
    setRow(Number.parseFloat(value) || heights[density]);
  }, [density]);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => box.current,
    estimateSize: () => row,
    getItemKey: (at) => ids[at] ?? at,
    overscan: 8,
    // The active row stays mounted: the listbox names it by id.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const range = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
      const active = selectedId ? ids.indexOf(selectedId) : -1;
      if (active < 0 || (active >= from && active <= to)) return range;
      return active < from ? [active, ...range] : [...range, active];
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height moves every row
  useEffect(() => virtual.measure(), [row]);

  const at = selectedId ? ids.indexOf(selectedId) : -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only choosing another row scrolls to it
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
    setKeyed((before) => (selectedId ? before + 1 : before));
  }, [selectedId]);

  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (window_?.next && end >= ids.length - 12) void sync.loadMore();
  }, [sync, window_?.next, end, ids.length]);

  const empty = scope.filter ? undefined : builtInViews.find((each) => each === scope.view);
  if (!window_ && list.state === 'failed')
    return (
      <ErrorState
        title={t.views.loadFailed}
        text={errorText(t, list.error)}
        errorId={errorIdOf(list.error)}
        onRetry={() => void sync.showView(scope)}
      />
    );
  if (!window_)
    return (
      <Delayed>
        <SkeletonRows />
      </Delayed>
    );
  if (ids.length === 0)
    return (
      <EmptyState
        icon={<Inbox size={24} />}
        title={empty ? t.views.emptyTitle[empty] : t.views.emptyOther}
        text={empty ? t.views.emptyText[empty] : t.views.emptyOtherText}
        action={emptyAction}
      />
    );
  return (
    <div className="relative h-full">
      {waiting > 0 && (
        <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
          <Button
            variant="primary"
            size="sm"
            icon={<ArrowUp size={14} aria-hidden />}
            className="pointer-events-auto rounded-full px-3"
            onPress={() => {
              setPointing(false);
              setKeyed(0);
              setScrolled(false);
              box.current?.scrollTo({ top: 0 });
            }}
          >
            {t.row.newActivity(waiting)}
          </Button>
        </div>
      )}
      <div
        ref={box}
        role="listbox"
        tabIndex={0}
        aria-label={t.inbox.list}
        aria-multiselectable={chosen.size > 0}
        {...(at >= 0 && { 'aria-activedescendant': `row-${selectedId}` })}
        onPointerMove={(event) => event.pointerType === 'mouse' && setPointing(true)}
        onPointerLeave={() => setPointing(false)}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 0)}
        className="h-full overflow-y-auto overscroll-contain [contain:strict] focus-visible:outline-offset-[-2px]"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const id = ids[index];
            if (id === undefined) return null;
            return (
              <div
                key={key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <ConversationRow
                  id={id}
                  domId={`row-${id}`}
                  selected={id === selectedId}
                  position={index + 1}
                  of={window_.next ? -1 : ids.length}
                  onOpen={onOpen}
                  chosen={chosen.has(id)}
                  choosing={chosen.size > 0}
                  onlyTeamId={onlyTeamId}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
