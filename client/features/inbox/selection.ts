import { useInboxUi } from './ui.ts';

/** Which rows are chosen for one deed on all of them. */

export function toggleSelected(id: string): void {
  const { selected, set } = useInboxUi.getState();
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  set({ selected: next, anchor: id });
}

/** All rows from where the choosing began to this one; what was chosen before stays. */
export function selectTo(id: string): void {
  const { selected, anchor, rows, set } = useInboxUi.getState();
  const from = anchor === null ? -1 : rows.indexOf(anchor);
  const to = rows.indexOf(id);
  if (to < 0) return;
  const start = from < 0 ? to : from;
  const range = rows.slice(Math.min(start, to), Math.max(start, to) + 1);
  set({ selected: new Set([...selected, ...range]), anchor: rows[start] ?? id });
}

export function selectAll(): void {
  const { rows, set } = useInboxUi.getState();
  set({ selected: new Set(rows), anchor: rows[0] ?? null });
}

export function clearSelected(): void {
  const { selected, set } = useInboxUi.getState();
  if (selected.size > 0) set({ selected: new Set(), anchor: null });
}
