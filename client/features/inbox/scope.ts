import { useMemo } from 'react';
import { ViewFilter, ViewKey } from '../../../shared/view.ts';
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
  const key = ViewKey.safeParse(view === undefined ? undefined : decodeURIComponent(view));
  if (!key.success) return null;
  const query = new URLSearchParams(search);
  return {
    view: key.data as ListScope['view'],
    channelId: query.get('channel'),
    filter: filterFrom(query.get('filter')),
  };
}

function filterFrom(text: string | null): ViewFilter | null {
  if (!text) return null;
  try {
    return ViewFilter.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export const everyView = ['mine', 'unassigned', 'mentions', 'unread', 'snoozed', 'all', 'spam'] as const;

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
      ...everyView.map((view): ViewEntry => ({ view, name: t.views[view], group: 'builtIn', shared: false })),
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
