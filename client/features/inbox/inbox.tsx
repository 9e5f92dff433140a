import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useState } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import { type View, views } from '../../../shared/conversation.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import {
  ChevronDown,
  Inbox as InboxIcon,
  MessagesSquare,
  PanelLeft,
  Plus,
  Search,
} from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Menu } from '../../components/menu.tsx';
import { PaneSplitter } from '../../components/split-pane.tsx';
import type { CommandId } from '../../i18n/fa.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useHeader, useLoading, useMe, useStore, useTimeline, useWorkspace } from '../../state/hooks.tsx';
import type { Place } from '../../state/sync.ts';
import { useRoom } from '../media.ts';
import { LinkButton } from '../shell/link-button.tsx';
import { ChannelNotice } from './channel-notice.tsx';
import { Composer } from './composer.tsx';
import { ConversationHead } from './conversation-head.tsx';
import { ConversationList } from './conversation-list.tsx';
import { CustomerTimeline } from './timeline.tsx';
import { useInboxUi } from './ui.ts';
import { Views, viewPath } from './views.tsx';

const Drawer = lazy(() => import('../../components/dialog.tsx').then((all) => ({ default: all.Drawer })));
const BeginDialog = lazy(() => import('./begin-dialog.tsx').then((all) => ({ default: all.BeginDialog })));
const SearchDialog = lazy(() => import('./begin-dialog.tsx').then((all) => ({ default: all.SearchDialog })));
const CustomerPanel = lazy(() =>
  import('./customer-panel.tsx').then((all) => ({ default: all.CustomerPanel })),
);

type Pane = 'list' | 'timeline' | 'composer';

/** Where the keyboard finds a pane; an empty one has nothing to hold it, then the page does. */
function placeFor(place: Pane): HTMLElement | null {
  const found =
    place === 'list'
      ? document.querySelector<HTMLElement>('[data-pane] [role="listbox"]')
      : document.getElementById(place === 'composer' ? 'composer-text' : 'timeline');
  return found ?? document.getElementById('content');
}

const isView = (value: string | undefined): value is View => views.some((view) => view === value);

/** The agent's inbox: views, list, one customer's stream, and who they are. */
export function Inbox({ params }: { params: { view?: string; conversationId?: string } }) {
  const { view, conversationId = null } = params;
  if (!isView(view)) return <Redirect to="/inbox/mine" replace />;
  return <Panes view={view} conversationId={conversationId} />;
}

