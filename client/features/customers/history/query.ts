import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { HistoryEntry, HistoryKind, HistoryPage } from '../../../../shared/history.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { customerEvents, useCustomerEvents } from '../events.ts';
import { type Edge, HistoryFollower } from './follow.ts';

const page = 50;

/** What part of a history is looked at. */
export interface HistoryFilter {
  /** Empty: every kind. */
  kinds: readonly HistoryKind[];
  channelId: string | null;
  /** Words that a text must have; empty: any. */
  q: string;
  /** ISO moment, or a message's id, to begin at; null: at the newest. */
  around: string | null;
  /** What stands at that moment and is to be shown first. */
  entryId: string | null;
}

/** Where something of a customer's history is shown. */
export const entryPath = (customerId: string, entry: { id: string; at: string }) =>
  `/customers/${customerId}?${new URLSearchParams({ entry: entry.id, at: entry.at })}`;

/** The history in windows, newest first, from one place on both ways; it follows what happens. */
export function useHistory(customerId: string, filter: HistoryFilter) {
  const { calls, connection } = useWorkspace();
  const client = useQueryClient();
  useCustomerEvents();
  const { channelId, q, around } = filter;
  const kinds = filter.kinds.join(',');
  const key = ['history', customerId, kinds, channelId, q, around];
  const ask = (edge: Edge, signal?: AbortSignal) =>
    calls.history(customerId, { edge, kinds: filter.kinds, channelId, q, limit: page }, signal);
  const following = useRef<HistoryFollower>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked for
  useEffect(() => {
    const follower = new HistoryFollower({
      client,
      queryKey: key,
      ask,
      wanted: (message) =>
        (filter.kinds.length === 0 || filter.kinds.includes(message.kind)) &&
        (channelId === null || message.channelId === channelId),
    });
    const { histories } = customerEvents(connection, client);
    const hear: Parameters<typeof histories.add>[0] = (id, event) => {
      if (id === customerId) follower.hear(event);
    };
    histories.add(hear);
    following.current = follower;
    return () => {
      histories.delete(hear);
      follower.stop();
    };
  }, [client, connection, calls, ...key]);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: (around ? { around } : {}) as Edge,
    getNextPageParam: ({ before }: HistoryPage): Edge | undefined => (before ? { before } : undefined),
    getPreviousPageParam: ({ after }: HistoryPage): Edge | undefined => (after ? { after } : undefined),
  });
  const sees = useCallback((window: number) => following.current?.sees(window), []);
  return { ...query, sees };
}

export type HistoryItem =
  | { kind: 'day'; key: string; at: string }
  /** `window`: in which of those that are loaded. */
  | { kind: 'entry'; key: string; entry: HistoryEntry; window: number };

/** Entries with a line before each day. An entry that two windows share stands once. */
export function historyItems(pages: readonly HistoryPage[], dayKey: (at: string) => string): HistoryItem[] {
  const items: HistoryItem[] = [];
  const met = new Set<string>();
  let day = '';
  const all = pages.flatMap(({ entries }, window) => entries.map((entry) => ({ entry, window })));
  for (const { entry, window } of all) {
    const key = `${entry.kind} ${entry.id}`;
    if (met.has(key)) continue;
    met.add(key);
    if (dayKey(entry.at) !== day) {
      day = dayKey(entry.at);
      items.push({ kind: 'day', key: `day ${day}`, at: entry.at });
    }
    items.push({ kind: 'entry', key, entry, window });
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
