import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { PaneSplitter } from '../../components/split-pane.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useHeader, useTimeline, useWorkspace } from '../../state/hooks.tsx';
import { type ListScope, windowKey } from '../../state/model.ts';
import type { Place } from '../../state/sync.stream.ts';
import { useRoom } from '../media.ts';
import { ConversationList } from './conversation-list.tsx';
import { EmptyAction, ListHead } from './list-head.tsx';
import { NothingOpen } from './nothing-open.tsx';
import { cyclePanes, type Pane, placeFor } from './panes.ts';
import { scopeFrom, scopePath, useViewList } from './scope.ts';
import { clearSelected } from './selection.ts';
import { useInboxUi } from './ui.ts';
import { useDeedKeys } from './use-deed-keys.ts';
import { useShown } from './use-shown.ts';
import { Views } from './views.tsx';

/** The rows come first; what an open conversation needs is there before somebody has chosen one. */
const loadPane = () => import('./conversation-pane.tsx');
const ConversationPane = later(loadPane);
const Drawer = later(() => import('../../components/dialog.tsx').then((all) => ({ default: all.Drawer })));
const BulkBar = later(() => import('./bulk-bar.tsx').then((all) => ({ default: all.BulkBar })));
const Pick = later(() => import('./pick.tsx').then((all) => ({ default: all.Pick })));
const FilterBar = later(() => import('./filter-bar.tsx').then((all) => ({ default: all.FilterBar })));
const BeginDialog = later(() => import('./begin-dialog.tsx').then((all) => ({ default: all.BeginDialog })));
const SearchDialog = later(() => import('./begin-dialog.tsx').then((all) => ({ default: all.SearchDialog })));
const CustomerPanel = later(() =>
  import('./customer-panel.tsx').then((all) => ({ default: all.CustomerPanel })),
);

/** The agent's inbox: views, list, one customer's stream, and who they are. */
export function Inbox({ params }: { params: { view?: string; conversationId?: string } }) {
  const { view, conversationId = null } = params;
  const search = useSearch();
  const scope = useMemo(() => scopeFrom(view, search), [view, search]);
  if (!scope) return <Redirect to="/inbox/mine" replace />;
  return <Panes scope={scope} conversationId={conversationId} />;
}

