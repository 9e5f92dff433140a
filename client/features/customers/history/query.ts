import { useInfiniteQuery } from '@tanstack/react-query';
import type { HistoryEntry, HistoryKind, HistoryPage } from '../../../../shared/history.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { useCustomerEvents } from '../events.ts';

const page = 50;

/** What part of a history is looked at. */
export interface HistoryFilter {
  /** Empty: every kind. */
  kinds: readonly HistoryKind[];
  channelId: string | null;
  /** Words that a text must have; empty: any. */
  q: string;
  /** ISO moment to begin at; null: at the newest. */
  around: string | null;
  /** What stands at that moment and is to be shown first. */
  entryId: string | null;
}

/** Where something of a customer's history is shown. */
export const entryPath = (customerId: string, entry: { id: string; at: string }) =>
  `/customers/${customerId}?${new URLSearchParams({ entry: entry.id, at: entry.at })}`;

type Edge = { before: string } | { after: string } | { around: string } | Record<never, never>;

/** The history in windows, newest first, from one place on both ways. */
export function useHistory(customerId: string, filter: HistoryFilter) {
  const { calls } = useWorkspace();
  useCustomerEvents();
  const { kinds, channelId, q, around } = filter;
  return useInfiniteQuery({
    queryKey: ['history', customerId, kinds.join(','), channelId, q, around],
    queryFn: ({ pageParam, signal }) =>
      calls.history(customerId, { edge: pageParam, kinds, channelId, q, limit: page }, signal),
    initialPageParam: (around ? { around } : {}) as Edge,
    getNextPageParam: ({ before }: HistoryPage): Edge | undefined => (before ? { before } : undefined),
    getPreviousPageParam: ({ after }: HistoryPage): Edge | undefined => (after ? { after } : undefined),
  });
}

export type HistoryItem =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'entry'; key: string; entry: HistoryEntry };

/** Entries with a line before each day. An entry that two windows share stands once. */
export function historyItems(pages: readonly HistoryPage[], dayKey: (at: string) => string): HistoryItem[] {
  const items: HistoryItem[] = [];
  const met = new Set<string>();
  let day = '';
  for (const entry of pages.flatMap(({ entries }) => entries)) {
    const key = `${entry.kind} ${entry.id}`;
    if (met.has(key)) continue;
    met.add(key);
    if (dayKey(entry.at) !== day) {
      day = dayKey(entry.at);
      items.push({ kind: 'day', key: `day ${day}`, at: entry.at });
    }
    items.push({ kind: 'entry', key, entry });
  }
  return items;
}

/** The last moment of a day by the calendar that `dayKey` asks: the newest comes first, so that all of the day stands below it. */
export function endOfDay(at: number, dayKey: (at: number) => string): number {
  const day = dayKey(at);
  let end = at;
  for (const step of [3_600_000, 60_000, 1_000, 1]) while (dayKey(end + step) === day) end += step;
  return end;
}
