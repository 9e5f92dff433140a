import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useEffect, useRef } from 'react';
import type { Advocate, AdvocateStage } from '../../../shared/advocate.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import type { Place } from './arrange.ts';
import { Card, type CardDeeds } from './card.tsx';
import type { ColumnQuery } from './queries.ts';

export interface ColumnProps {
  stage: AdvocateStage;
  cards: readonly Advocate[];
  query: ColumnQuery;
  /** Of all at the stage who match the filter; null: not known. */
  count: number | null;
  filtered: boolean;
  /** Whose card has the keyboard of the board. */
  activeId: string | null;
  /** Whose card the keyboard goes to once it is drawn. */
  wanted: string | null;
  onFound: () => void;
  dragged: string | null;
  /** Where the dragged card would land in this column. */
  over: Place | null;
  deedsOf: (advocate: Advocate) => CardDeeds;
}

const estimate = 132;
const gap = 8;

/** One stage: its name, how many stand at it, and their cards; long ones draw what is in sight. */
export function Column(props: ColumnProps) {
  const { stage, cards, query, count, filtered, activeId, wanted, onFound, dragged, over, deedsOf } = props;
  const t = useT();
  const w = useAdvocateWords();
  const fmt = useFmt();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: () => estimate,
    getItemKey: (index) => cards[index]?.customerId ?? index,
    gap,
    overscan: 4,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= cards.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, cards.length]);

  const at = wanted === null ? -1 : cards.findIndex(({ customerId }) => customerId === wanted);
  const drawn = items.some(({ index }) => index === at);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it is drawn it is looked for again
  useEffect(() => {
    if (at === -1) return;
    virtual.scrollToIndex(at, { align: 'auto' });
    // The card may have to be drawn first.
    const frame = requestAnimationFrame(() => {
      const card = box.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(wanted ?? '')}"]`);
      card?.focus({ preventScroll: true });
      if (card) onFound();
    });
    return () => cancelAnimationFrame(frame);
  }, [at, drawn, wanted, onFound, virtual]);

  const entryId = cards.some(({ customerId }) => customerId === activeId) ? activeId : cards[0]?.customerId;
  const landing = over?.stage === stage ? over : null;
  const line = <span aria-hidden className="absolute inset-x-0 -top-1.5 h-1 rounded-full bg-accent" />;
  return (
    <section
      data-stage={stage}
      aria-label={w.stage[stage]}
      className={cx(
        'flex min-h-0 min-w-60 flex-1 flex-col rounded-xl border bg-sunken/60 transition-colors',
        landing ? 'border-accent' : 'border-transparent',
      )}
    >
      <header className="flex items-center gap-1.5 px-3 pt-2 pb-1">
        <h2 className="text-sm font-bold">{w.stage[stage]}</h2>
        {count !== null && (
          <Badge tone="quiet" label={w.board.count(count)}>
            {fmt.number(count)}
          </Badge>
        )}
      </header>
      <div
        ref={box}
        data-scrolls
        className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain p-2 pt-1 [overflow-anchor:none]"
      >
        {cards.length === 0 && query.isError && !query.data ? (
          <ErrorState
            title={w.board.loadFailed}
            text={errorText(t, query.error)}
            errorId={errorIdOf(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : cards.length === 0 && query.isPending ? (
          <Delayed>
            <div role="status" className="flex flex-col gap-2">
              <span className="sr-only">{t.common.loading}</span>
              <Skeleton className="h-32" />
              <Skeleton className="h-32" />
            </div>
          </Delayed>
        ) : cards.length === 0 ? (
          <p className={cx('px-2 py-6 text-center text-xs text-ink-muted', landing && 'text-accent-ink')}>
            {filtered ? w.board.emptyColumnFiltered : w.board.emptyColumn}
          </p>
        ) : (
          <ul className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const advocate = cards[index];
              if (!advocate) return <Fragment key={key} />;
              const { customerId } = advocate;
              return (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  data-slot={customerId}
                  aria-setsize={hasNextPage ? -1 : cards.length}
                  aria-posinset={index + 1}
                  className={cx('absolute inset-x-0 top-0', dragged === customerId && 'opacity-40')}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {landing?.before === customerId && line}
                  <Card
                    advocate={advocate}
                    active={activeId === customerId}
                    entry={entryId === customerId}
                    {...deedsOf(advocate)}
                  />
                </li>
              );
            })}
            {landing?.before === null && (
              <li aria-hidden className="absolute inset-x-0 bottom-0 h-0">
                <span className="absolute inset-x-0 top-1 h-1 rounded-full bg-accent" />
              </li>
            )}
          </ul>
        )}
        {query.isFetchNextPageError && (
          <div className="pt-2 text-center">
            <Button size="sm" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
              {t.common.retry}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}
