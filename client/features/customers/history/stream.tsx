import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { History } from '../../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../../components/skeleton.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { useNow } from '../../../lib/time.ts';
import { errorIdOf, errorText } from '../../error-text.ts';
import { Entry } from './entry.tsx';
import { type HistoryFilter, type HistoryItem, historyItems, useHistory } from './query.ts';
import { useWalk } from './use-walk.ts';

export interface HistoryStreamProps {
  customerId: string;
  customerName: string;
  filter: HistoryFilter;
}

/** About how tall an item will be, in px. */
function heightOf(item: HistoryItem | undefined): number {
  if (item?.kind !== 'entry') return 36;
  switch (item.entry.kind) {
    case 'message':
    case 'note':
    case 'call':
      return 62 + Math.ceil(item.entry.message.text.length / 70) * 22;
    case 'purchase':
    case 'service':
      return 60 + Math.min(5, item.entry.record.items.length) * 18;
    default:
      return 36;
  }
}

/** Everything that happened, the newest first, from where the filter begins on both ways. */
export function HistoryStream({ customerId, customerName, filter }: HistoryStreamProps) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const query = useHistory(customerId, filter);
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(
    () => historyItems(query.data?.pages ?? [], (at) => fmt.dayKey(at)),
    [query.data, fmt],
  );
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => heightOf(items[at]),
    getItemKey: (at) => items[at]?.key ?? at,
    overscan: 8,
    paddingEnd: 24,
  });
  const rows = virtual.getVirtualItems();
  useWalk(box, virtual, items);

  // What is newer is put before what is read: that stays where it is on screen.
  const top = useRef<{ key: unknown; offset: number } | null>(null);
  const first = rows.find(({ end }) => end > (virtual.scrollOffset ?? 0));
  const firstKey = items[0]?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another beginning moves what is read
  useLayoutEffect(() => {
    const held = top.current;
    const at = held ? items.findIndex(({ key }) => key === held.key) : -1;
    const place = at < 0 ? undefined : virtual.getOffsetForIndex(at, 'start');
    if (held && place) virtual.scrollToOffset(place[0] + held.offset);
  }, [firstKey]);
  useLayoutEffect(() => {
    top.current = first ? { key: first.key, offset: (virtual.scrollOffset ?? 0) - first.start } : null;
  });

  // Beginning in the middle, the place that was asked for is at the top.
  const begun = useRef(false);
  useLayoutEffect(() => {
    if (begun.current || items.length === 0) return;
    begun.current = true;
    const { around, entryId } = filter;
    if (!around) return;
    const named = items.findIndex((item) => item.kind === 'entry' && item.entry.id === entryId);
    const at =
      named >= 0 ? named : items.findIndex((item) => item.kind === 'entry' && item.entry.at <= around);
    if (at > 0) virtual.scrollToIndex(at - 1, { align: 'start' });
  }, [items, filter, virtual]);

  const lastShown = rows.at(-1)?.index ?? 0;
  const firstShown = rows[0]?.index ?? 0;
  const { hasNextPage, hasPreviousPage, isFetching, fetchNextPage, fetchPreviousPage, sees } = query;
  const read = first && items.slice(first.index, first.index + 2).find((item) => item.kind === 'entry');
  const window = read?.window ?? 0;
  useEffect(() => sees(window), [sees, window]);
  useEffect(() => {
    if (isFetching || !begun.current) return;
    if (hasNextPage && lastShown >= items.length - 30) void fetchNextPage();
    else if (hasPreviousPage && firstShown <= 15) void fetchPreviousPage();
  }, [
    isFetching,
    hasNextPage,
    hasPreviousPage,
    lastShown,
    firstShown,
    items.length,
    fetchNextPage,
    fetchPreviousPage,
  ]);

  // Which day is read, once its own line has gone out of sight.
  const topItem = first && items[first.index];
  const topDay = topItem?.kind === 'entry' && first && first.index > 1 ? topItem.entry.at : null;

  if (query.isError && items.length === 0)
    return (
      <ErrorState
        className="flex-1"
        title={w.history.loadFailed}
        text={errorText(t, query.error)}
        errorId={errorIdOf(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.isPending)
    return (
      <Delayed>
        <SkeletonRows />
      </Delayed>
    );
  if (items.length === 0) {
    const narrowed = filter.kinds.length > 0 || filter.channelId !== null || filter.q !== '';
    return (
      <EmptyState
        className="flex-1"
        icon={<History size={24} />}
        title={narrowed ? w.history.noneFound : w.history.emptyTitle}
        text={narrowed ? w.history.noneFoundText : w.history.emptyText}
      />
    );
  }
  return (
    <div
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      role="feed"
      aria-label={w.history.title}
      aria-busy={isFetching}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:outline-offset-[-2px]"
    >
      {topDay && (
        <p aria-hidden className="pointer-events-none sticky top-0 z-10 flex h-0 justify-center">
          <span className="mt-2 h-fit rounded-full border border-line bg-raised px-2.5 py-0.5 text-2xs font-semibold text-ink-muted shadow-soft">
            {fmt.day(topDay, now)}
          </span>
        </p>
      )}
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, key, start }) => {
          const item = items[index];
          return (
            item && (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {item.kind === 'day' ? (
                  <p className="px-4 pt-3 pb-1 text-2xs font-semibold text-ink-faint sm:px-5">
                    {fmt.day(item.at, now)}
                  </p>
                ) : (
                  <Entry entry={item.entry} customerName={customerName} />
                )}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
