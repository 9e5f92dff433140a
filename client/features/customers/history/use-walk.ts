import type { Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { useHotkey } from '../../../lib/hotkeys.react.tsx';
import type { HistoryItem } from './query.ts';

type Stream = Pick<
  Virtualizer<HTMLDivElement, Element>,
  'scrollToIndex' | 'scrollOffset' | 'getVirtualItems'
>;

/** J and K go from entry to entry, Enter opens the one that has the keyboard. */
export function useWalk(
  box: RefObject<HTMLDivElement | null>,
  virtual: Stream,
  items: readonly HistoryItem[],
): void {
  const here = () => {
    const row = document.activeElement?.closest<HTMLElement>('[data-index]');
    return row && box.current?.contains(row) ? Number(row.dataset['index']) : null;
  };
  const step = (by: 1 | -1) => {
    const offset = virtual.scrollOffset ?? 0;
    const first = virtual.getVirtualItems().find(({ end }) => end > offset + 8)?.index ?? 0;
    let next = here() === null ? first : (here() ?? 0) + by;
    while (items[next] && items[next]?.kind !== 'entry') next += by;
    if (!items[next]) return;
    virtual.scrollToIndex(next, { align: 'auto' });
    focusWhenDrawn(box, next);
  };
  useHotkey('list.next', () => step(1));
  useHotkey('list.previous', () => step(-1));
  useHotkey('list.open', () => {
    const at = here();
    if (at === null) return step(1);
    box.current?.querySelector<HTMLElement>(`[data-index="${at}"] a[href]`)?.click();
  });
}

/** A row far away takes some frames to be drawn. */
function focusWhenDrawn(box: RefObject<HTMLDivElement | null>, at: number, frames = 10): void {
  requestAnimationFrame(() => {
    const entry = box.current?.querySelector<HTMLElement>(`[data-index="${at}"] [data-entry]`);
    if (entry) entry.focus({ preventScroll: true });
    else if (frames > 0) focusWhenDrawn(box, at, frames - 1);
  });
}
