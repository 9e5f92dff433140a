import { Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Inbox as InboxIcon } from '../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useMe, useSession, useSessionState, useWelcome, WorkspaceContext } from '../../state/hooks.tsx';
import { Workspace } from '../../state/workspace.ts';
import { useBeginCall } from '../calls/begin-call.ts';
import { CallWait } from '../calls/call-wait.tsx';
import { useCurrentCall } from '../calls/current-call.ts';
import { Inbox } from '../inbox/inbox.tsx';
import { useRoom } from '../media.ts';
import { Bell } from './bell.tsx';
import { DemoRibbon } from './demo-ribbon.tsx';
import { LinkButton } from './link-button.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { Rail } from './rail.tsx';

const Channels = later(() => import('../channels/channels.page.tsx'));
const Inbound = later(() => import('../inbound/inbound.page.tsx'));
const Users = later(() => import('../users/users.page.tsx'));
const CheatSheet = later(() => import('../cheat-sheet/cheat-sheet.page.tsx'));
const Palette = later(() => import('./palette.tsx').then((all) => ({ default: all.Palette })));
const ReLogin = later(() =>
  import('../session/session.page.tsx').then(({ ReLogin: page }) => ({ default: page })),
);
const Profile = later(() => import('../profile/profile.page.tsx'));
const SettingsIndex = later(() => import('../settings/settings.page.tsx'));
const Customers = later(() => import('../customers/customers.routes.tsx'));
const Advocates = later(() => import('../advocates/advocates.routes.tsx'));
const Reports = later(() => import('../reports/reports.page.tsx'));
const Search = later(() => import('../search/search.page.tsx'));
const Listening = later(() => import('../listening/listening.routes.tsx'));
const Health = later(() => import('../health/health.page.tsx'));
const Fields = later(() => import('../fields/fields.page.tsx'));
const ApiKeys = later(() => import('../api-keys/api-keys.page.tsx'));
const Teams = later(() => import('../teams/teams.page.tsx'));
const Tags = later(() => import('../tags/tags.page.tsx'));
const Canned = later(() => import('../canned/canned.page.tsx'));
const Notifications = later(() => import('../notifications/notifications.page.tsx'));
const CallBar = later(() => import('../calls/call-bar.tsx'));
const Shortcuts = later(() => import('../shortcuts/shortcuts.page.tsx'));

/** Where a signed-in person works: the rail, the thin banners, and the page of the address. */
export function Desk() {
  const t = useT();
  const session = useSession();
  const me = useMe();
  const [workspace, setWorkspace] = useState<Workspace | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a workspace is for one person; the desk is made anew for another
  useEffect(() => {
    let opened: Workspace | undefined;
    let left = false;
    void Workspace.open(session, me).then(({ workspace: ready, kept }) => {
      if (left) return ready.close();
      opened = ready;
      setWorkspace(ready);
      if (!kept) showToast({ text: t.errors.storage, tone: 'error' });
    });
    return () => {
      left = true;
      opened?.close();
    };
  }, [session, me.id]);

  if (!workspace) return null;
  return (
    <WorkspaceContext value={workspace}>
      <Pages />
    </WorkspaceContext>
  );
}

function Pages() {
  const t = useT();
  const me = useMe();
  const room = useRoom();
  const welcome = useWelcome();
  const state = useSessionState();
  const ended = state.stage === 'signedIn' && state.ended;
  const [location, navigate] = useLocation();
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  useHotkey('general.palette', () => setPalette(true));
  useHotkey('general.cheatSheet', () => setSheet(true));
  const go = (path: string) => {
    navigate(path);
    // What had the keyboard goes with the page before.
    document.getElementById('content')?.focus();
  };
  const call = useCurrentCall((calls) => calls.call);
  useHotkey('general.logCall', useBeginCall(), { enabled: may(me, 'conversation.write') });
  useHotkey('go.inbox', () => go('/inbox/mine'));
  useHotkey('go.customers', () => go('/customers'), { enabled: may(me, 'customer.read') });
  useHotkey('go.advocates', () => go('/advocates'), { enabled: may(me, 'advocate.read') });
  useHotkey('go.search', () => navigate('/search'));
  useHotkey('go.listening', () => go('/listening'), { enabled: may(me, 'listening.read') });
  useHotkey('go.channels', () => go('/channels'), { enabled: may(me, 'channel.manage') });
  useHotkey('go.health', () => go('/health'), { enabled: may(me, 'channel.manage') });
  useHotkey('go.profile', () => go('/profile'));
  // In a conversation a small screen belongs to it alone.
  const railHidden = room === 'phone' && /^\/inbox\/[^/]+\/[^/]+/.test(location);
  return (
    <div className="flex h-dvh flex-col overflow-hidden bg-canvas">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2"
      >
        {t.app.skipToContent}
      </a>
      {welcome?.demo && <DemoRibbon />}
      <Bell />
      <OfflineBanner />
      <Suspense fallback={call && <CallWait call={call} />}>{call && <CallBar call={call} />}</Suspense>
      <div className={room === 'phone' ? 'flex min-h-0 flex-1 flex-col-reverse' : 'flex min-h-0 flex-1'}>
        {!railHidden && <Rail room={room} onShortcuts={() => setSheet(true)} />}
        <main id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 outline-none">
          <Suspense fallback={<Delayed>{<SkeletonRows />}</Delayed>}>
            <Switch>
              <Route path="/">
                <Redirect to="/inbox/mine" replace />
              </Route>
              <Route path="/inbox/:view/:conversationId?">{(params) => <Inbox params={params} />}</Route>
              {may(me, 'customer.read') && <Route path="/customers/*?" component={Customers} />}
              {may(me, 'advocate.read') && <Route path="/advocates/*?" component={Advocates} />}
              {may(me, 'report.read') && <Route path="/reports/advocates" component={Reports} />}
              <Route path="/search" component={Search} />
              {may(me, 'listening.read') && <Route path="/listening/*?" component={Listening} />}
              {may(me, 'channel.manage') && <Route path="/channels/:id?/:part?" component={Channels} />}
              {may(me, 'channel.manage') && <Route path="/health" component={Health} />}
              {may(me, 'inbound.read') && <Route path="/inbound" component={Inbound} />}
              {may(me, 'user.manage') && <Route path="/users" component={Users} />}
              {may(me, 'field.manage') && <Route path="/fields" component={Fields} />}
              {may(me, 'apiKey.manage') && <Route path="/api-keys" component={ApiKeys} />}
              {may(me, 'team.manage') && <Route path="/teams" component={Teams} />}
              {may(me, 'tag.manage') && <Route path="/tags" component={Tags} />}
              {may(me, 'canned.write') && <Route path="/canned/:id?" component={Canned} />}
              <Route path="/notifications" component={Notifications} />
              <Route path="/shortcuts" component={Shortcuts} />
              <Route path="/settings" component={SettingsIndex} />
              <Route path="/profile" component={Profile} />
              <Route>
                <h1 className="sr-only">{t.app.notFoundTitle}</h1>
                <EmptyState
                  icon={<InboxIcon size={24} />}
                  title={t.app.notFoundTitle}
                  text={t.app.notFoundText}
                  action={<LinkButton href="/inbox/mine">{t.app.goToInbox}</LinkButton>}
                />
              </Route>
            </Switch>
          </Suspense>
        </main>
      </div>
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} />}
        {sheet && <CheatSheet isOpen onClose={() => setSheet(false)} />}
        {ended && <ReLogin />}
      </Suspense>
    </div>
  );
}
