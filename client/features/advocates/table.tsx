import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Advocate } from '../../../shared/advocate.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { type AdvocateCatalog, useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useRoom } from '../media.ts';
import { Owner } from './card.tsx';
import { Glyphs, Kinds, OptedOut } from './kinds.tsx';
import { Change, Trend } from './score.tsx';

const rowHeight = 56;
type Column = Exclude<keyof AdvocateCatalog['table'], 'caption'>;
const columns: Record<ReturnType<typeof useRoom>, readonly Column[]> = {
  wide: ['rank', 'person', 'kinds', 'stage', 'score', 'trend', 'reach', 'last', 'owner'],
  narrow: ['rank', 'person', 'kinds', 'score', 'trend', 'last'],
  phone: ['person', 'score'],
};
const widths: Record<Column, string> = {
  rank: 'w-14',
  person: '',
  kinds: 'w-[20%]',
  stage: 'w-30',
  score: 'w-28',
  trend: 'w-32',
  reach: 'w-24',
  last: 'w-28',
  owner: 'w-32',
};

export interface AdvocateTableProps {
  rows: readonly Advocate[];
  more: boolean;
  onEnd: () => void;
  onOpen: (customerId: string) => void;
  onReward?: ((advocate: Advocate) => void) | undefined;
}

/** Everybody in one order, ranked. */
export function AdvocateTable({ rows, more, onEnd, onOpen, onReward }: AdvocateTableProps) {
  const w = useAdvocateWords();
  const room = useRoom();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const active = Math.min(at, rows.length - 1);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.customerId ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 15) onEnd();
  }, [more, last, rows.length, onEnd]);

  const go = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    // The row may have to be drawn first.
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus({ preventScroll: true }),
    );
  };
  const inside = () => box.current?.contains(document.activeElement) ?? false;
  const row = rows[active];
  useHotkey('list.next', () => go(inside() ? active + 1 : active));
  useHotkey('list.previous', () => go(inside() ? active - 1 : active));
  useHotkey('list.open', () => row && onOpen(row.customerId));
  useHotkey('board.reward', () => row && onReward?.(row), { enabled: Boolean(onReward && row) });
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { Home: 0, End: rows.length - 1, PageDown: active + 10, PageUp: active - 10 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const shown = columns[room];
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Home, End and the page keys move among the rows' buttons inside
    <div
      ref={box}
      onKeyDown={onKeyDown}
      className="relative -mx-4 min-h-0 flex-1 overflow-y-auto overscroll-contain border-t border-line sm:-mx-6"
    >
      <table className="w-full table-fixed border-collapse" aria-rowcount={more ? -1 : rows.length + 1}>
        <caption className="sr-only">{w.table.caption}</caption>
        <colgroup>
          {shown.map((column) => (
            <col key={column} className={widths[column]} />
          ))}
        </colgroup>
        <thead className={room === 'phone' ? 'sr-only' : 'sticky top-0 z-10 bg-canvas'}>
          <tr>
            {shown.map((column) => (
              <th
                key={column}
                scope="col"
                className="border-b border-line px-3 py-2 text-start text-2xs font-semibold text-ink-muted first:ps-4 last:pe-4 sm:first:ps-6 sm:last:pe-6"
              >
                {w.table[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map(({ index, key }) => {
            const advocate = rows[index];
            return (
              advocate && (
                <tr
                  key={key}
                  aria-rowindex={index + 2}
                  style={{ height: rowHeight }}
                  className="relative border-b border-line bg-surface hover:bg-hover"
                >
                  {shown.map((column) => (
                    <td key={column} className="px-3 first:ps-4 last:pe-4 sm:first:ps-6 sm:last:pe-6">
                      {column === 'person' ? (
                        <div className="flex min-w-0 items-center gap-3">
                          <Avatar name={advocate.name} seed={advocate.customerId} size="sm" />
                          <div className="min-w-0">
                            <button
                              type="button"
                              data-at={index}
                              tabIndex={index === active ? 0 : -1}
                              onFocus={() => setAt(index)}
                              onClick={() => onOpen(advocate.customerId)}
                              className="block max-w-full cursor-pointer text-start text-sm font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-[-2px] focus-visible:after:outline-accent"
                            >
                              <PersonName name={advocate.name} />
                            </button>
                            {room === 'phone' ? (
                              <span className="flex gap-1 overflow-hidden">
                                <Kinds kinds={advocate.kinds.slice(0, 2)} />
                              </span>
                            ) : (
                              <Glyphs channelIds={advocate.channelIds} size={14} />
                            )}
                          </div>
                        </div>
                      ) : (
                        <Cell advocate={advocate} column={column} rank={index + 1} />
                      )}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  advocate: Advocate;
  column: Exclude<Column, 'person'>;
  rank: number;
}

function Cell({ advocate, column, rank }: CellProps) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const now = useNow();
  switch (column) {
    case 'rank':
      return <span className="text-sm font-semibold text-ink-muted">{fmt.number(rank)}</span>;
    case 'kinds':
      return (
        <span className="flex max-h-11 flex-wrap gap-1 overflow-hidden">
          <Kinds kinds={advocate.kinds} />
          {advocate.optedOut && <OptedOut />}
        </span>
      );
    case 'stage':
      return <Chip>{w.stage[advocate.stage]}</Chip>;
    case 'score':
      return (
        <span className="flex items-center gap-2">
          <span className="text-sm font-bold">{fmt.number(advocate.score)}</span>
          <Change change={advocate.change} />
        </span>
      );
    case 'trend':
      return <Trend trend={advocate.trend} change={advocate.change} width={96} height={24} />;
    case 'reach':
      return <span className="text-xs">{advocate.reach === null ? '—' : fmt.number(advocate.reach)}</span>;
    case 'last':
      return advocate.lastAt ? (
        <time dateTime={advocate.lastAt} title={fmt.both(advocate.lastAt)} className="text-xs text-ink-muted">
          {fmt.relative(advocate.lastAt, now)}
        </time>
      ) : (
        <span className="text-xs text-ink-faint">—</span>
      );
    case 'owner':
      return (
        <span className="text-xs">
          <Owner ownerId={advocate.ownerId} named />
        </span>
      );
  }
}
