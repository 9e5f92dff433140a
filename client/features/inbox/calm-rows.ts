import { useMemo, useRef } from 'react';
import { useStore } from '../../state/hooks.tsx';

export interface CalmRows {
  /** What is shown. */
  ids: readonly string[];
  /** How many conversations have news that their place does not show yet. */
  waiting: number;
}

/**
 * The order of the list as it should be shown: while a hand is on it (`held`) nothing moves and nothing leaves, and the
 * selected row stays until it is left, even if it no longer belongs to the view.
 */
export function useCalmRows(
  ids: readonly string[],
  { key, held, selectedId }: { key: string; held: boolean; selectedId: string | null },
): CalmRows {
  const last = useRef<{ key: string; ids: readonly string[]; newest: string }>({
    key: '',
    ids: [],
    newest: '',
  });
  const newest = useStore((state) => state.headers.get(ids[0] ?? '')?.lastAt ?? '');
  const headers = useStore((state) => state.headers);
  const before = last.current;
  const same = before.key === key;
  const frozen = held && same && before.ids.length > 0;

  const shown = useMemo(() => {
    if (frozen) {
      // Older rows that scrolling fetched come at the end; everything else waits.
      const end = ids.indexOf(before.ids.at(-1) ?? '');
      const inside = new Set(before.ids);
      const older = end < 0 ? [] : ids.slice(end + 1).filter((id) => !inside.has(id));
      return older.length > 0 ? [...before.ids, ...older] : before.ids;
    }
    if (!same || !selectedId || ids.includes(selectedId)) return ids;
    const at = before.ids.indexOf(selectedId);
    if (at < 0 || !headers.has(selectedId)) return ids;
    return [...ids.slice(0, at), selectedId, ...ids.slice(at)];
  }, [frozen, same, ids, before.ids, selectedId, headers]);

  const waiting = useMemo(() => {
    if (!frozen) return 0;
    return ids.filter((id) => (headers.get(id)?.lastAt ?? '') > before.newest).length;
  }, [frozen, ids, headers, before.newest]);

  last.current = { key, ids: shown, newest: frozen ? before.newest : newest };
  return { ids: shown, waiting };
}