function Panes({ scope, conversationId }: { scope: ListScope; conversationId: string | null }) {
  const t = useT();
  const room = useRoom();
  const workspace = useWorkspace();
  const { sync } = workspace;
  const [, navigate] = useLocation();
  const viewsOpen = useInboxUi((ui) => ui.viewsOpen);
  const customerOpen = useInboxUi((ui) => ui.customerOpen);
  const listWidth = useInboxUi((ui) => ui.listWidth);
  const filtering = useInboxUi((ui) => ui.filtering);
  const selecting = useInboxUi((ui) => ui.selected.size > 0);
  const picker = useInboxUi((ui) => ui.picker);
  const dialog = useInboxUi((ui) => ui.dialog);
  const writing = useInboxUi((ui) => ui.writing);
  const set = useInboxUi((ui) => ui.set);
  const [drawer, setDrawer] = useState(false);
  const [target, setTarget] = useState<Place | null>(null);
  const [wanted, setWanted] = useState<Pane | null>(null);
  const shownId = useShown(conversationId);
  const header = useHeader(shownId);
  const forgetTarget = useCallback(() => setTarget(null), []);
  // An address may name a message; once it is shown, the address is the conversation's again.
  const messageId = new URLSearchParams(useSearch()).get('message');
  useEffect(() => {
    if (!messageId || !conversationId) return;
    setTarget({ kind: 'message', id: messageId });
    navigate(scopePath(scope, conversationId), { replace: true });
  }, [messageId, conversationId, scope, navigate]);
  const phone = room === 'phone';
  const loaded = useTimeline(header?.customerId) !== undefined;
  // The pane's code comes by itself, later than its messages where the line is slow.
  const [paneThere, setPaneThere] = useState(false);

  // The keyboard goes where it is wanted as soon as that is there: what it was on may be gone with the last conversation.
  useEffect(() => {
    if (!wanted) return;
    // The list is there already; a pane of the conversation comes with it, what was said in it later than where it is answered.
    const isShown = shownId === conversationId && paneThere;
    if (wanted !== 'list' && !(isShown && (wanted === 'composer' || loaded))) return;
    placeFor(wanted)?.focus({ preventScroll: true });
    setWanted(null);
  }, [wanted, shownId, conversationId, loaded, paneThere]);

  useEffect(() => {
    if (!writing || writing !== conversationId) return;
    set({ writing: null });
    setWanted('composer');
  }, [writing, conversationId, set]);

  const open = useCallback(
    (id: string | null) => navigate(scopePath(scope, id ?? undefined)),
    [navigate, scope],
  );
  useEffect(() => {
    workspace.goTo = open;
  }, [workspace, open]);
  useEffect(() => void loadPane().catch(() => undefined), []);
  useEffect(() => {
    void sync.open(conversationId);
    workspace.looksAt(conversationId);
    return () => workspace.looksAt(null);
  }, [workspace, sync, conversationId]);
  // What was chosen in one list is not chosen in another.
  const scopeKey = windowKey(scope);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is what ends the choice
  useEffect(clearSelected, [scopeKey]);

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
  useHotkey('list.filter', () => set({ filtering: !filtering }));
  useHotkey('panes.views', () => set({ viewsOpen: !viewsOpen }));
  useDeedKeys({ conversationId, step, onDone: onNext });
  useHotkey('panes.customer', toCustomer, { enabled: conversationId !== null });
  const toCustomerPage = () => {
    navigate(`/customers/${header?.customerId}`);
    document.getElementById('content')?.focus();
  };
  useHotkey('panes.customerPage', toCustomerPage, { enabled: header !== undefined });
  useHotkey('panes.cycle', cyclePanes);
  const list = useViewList();
  useViewKeys((nth) => {
    const entry = list[nth];
    if (!entry) return;
    navigate(scopePath({ view: entry.view, channelId: scope.channelId, filter: null }));
    // The list that had the keyboard makes room for another, or for the words of an empty view.
    document.getElementById('content')?.focus();
  });

  const listShown = !phone || conversationId === null;
  const conversation = (
    <div
      className="relative flex h-full min-w-0 flex-1 flex-col bg-canvas"
      aria-busy={shownId !== conversationId}
      data-pane
    >
      {header ? (
        <Suspense>
          <ConversationPane
            header={header}
            target={target}
            onTargetShown={forgetTarget}
            onNext={onNext}
            onBack={onBack}
            onCustomer={toCustomer}
          />
          <There onChange={setPaneThere} />
        </Suspense>
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
          <Views scope={scope} />
        </div>
      )}
      {listShown && (
        <div
          className="flex h-full shrink-0 flex-col bg-surface"
          style={{ width: phone ? '100%' : listWidth }}
          data-pane
        >
          <ListHead scope={scope} switcher={room !== 'wide' || !viewsOpen} />
          <Suspense>{(filtering || scope.filter) && <FilterBar scope={scope} />}</Suspense>
          <Suspense>{selecting && <BulkBar />}</Suspense>
          <div className="min-h-0 flex-1">
            <ConversationList
              key={scopeKey}
              scope={scope}
              selectedId={conversationId}
              onOpen={open}
              emptyAction={<EmptyAction scope={scope} />}
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
        {picker && <Pick picker={picker} />}
        {dialog === 'begin' && <BeginDialog isOpen onClose={() => set({ dialog: null })} onOpen={open} />}
      </Suspense>
    </div>
  );
}

function useViewKeys(go: (nth: number) => void): void {
  useHotkey('view.1', () => go(0));
  useHotkey('view.2', () => go(1));
  useHotkey('view.3', () => go(2));
  useHotkey('view.4', () => go(3));
  useHotkey('view.5', () => go(4));
  useHotkey('view.6', () => go(5));
  useHotkey('view.7', () => go(6));
  useHotkey('view.8', () => go(7));
  useHotkey('view.9', () => go(8));
}

/** Says whether what it is rendered beside is on the page: not while that waits for its code. */
function There({ onChange }: { onChange: (there: boolean) => void }) {
  useEffect(() => {
    onChange(true);
    return () => onChange(false);
  }, [onChange]);
  return null;
}
