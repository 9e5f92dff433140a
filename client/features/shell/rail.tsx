import { type ReactNode, Suspense, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Link, useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import { Avatar } from '../../components/avatar.tsx';
import { cx } from '../../components/cx.ts';
import {
  Activity,
  Ear,
  HeartHandshake,
  Inbox,
  Keyboard,
  Languages,
  LogOut,
  Moon,
  Search,
  Settings,
  Sun,
  User,
  Users,
} from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { later } from '../../lib/later.ts';
import { useMe, useOutbox, useSession, useStore } from '../../state/hooks.tsx';
import { illCount } from '../channels/condition.ts';
import { errorText } from '../error-text.ts';

const LeaveDialog = later(() => import('./leave-dialog.tsx').then((all) => ({ default: all.LeaveDialog })));

/** The parts of the program: a dark column at the start of the line, a bar at the bottom of a small screen. */
export function Rail({ room, onShortcuts }: { room: 'phone' | 'narrow' | 'wide'; onShortcuts: () => void }) {
  const t = useT();
  const me = useMe();
  const phone = room === 'phone';
  const ill = useStore((state) => illCount(state.channels.values()));
  return (
    <nav
      data-rail
      aria-label={t.rail.label}
      className={cx(
        'flex shrink-0 bg-rail text-rail-ink',
        phone ? 'h-14 items-center justify-around px-2' : 'w-13 flex-col items-center gap-1 py-2',
      )}
    >
      {!phone && <img src="/icon.svg" alt="" width={28} height={28} className="mb-2" />}
      <Item
        href="/inbox/mine"
        under={['/inbox']}
        label={t.rail.inbox}
        icon={<Inbox size={20} />}
        phone={phone}
      />
      {may(me, 'customer.read') && (
        <Item
          href="/customers"
          under={['/customers']}
          label={t.rail.customers}
          icon={<Users size={20} />}
          phone={phone}
        />
      )}
      {may(me, 'advocate.read') && (
        <Item
          href="/advocates"
          under={['/advocates', '/reports/advocates']}
          label={t.rail.advocates}
          icon={<HeartHandshake size={20} />}
          phone={phone}
        />
      )}
      <Item
        href="/search"
        under={['/search']}
        label={t.rail.search}
        icon={<Search size={20} />}
        phone={phone}
      />
      {may(me, 'listening.read') && (
        <Item
          href="/listening"
          under={['/listening']}
          label={t.rail.listening}
          icon={<Ear size={20} />}
          phone={phone}
        />
      )}
      {may(me, 'channel.manage') && (
        <Item
          href="/health"
          under={['/health']}
          label={ill > 0 ? t.rail.channelsIll(ill) : t.health.title}
          icon={<Activity size={20} />}
          count={ill}
          phone={phone}
        />
      )}
      <Item
        href="/settings"
        under={settings}
        label={t.rail.settings}
        icon={<Settings size={20} />}
        phone={phone}
      />
      {!phone && <span className="flex-1" />}
      <Account phone={phone} onShortcuts={onShortcuts} />
    </nav>
  );
}

/** The pages that are reached from the settings. */
const settings = [
  '/settings',
  '/channels',
  '/inbound',
  '/users',
  '/teams',
  '/tags',
  '/canned',
  '/fields',
  '/api-keys',
  '/notifications',
  '/shortcuts',
  '/profile',
];

interface ItemProps {
  href: string;
  /** The beginnings of the addresses that count as here. */
  under: readonly string[];
  label: string;
  icon: ReactNode;
  /** What needs somebody there; the label says it too. */
  count?: number;
  phone: boolean;
}

function Item({ href, under, label, icon, count = 0, phone }: ItemProps) {
  const fmt = useFmt();
  const [location] = useLocation();
  const here = under.some((each) => location.startsWith(each));
  return (
    <Link
      href={href}
      aria-label={label}
      title={phone ? undefined : label}
      aria-current={here ? 'page' : undefined}
      className={cx(
        'relative grid size-10 place-items-center rounded-lg transition-colors hover:bg-rail-hover hover:text-rail-active-ink',
        phone && 'size-11',
        here && 'bg-rail-active text-rail-active-ink',
      )}
    >
      {icon}
      {count > 0 && (
        <span
          aria-hidden
          data-rail-mark
          className="absolute end-0 top-0 grid h-4 min-w-4 place-items-center rounded-full bg-danger px-1 text-2xs font-bold text-on-danger"
        >
          {fmt.capped(count)}
        </span>
      )}
    </Link>
  );
}

function Account({ phone, onShortcuts }: { phone: boolean; onShortcuts: () => void }) {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const queued = useOutbox().length;
  const { shade, change, language } = useLocale();
  const [, navigate] = useLocation();
  const [leaving, setLeaving] = useState(false);
  const leave = () =>
    void session.signOut().catch((error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }));
  return (
    <>
      <Menu
        label={t.rail.account(me.name)}
        placement={phone ? 'top end' : 'end top'}
        trigger={
          <AriaButton aria-label={t.rail.account(me.name)} className="rounded-full p-1 hover:bg-rail-hover">
            <Avatar name={me.name} seed={me.id} size="sm" />
          </AriaButton>
        }
        items={[
          {
            id: 'self',
            title: me.name,
            entries: [
              {
                id: 'profile',
                label: t.rail.profile,
                icon: <User size={16} />,
                hotkey: 'go.profile',
                onAction: () => navigate('/profile'),
              },
              {
                id: 'theme',
                label: shade === 'dark' ? t.rail.lightTheme : t.rail.darkTheme,
                icon: shade === 'dark' ? <Sun size={16} /> : <Moon size={16} />,
                onAction: () => change({ theme: shade === 'dark' ? 'light' : 'dark' }),
              },
              {
                id: 'language',
                label: t.rail.switchLanguage,
                icon: <Languages size={16} />,
                onAction: () => change({ language: language === 'fa' ? 'en' : 'fa' }),
              },
              {
                id: 'keys',
                label: t.rail.shortcuts,
                icon: <Keyboard size={16} />,
                hotkey: 'general.cheatSheet',
                onAction: onShortcuts,
              },
            ],
          },
          {
            id: 'leave',
            entries: [
              {
                id: 'signOut',
                label: t.rail.signOut,
                icon: <LogOut size={16} className="mirror" />,
                onAction: () => (queued > 0 ? setLeaving(true) : leave()),
              },
            ],
          },
        ]}
      />
      <Suspense>
        {leaving && <LeaveDialog queued={queued} onClose={() => setLeaving(false)} onLeave={leave} />}
      </Suspense>
    </>
  );
}
