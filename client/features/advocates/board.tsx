import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { type Advocate, type AdvocateStage, advocateStages } from '../../../shared/advocate.ts';
import { announce } from '../../components/live-region.tsx';
import { Segmented } from '../../components/radio-group.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import { useRoom } from '../media.ts';
import { arranged, besides, type Columns, type Place, placeOf, stepped } from './arrange.ts';
import { Column } from './column.tsx';
import { useDragging } from './dragging.ts';
import { type AdvocateFilter, isNarrowed } from './filter.ts';
import { useMoving } from './moving.ts';
import { useBoard, useMayMove } from './queries.ts';

export interface BoardProps {
  filter: AdvocateFilter;
  onOpen: (customerId: string) => void;
  /** Absent: this person may not give any. */
  onReward?: ((advocate: Advocate) => void) | undefined;
}

/** The five stages side by side, one at a time on a phone. Cards go by the mouse, by keys and by their menu. */
export function Board({ filter, onOpen, onReward }: BoardProps) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { direction } = useLocale();
  const room = useRoom();
  const phone = room === 'phone';
  const mayMove = useMayMove();
  const [shown, setShown] = useState<AdvocateStage>('discovered');
  const { columns: kept, queries } = useBoard(filter, phone ? shown : null);
  const { moves, move } = useMoving();
  const columns = arranged(kept, moves);
  const [active, setActive] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const board = useRef<HTMLDivElement>(null);
  const stages = phone ? [shown] : advocateStages;
  const activeId = activeOf(columns, stages, active);
  const byHand = filter.sort === 'order';
  const counts = queries[shown].data?.pages[0]?.counts ?? null;
  // Of a segment the server counts none: a column that is here whole is its own number.
  const countOf = (stage: AdvocateStage): number | null => {
    const { data, hasNextPage } = queries[stage];
    const first = data?.pages[0];
    if (!first) return null;
    return first.counts ? first.counts[stage] : hasNextPage ? null : columns[stage].length;
  };

  const focus = (customerId: string | undefined) => {
    if (!customerId) return;
    setActive(customerId);
    setWanted(customerId);
  };
  const onFound = useCallback(() => setWanted(null), []);

  const bring = (customerId: string, asked: Place, options: { focuses?: boolean } = {}) => {
    const from = placeOf(columns, customerId);
    const card = from && columns[from.stage][from.at];
    if (!card) return;
    // Behind the last that is here there are more: it stands before that one, where it is seen.
    const more = asked.before === null && queries[asked.stage].hasNextPage;
    const to = more ? { ...asked, before: columns[asked.stage].at(-1)?.customerId ?? null } : asked;
    if (to.before === customerId || (to.stage === from.stage && to.before === from.before)) return;
    if (options.focuses) focus(customerId);
    const after = arranged(columns, [{ customerId, ...to }]);
    const place = placeOf(after, customerId);
    if (place)
      announce(
        w.board.movedTo(plainName(card.name), w.stage[to.stage], place.at + 1, after[to.stage].length),
      );
    void move(card, to, { stage: from.stage, before: from.before });
  };
  const toStage = (customerId: string, stage: AdvocateStage) =>
    bring(customerId, { stage, before: columns[stage][0]?.customerId ?? null }, { focuses: !phone });
  const step = (customerId: string, by: 1 | -1) => {
    if (!byHand) return showToast({ text: w.board.orderFirst, stays: 5_000 });
    const to = stepped(columns, customerId, by);
    if (to) bring(customerId, to, { focuses: true });
  };
  const aside = (side: 'left' | 'right') => {
    const from = activeId ? placeOf(columns, activeId) : null;
    if (!activeId || !from) return;
    const stage = besides(from.stage, side, direction);
    if (stage) toStage(activeId, stage);
    else announce(w.board.noStage);
  };

  const inside = () => board.current?.contains(document.activeElement) ?? false;
  const go = (by: number) => {
    if (!activeId) return;
    if (!inside()) return focus(activeId);
    const place = placeOf(columns, activeId);
    if (place) focus(columns[place.stage][place.at + by]?.customerId);
  };
  useHotkey('list.next', () => go(1));
  useHotkey('list.previous', () => go(-1));
  useHotkey('list.open', () => activeId && onOpen(activeId));
  const moves1 = mayMove && activeId !== null;
  useHotkey('board.toLeft', () => aside('left'), { enabled: moves1 });
  useHotkey('board.toRight', () => aside('right'), { enabled: moves1 });
  useHotkey('board.up', () => activeId && step(activeId, -1), { enabled: moves1 });
  useHotkey('board.down', () => activeId && step(activeId, 1), { enabled: moves1 });
  const cardOf = (id: string | null) => {
    const place = id ? placeOf(columns, id) : null;
    return place ? columns[place.stage][place.at] : undefined;
  };
  useHotkey(
    'board.reward',
    () => {
      const card = cardOf(activeId);
      if (card) onReward?.(card);
    },
    { enabled: Boolean(onReward && activeId) },
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!(event.target as HTMLElement).matches('[data-card]')) return;
    const from = activeId ? placeOf(columns, activeId) : null;
    if (!from) return;
    const column = columns[from.stage];
    if (event.key === 'Home') focus(column[0]?.customerId);
    else if (event.key === 'End') focus(column.at(-1)?.customerId);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      focus(neighbour(columns, from, { side: event.key === 'ArrowLeft' ? 'left' : 'right', direction }));
    else return;
    event.preventDefault();
  };

  const { drag, ghost, handlers } = useDragging({
    enabled: mayMove,
    board,
    onDrop: (customerId, to) => {
      const from = placeOf(columns, customerId);
      if (from?.stage === to.stage && !byHand) return showToast({ text: w.board.orderFirst, stays: 5_000 });
      bring(customerId, to);
    },
  });
  const dragged = drag ? cardOf(drag.customerId) : undefined;
  // What was taken may be gone by the time it is dropped: its column keeps its place for a while.
  useEffect(() => {
    if (active && !cardOf(active)) setActive(null);
  });

  return (
    <>
      <p className="sr-only">{w.board.hint}</p>
      {phone && (
        <div className="relative -mx-4 mb-2 shrink-0 overflow-x-auto px-4">
          <Segmented
            className="w-max whitespace-nowrap"
            bare
            size="sm"
            label={w.person.stage}
            value={shown}
            onChange={setShown}
            options={advocateStages.map((id) => ({
              id,
              label: counts ? `${w.stage[id]} ${fmt.number(counts[id])}` : w.stage[id],
            }))}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the cards inside have the keyboard; here their keys and drags are heard */}
      <div
        ref={board}
        onKeyDown={onKeyDown}
        {...handlers}
        className="relative -mx-4 flex min-h-0 flex-1 gap-2.5 overflow-x-auto px-4 pb-3 sm:-mx-6 sm:px-6"
      >
        {stages.map((stage) => (
          <Column
            key={stage}
            stage={stage}
            cards={columns[stage]}
            query={queries[stage]}
            count={countOf(stage)}
            filtered={isNarrowed(filter)}
            activeId={activeId}
            wanted={wanted}
            onFound={onFound}
            dragged={drag?.customerId ?? null}
            over={drag?.over ?? null}
            deedsOf={(advocate) => ({
              onOpen: () => onOpen(advocate.customerId),
              onReward: onReward && (() => onReward(advocate)),
              onMove: mayMove ? ({ stage: to }) => toStage(advocate.customerId, to) : undefined,
              onStep: mayMove && byHand ? (by) => step(advocate.customerId, by) : undefined,
              onFocus: () => setActive(advocate.customerId),
            })}
          />
        ))}
      </div>
      {drag && dragged && (
        <div
          ref={ghost}
          aria-hidden
          className="pointer-events-none fixed top-0 left-0 z-50 rounded-lg border border-accent bg-raised p-2.5 text-sm font-semibold shadow-float"
          style={{ width: Math.min(drag.width, 240) }}
        >
          <PersonName name={dragged.name} />
        </div>
      )}
    </>
  );
}

/** Whose card has the keyboard: the one that had it, else the first there is. */
function activeOf(columns: Columns, stages: readonly AdvocateStage[], active: string | null): string | null {
  const all = stages.flatMap((stage) => columns[stage]);
  const found = all.find(({ customerId }) => customerId === active) ?? all[0];
  return found?.customerId ?? null;
}

/** The card at the same height in the next column on that side that holds any. */
function neighbour(
  columns: Columns,
  from: { stage: AdvocateStage; at: number },
  to: { side: 'left' | 'right'; direction: 'rtl' | 'ltr' },
): string | undefined {
  for (
    let stage = besides(from.stage, to.side, to.direction);
    stage;
    stage = besides(stage, to.side, to.direction)
  ) {
    const column = columns[stage];
    const card = column[Math.min(from.at, column.length - 1)];
    if (card) return card.customerId;
  }
  return undefined;
}
