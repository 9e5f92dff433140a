import { useMemo } from 'react';
import { conversationStatuses, priorities } from '../../../shared/conversation.ts';
import { builtInViews, type ViewFilter, type ViewKey } from '../../../shared/view.ts';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useStore } from '../../state/hooks.tsx';
import type { ListScope } from '../../state/model.ts';

/** The address of a list, and of a conversation in it. */
export function scopePath({ view, channelId, filter }: ListScope, conversationId?: string): string {
  const path = `/inbox/${view}${conversationId ? `/${conversationId}` : ''}`;
  const query = new URLSearchParams({
    ...(channelId && { channel: channelId }),
    ...(filter && { filter: JSON.stringify(filter) }),
  }).toString();
  return query ? `${path}?${query}` : path;
}

/** The list that an address names; null when there is no such view. A filter that cannot be read is none. */
export function scopeFrom(view: string | undefined, search: string): ListScope | null {
  const key = decodeURIComponent(view ?? '');
  if (!isViewKey(key)) return null;
  const query = new URLSearchParams(search);
  return { view: key, channelId: query.get('channel'), filter: filterFrom(query.get('filter')) };
}

/** As the contract's own schema has it; that one would cost every page its weight. */
const isViewKey = (key: string): key is ViewKey =>
  builtInViews.some((each) => each === key) || /^(team|saved):[\w-]{1,64}$/.test(key);

const words = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;

/** Those of `value` that are among the known; nothing when there are none. */
function among<Known extends string>(value: unknown, known: readonly Known[]): Known[] | undefined {
  const found = known.filter((each) => words(value)?.includes(each));
  return found.length > 0 ? found : undefined;
}

/** One word of `known`, or a list under `anyOf`. */
function oneOrAny<Known extends string>(value: unknown, known: readonly Known[]) {
  if (typeof value === 'string') return known.find((each) => each === value);
  const anyOf = words((value as { anyOf?: unknown } | null | undefined)?.anyOf);
  return anyOf && { anyOf };
}

export function filterFrom(text: string | null): ViewFilter | null {
  let read: unknown;
  try {
    read = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null) return null;
  const given = read as Record<string, unknown>;
  const status = among(given['status'], statuses);
  if (!status) return null;
  const assignee = oneOrAny(given['assignee'], ['me', 'none'] as const);
  const team = oneOrAny(given['team'], ['mine', 'none'] as const);
  const tags = words(given['tags']);
  const priority = among(given['priority'], priorities);
  const channels = words(given['channels']);
  return {
    status,
    ...(assignee && { assignee }),
    ...(given['mentioned'] === 'me' && { mentioned: 'me' }),
    ...(team && { team }),
    ...(tags && { tags }),
    ...(priority && { priority }),
    ...(channels && { channels }),
    ...(given['waiting'] === true && { waiting: true }),
  };
}

/** All that a list can show; a conversation that went on elsewhere is in none. */
export const statuses = conversationStatuses.filter((status) => status !== 'continued');

export interface ViewEntry {
  view: ListScope['view'];
  name: string;
  group: 'builtIn' | 'team' | 'saved';
  /** A saved one that others made. */
  shared: boolean;
}

/** All that this person may look through, in the order of the rail: what the keys 1 to 9 count. */
export function useViewList(): readonly ViewEntry[] {
  const t = useT();
  const me = useMe();
  const teams = useStore((state) => state.teams);
  const views = useStore((state) => state.views);
  return useMemo(
    () => [
      ...builtInViews.map(
        (view): ViewEntry => ({ view, name: t.views[view], group: 'builtIn', shared: false }),
      ),
      ...[...teams.values()]
        .filter(({ id, archived }) => !archived && me.teamIds.includes(id))
        .map(({ id, name }): ViewEntry => ({ view: `team:${id}`, name, group: 'team', shared: false })),
      ...views.map(
        ({ id, name, ownerId }): ViewEntry => ({
          view: `saved:${id}`,
          name,
          group: 'saved',
          shared: ownerId !== me.id,
        }),
      ),
    ],
    [t, teams, views, me.teamIds, me.id],
  );
}

/** What a list is called above its rows. */
export function useScopeName(scope: ListScope): string {
  const t = useT();
  const list = useViewList();
  const teams = useStore((state) => state.teams);
  if (scope.filter) return t.views.filtered;
  const known = list.find(({ view }) => view === scope.view);
  if (known) return known.name;
  return scope.view.startsWith('team:')
    ? (teams.get(scope.view.slice('team:'.length))?.name ?? t.views.team)
    : t.views.saved;
}
