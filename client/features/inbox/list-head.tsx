import { useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { ChevronDown, ListFilter, PanelLeft, Plus, Search } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe, useStore } from '../../state/hooks.tsx';
import type { ListScope } from '../../state/model.ts';
import { useRoom } from '../media.ts';
import { LinkButton } from '../shell/link-button.tsx';
import { scopePath, useScopeName, useViewList } from './scope.ts';
import { useInboxUi } from './ui.ts';

/** What the list shows, and the ways to other lists. */
export function ListHead({ scope, switcher }: { scope: ListScope; switcher: boolean }) {
  const t = useT();
  const room = useRoom();
  const set = useInboxUi((ui) => ui.set);
  const viewsOpen = useInboxUi((ui) => ui.viewsOpen);
  const filtering = useInboxUi((ui) => ui.filtering);
  const name = useScopeName(scope);
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-1 border-b border-line ps-3 pe-2">
      {room === 'wide' && (
        <IconButton
          label={t.inbox.toggleViews}
          hotkey="panes.views"
          icon={<PanelLeft size={17} className="mirror" />}
          onPress={() => set({ viewsOpen: !viewsOpen })}
        />
      )}
      {switcher ? (
        <Switcher scope={scope} name={name} />
      ) : (
        <h2 className="min-w-0 truncate ps-1 text-md font-bold">
          <bdi>{name}</bdi>
        </h2>
      )}
      <span className="flex-1" />
      <IconButton
        label={t.filter.label}
        hotkey="list.filter"
        icon={<ListFilter size={17} />}
        aria-pressed={filtering || scope.filter !== null}
        className={scope.filter ? 'text-accent-ink' : undefined}
        onPress={() => set({ filtering: !filtering })}
      />
      <IconButton
        label={t.views.searchLabel}
        hotkey="list.search"
        icon={<Search size={17} />}
        onPress={() => set({ dialog: 'search' })}
      />
      <IconButton
        label={t.inbox.newConversation}
        icon={<Plus size={18} />}
        onPress={() => set({ dialog: 'begin' })}
      />
    </header>
  );
}

function Switcher({ scope, name }: { scope: ListScope; name: string }) {
  const t = useT();
  const fmt = useFmt();
  const counts = useStore((state) => state.counts);
  const list = useViewList();
  const [, navigate] = useLocation();
  const { channelId } = scope;
  return (
    <Menu
      label={t.views.label}
      trigger={
        <Button variant="quiet" className="min-w-0 px-2 text-md font-bold text-ink">
          <bdi className="truncate">{name}</bdi>
          <ChevronDown size={15} aria-hidden className="shrink-0" />
        </Button>
      }
      items={list.map(({ view, name: label }) => {
        const count = counts?.[view] ?? 0;
        return {
          id: view,
          label: count > 0 ? `${label} (${fmt.capped(count)})` : label,
          checked: view === scope.view && !scope.filter,
          onAction: () => navigate(scopePath({ view, channelId, filter: null })),
        };
      })}
    />
  );
}

/** What an empty list offers to do. */
export function EmptyAction({ scope }: { scope: ListScope }) {
  const t = useT();
  const me = useMe();
  const channels = useStore((state) => state.channels);
  if (channels.size === 0)
    return may(me, 'channel.manage') ? (
      <LinkButton href="/channels">{t.views.connectChannel}</LinkButton>
    ) : null;
  if (scope.view === 'all' && !scope.filter) return null;
  return scope.view === 'mine' && !scope.filter ? (
    <LinkButton href="/inbox/unassigned">{t.views.goToUnassigned}</LinkButton>
  ) : (
    <LinkButton href="/inbox/all">{t.views.goToAll}</LinkButton>
  );
}