function Panes({ view, conversationId }: { view: View; conversationId: string | null }) {
  const t = useT();
  const room = useRoom();
  const workspace = useWorkspace();
  const { sync } = workspace;
  const [, navigate] = useLocation();
  const channelId = new URLSearchParams(useSearch()).get('channel');
  const viewsOpen = useInboxUi((ui) => ui.viewsOpen);
  const customerOpen = useInboxUi((ui) => ui.customerOpen);
  const listWidth = useInboxUi((ui) => ui.listWidth);
  const dialog = useInboxUi((ui) => ui.dialog);
  const set = useInboxUi((ui) => ui.set);
  const [drawer, setDrawer] = useState(false);
  const [target, setTarget] = useState<Place | null>(null);
  const [wanted, setWanted] = useState<Pane | null>(null);
  // Under load the list answers the key at once; the heavy panes follow.
  const shownId = useDeferredValue(conversationId);
  const header = useHeader(shownId);
  const forgetTarget = useCallback(() => setTarget(null), []);
  const phone = room === 'phone';
  const loaded = useTimeline(header?.customerId) !== undefined;

  // The keyboard goes where it is wanted as soon as that is there: what it was on may be gone with the last conversation.
  useEffect(() => {
    // The list is there already; a pane of the conversation comes with it.
    if (!wanted || (wanted !== 'list' && (shownId !== conversationId || !loaded))) return;
    placeFor(wanted)?.focus({ preventScroll: true });
    setWanted(null);
  }, [wanted, shownId, conversationId, loaded]);

  const open = useCallback(
    (id: string | null) => navigate(viewPath(view, channelId, id ?? undefined)),
    [navigate, view, channelId],
  );
  useEffect(() => {
    workspace.goTo = open;
  }, [workspace, open]);
  useEffect(() => void sync.open(conversationId), [sync, conversationId]);

  const step = useCallback(
    (by: number) => {
      const { rows } = useInboxUi.getState();
      const at = conversationId ? rows.indexOf(conversationId) : -1;
      const next = rows[at < 0 ? 0 : at + by];
      if (next) open(next);
      return next !== undefined;
    },
    [conversationId, open],
  );
  const onNext = useCallback(() => {
    if (phone || !(step(1) || step(-1))) open(null);
    setWanted('list');
  }, [phone, step, open]);
  const onBack = useCallback(() => {
    open(null);
    setWanted('list');
  }, [open]);
  const toCustomer = useCallback(() => {
    if (room === 'wide') set({ customerOpen: !useInboxUi.getState().customerOpen });
    else setDrawer((before) => !before);
  }, [room, set]);

  const stepTo = (by: number, place: Pane) => {
    if (step(by)) setWanted(place);
  };
  useHotkey('list.next', () => stepTo(1, 'list'));
  useHotkey('list.previous', () => stepTo(-1, 'list'));
  useHotkey('composer.next', () => stepTo(1, 'composer'));
  useHotkey('composer.previous', () => stepTo(-1, 'composer'));
  useHotkey('list.open', () => (conversationId ? setWanted('timeline') : stepTo(1, 'timeline')));
  useHotkey('list.search', () => set({ dialog: 'search' }));
  useHotkey('panes.views', () => set({ viewsOpen: !viewsOpen }));
  useHotkey('panes.customer', toCustomer, { enabled: conversationId !== null });
  useHotkey('panes.cycle', cyclePanes);
  useViewKeys((nth) => {
    navigate(viewPath(views[nth] ?? 'all', channelId));
    // The list that had the keyboard makes room for another, or for the words of an empty view.
    document.getElementById('content')?.focus();
  });

  const listShown = !phone || conversationId === null;
  const conversation = (
    <div className="flex h-full min-w-0 flex-1 flex-col bg-canvas" data-pane>
      {header ? (
        <>
          <ConversationHead header={header} onNext={onNext} onBack={onBack} onCustomer={toCustomer} />
          <ChannelNotice header={header} />
          <div className="min-h-0 flex-1">
            <CustomerTimeline header={header} target={target} onTargetShown={forgetTarget} />
          </div>
          <Composer key={header.id} header={header} onResolved={onNext} />
        </>
      ) : (
        <NothingOpen conversationId={conversationId} onBack={onBack} phone={phone} />
      )}
    </div>
  );
  const panel = header && (
    <Suspense>
      <CustomerPanel
        header={header}
        onOpenConversation={(id) => {
          setDrawer(false);
          void sync.meet(id).then(() => {
            open(id);
            setTarget({ kind: 'conversation', id });
          });
        }}
      />
    </Suspense>
  );
  return (
    <div className="flex h-full">
      <h1 className="sr-only">{t.inbox.title}</h1>
      {!phone && viewsOpen && room === 'wide' && (
        <div className="w-50 shrink-0 border-e border-line bg-canvas" data-pane>
          <Views view={view} channelId={channelId} />
        </div>
      )}
      {listShown && (
        <div
          className="flex h-full shrink-0 flex-col bg-surface"
          style={{ width: phone ? '100%' : listWidth }}
          data-pane
        >
          <ListHead view={view} channelId={channelId} switcher={room !== 'wide' || !viewsOpen} />
          <div className="min-h-0 flex-1">
            <ConversationList
              view={view}
              channelId={channelId}
              selectedId={conversationId}
              onOpen={open}
              emptyAction={<EmptyAction view={view} />}
            />
          </div>
        </div>
      )}
      {!phone && (
        <PaneSplitter
          value={listWidth}
          min={280}
          max={460}
          label={t.kit.resizePane}
          onChange={(width) => set({ listWidth: width })}
        />
      )}
      {(!phone || conversationId !== null) && conversation}
      {room === 'wide' && customerOpen && panel && (
        <aside
          aria-label={t.inbox.customer}
          className="w-72.5 shrink-0 border-s border-line bg-surface"
          data-pane
        >
          {panel}
        </aside>
      )}
      <Suspense>
        {drawer && room !== 'wide' && panel !== undefined && (
          <Drawer isOpen onClose={() => setDrawer(false)} title={t.customer.title}>
            <div className="-mx-5 -my-1">{panel}</div>
          </Drawer>
        )}
      </Suspense>
      <Suspense>
        {dialog === 'search' && <SearchDialog isOpen onClose={() => set({ dialog: null })} onOpen={open} />}
        {dialog === 'begin' && <BeginDialog isOpen onClose={() => set({ dialog: null })} onOpen={open} />}
      </Suspense>
    </div>
  );
}

