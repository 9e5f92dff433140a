import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { CustomerRow } from '../../../shared/customer-list.ts';
import { Avatar } from '../../components/avatar.tsx';
import { cx } from '../../components/cx.ts';
import { TagChip } from '../../components/tag-chip.tsx';
import { type CustomerCatalog, useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { money } from '../../lib/money.ts';
import { useNow } from '../../lib/time.ts';
import { useStore } from '../../state/hooks.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import { useRoom } from '../media.ts';
import { Completeness } from './completeness.tsx';
import { ContactPoint } from './contact-point.tsx';

const rowHeight = 60;
type Column = keyof CustomerCatalog['customerList']['columns'];
const columns: Record<ReturnType<typeof useRoom>, readonly Column[]> = {
  wide: ['customer', 'belongs', 'lastAt', 'spent', 'completeness'],
  narrow: ['customer', 'lastAt', 'spent'],
  phone: ['customer', 'lastAt'],
};
const widths: Record<Column, string> = {
  customer: '',
  belongs: 'w-[24%]',
  lastAt: 'w-28',
  spent: 'w-40',
  completeness: 'w-32',
};

export interface CustomerTableProps {
  rows: readonly CustomerRow[];
  /** There are more than these. */
  more: boolean;
  /** The last ones come into sight. */
  onEnd: () => void;
  /** Which rows are in sight. */
  onSight: (first: number, last: number) => void;
}

/** Rows of customers; one of them has the keyboard. */
export function CustomerTable({ rows, more, onEnd, onSight }: CustomerTableProps) {
  const w = useCustomerWords();
  const room = useRoom();
  const [, navigate] = useLocation();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 20) onEnd();
  }, [more, last, rows.length, onEnd]);
  const first = items[0]?.index ?? 0;
  useEffect(() => onSight(first, last), [first, last, onSight]);

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
  useHotkey('list.next', () => go(inside() ? at + 1 : at));
  useHotkey('list.previous', () => go(inside() ? at - 1 : at));
  useHotkey('list.open', () => {
    const row = rows[at];
    if (row) navigate(`/customers/${row.id}`);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { Home: 0, End: rows.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const shown = columns[room];
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Home, End and the page keys move among the rows' links inside
    <div
      ref={box}
      onKeyDown={onKeyDown}
      className="-mx-4 min-h-0 flex-1 overflow-y-auto overscroll-contain border-t border-line sm:-mx-6"
    >
      <table className="w-full table-fixed border-collapse" aria-rowcount={more ? -1 : rows.length + 1}>
        <caption className="sr-only">{w.customersArea.all}</caption>
        {/* On a phone the head is only read aloud: its cells give the columns no width. */}
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
                {w.customerList.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map(({ index, key }) => {
            const row = rows[index];
            return (
              row && (
                <tr
                  key={key}
                  aria-rowindex={index + 2}
                  style={{ height: rowHeight }}
                  className="relative border-b border-line bg-surface hover:bg-hover"
                >
                  {shown.map((column) => (
                    <td
                      key={column}
                      className={cx(
                        'px-3 first:ps-4 last:pe-4 sm:first:ps-6 sm:last:pe-6',
                        room === 'phone' && column === 'lastAt' && 'text-end',
                      )}
                    >
                      {column === 'customer' ? (
                        <Who row={row} at={index} active={index === at} onFocus={() => setAt(index)} />
                      ) : (
                        <Cell row={row} column={column} />
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

interface WhoProps {
  row: CustomerRow;
  at: number;
  active: boolean;
  onFocus: () => void;
}

/** The name is the link; it takes the whole row. */
function Who({ row, at, active, onFocus }: WhoProps) {
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Avatar name={row.name} seed={row.id} size="md" />
      <div className="min-w-0 flex-1">
        <Link
          href={`/customers/${row.id}`}
          data-at={at}
          tabIndex={active ? 0 : -1}
          onFocus={onFocus}
          className="block font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-[-2px] focus-visible:after:outline-accent"
        >
          <PersonName name={row.name} />
        </Link>
        <p className="flex gap-2.5 overflow-hidden text-xs whitespace-nowrap text-ink-muted">
          {/* A narrow window has room for one: of two, both would be stubs. */}
          {row.contacts.slice(0, 2).map((point) => (
            <ContactPoint
              key={`${point.kind} ${point.display}`}
              point={point}
              name={row.name}
              className="first:max-w-full first:shrink-0 sm:first:max-w-[75%] max-sm:not-first:hidden"
            />
          ))}
        </p>
      </div>
    </div>
  );
}

function Cell({ row, column }: { row: CustomerRow; column: Exclude<Column, 'customer'> }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const tags = useStore((state) => state.tags);
  switch (column) {
    case 'belongs':
      return (
        <>
          <p className="truncate text-xs text-ink-muted">
            {[...row.companies.map(({ name }) => name), row.city].filter(Boolean).join(w.customerList.comma)}
          </p>
          <p className="mt-0.5 flex gap-1 overflow-hidden">
            {row.tagIds.slice(0, 2).map((id) => {
              const tag = tags.get(id);
              return tag && <TagChip key={id} tag={tag} />;
            })}
          </p>
        </>
      );
    case 'lastAt':
      return (
        <time dateTime={row.lastAt} title={fmt.both(row.lastAt)} className="text-xs text-ink-muted">
          {fmt.date(row.lastAt, now)}
        </time>
      );
    case 'spent':
      return row.purchases > 0 ? (
        <>
          {row.spent > 0 && (
            <span className="block text-xs">{money(language, { amount: row.spent, currency: 'IRR' })}</span>
          )}
          <span className="text-2xs text-ink-faint">{w.customerList.purchases(row.purchases)}</span>
        </>
      ) : (
        <span className="text-xs text-ink-faint">{w.customerList.noPurchase}</span>
      );
    case 'completeness':
      return <Completeness score={row.completeness} />;
  }
}