function ListHead({
  view,
  channelId,
  switcher,
}: {
  view: View;
  channelId: string | null;
  switcher: boolean;
}) {
  const t = useT();
  const fmt = useFmt();
  const room = useRoom();
  const set = useInboxUi((ui) => ui.set);
  const viewsOpen = useInboxUi((ui) => ui.viewsOpen);
  const counts = useStore((state) => state.counts);
  const [, navigate] = useLocation();
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
        <Menu
          label={t.views.label}
          trigger={
            <Button variant="quiet" className="px-2 text-md font-bold text-ink">
              {t.views[view]}
              <ChevronDown size={15} aria-hidden />
            </Button>
          }
          items={views.map((each) => ({
            id: each,
            label: counts?.[each] ? `${t.views[each]} (${fmt.capped(counts[each])})` : t.views[each],
            checked: each === view,
            onAction: () => navigate(viewPath(each, channelId)),
          }))}
        />
      ) : (
        <h2 className="ps-1 text-md font-bold">{t.views[view]}</h2>
      )}
      <span className="flex-1" />
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

function EmptyAction({ view }: { view: View }) {
  const t = useT();
  const me = useMe();
  const channels = useStore((state) => state.channels);
  if (view === 'all' || channels.size === 0)
    return may(me, 'channel.manage') && channels.size === 0 ? (
      <LinkButton href="/channels">{t.views.connectChannel}</LinkButton>
    ) : null;
  return view === 'mine' ? (
    <LinkButton href="/inbox/unassigned">{t.views.goToUnassigned}</LinkButton>
  ) : (
    <LinkButton href="/inbox/all">{t.views.goToAll}</LinkButton>
  );
}

const tips: CommandId[] = [
  'list.next',
  'conversation.reply',
  'conversation.note',
  'conversation.resolve',
  'list.search',
  'general.cheatSheet',
];

function NothingOpen(props: { conversationId: string | null; phone: boolean; onBack: () => void }) {
  const { conversationId, phone, onBack } = props;
  const t = useT();
  const loading = useLoading('timeline');
  if (conversationId && loading.state === 'failed')
    return (
      <EmptyState
        icon={<InboxIcon size={24} />}
        title={t.inbox.goneTitle}
        text={t.inbox.goneText}
        action={<Button onPress={onBack}>{t.inbox.backToList}</Button>}
      />
    );
  if (conversationId) return null;
  return (
    <EmptyState
      icon={<MessagesSquare size={24} />}
      title={t.inbox.nothingOpen}
      text={t.inbox.nothingOpenText}
      action={
        !phone && (
          <ul className="mt-2 grid grid-cols-[auto_auto] gap-x-6 gap-y-2 text-start text-xs text-ink-muted">
            {tips.map((id) => (
              <Tip key={id} id={id} />
            ))}
          </ul>
        )
      }
    />
  );
}

function Tip({ id }: { id: CommandId }) {
  const t = useT();
  const keys = useHotkeyKeys(id);
  if (!keys) return null;
  return (
    <li className="contents">
      <span>{t.commands[id]}</span>
      <Kbd keys={keys} />
    </li>
  );
}

function useViewKeys(go: (nth: number) => void): void {
  useHotkey('view.1', () => go(0));
  useHotkey('view.2', () => go(1));
  useHotkey('view.3', () => go(2));
  useHotkey('view.4', () => go(3));
  useHotkey('view.5', () => go(4));
}

/** F6: to the next pane, and in it to the first thing that takes the keyboard. */
function cyclePanes(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('nav[data-rail], [data-pane]')];
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(here + 1) % panes.length];
  const inside =
    next?.querySelector<HTMLElement>('[role="listbox"], textarea') ??
    next?.querySelector<HTMLElement>('a[href], button, input, [tabindex="0"]');
  inside?.focus();
}
