import { type ReactNode, Suspense, useState } from 'react';
import { Link } from 'wouter';
import type { BuiltInView } from '../../../shared/view.ts';
import { Badge } from '../../components/badge.tsx';
import { IconButton } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import {
  AlarmClock,
  AtSign,
  Ellipsis,
  Inbox,
  List,
  type LucideIcon,
  Mail,
  ShieldAlert,
  User,
  UserPlus,
  Users,
} from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { useMe, useStore } from '../../state/hooks.tsx';
import type { ListScope } from '../../state/model.ts';
import { useChannelLook } from '../directory.ts';
import { scopePath, useViewList, type ViewEntry } from './scope.ts';
import { useViewDeeds } from './view-deeds.ts';

const ViewDialog = later(() => import('./view-dialog.tsx').then((all) => ({ default: all.ViewDialog })));

const icons: Record<BuiltInView, LucideIcon> = {
  mine: User,
  unassigned: UserPlus,
  mentions: AtSign,
  unread: Mail,
  snoozed: AlarmClock,
  all: Inbox,
  spam: ShieldAlert,
};

/** The drawing of a view; teams and saved views have one for all. */
export function ViewIcon({ entry, className }: { entry: ViewEntry; className?: string }) {
  const Icon =
    entry.group === 'team' ? Users : entry.group === 'saved' ? List : icons[entry.view as keyof typeof icons];
  return <Icon size={16} aria-hidden className={className} />;
}

const item =
  'flex min-h-8 min-w-0 flex-1 items-center gap-2.5 rounded-md px-2.5 text-sm transition-colors hover:bg-hover [@media(pointer:coarse)]:min-h-11';

/** The views with their live counts, and the channels as filters of the one chosen. */
export function Views({ scope }: { scope: ListScope }) {
  const t = useT();
  const look = useChannelLook();
  const list = useViewList();
  const channels = useStore((state) => state.channels);
  const shown = [...channels.values()].filter(({ state }) => state !== 'archived');
  const group = (name: ViewEntry['group']) => list.filter((entry) => entry.group === name);
  return (
    <nav aria-label={t.views.label} className="flex h-full flex-col gap-0.5 overflow-y-auto p-2">
      {group('builtIn').map((entry) => (
        <Item key={entry.view} entry={entry} scope={scope} />
      ))}
      <Group title={t.views.teams} shown={group('team').length > 0}>
        {group('team').map((entry) => (
          <Item key={entry.view} entry={entry} scope={scope} />
        ))}
      </Group>
      <Group title={t.views.savedViews} shown={group('saved').length > 0}>
        {group('saved').map((entry) => (
          <Item key={entry.view} entry={entry} scope={scope} />
        ))}
      </Group>
      <Group title={t.views.channels} shown={shown.length > 1}>
        {shown.map(({ id, name }) => {
          const here = id === scope.channelId;
          return (
            <Link
              key={id}
              href={scopePath({ ...scope, channelId: here ? null : id })}
              aria-current={here ? 'true' : undefined}
              className={cx(item, 'flex-none', here && 'bg-accent-soft font-semibold text-accent-ink')}
            >
              <ChannelGlyph glyph={look(id).glyph} size={18} />
              <bdi className="ui-start min-w-0 flex-1 truncate">{name}</bdi>
            </Link>
          );
        })}
      </Group>
    </nav>
  );
}

function Group({ title, shown, children }: { title: string; shown: boolean; children: ReactNode }) {
  if (!shown) return null;
  return (
    <>
      <h2 className="px-2.5 pt-4 pb-1 text-2xs font-semibold text-ink-faint">{title}</h2>
      {children}
    </>
  );
}

function Item({ entry, scope }: { entry: ViewEntry; scope: ListScope }) {
  const t = useT();
  const fmt = useFmt();
  const count = useStore((state) => state.counts?.[entry.view] ?? 0);
  const here = entry.view === scope.view && !scope.filter;
  return (
    <div className="group/view relative flex items-center">
      <Link
        href={scopePath({ view: entry.view, channelId: scope.channelId, filter: null })}
        aria-current={here ? 'page' : undefined}
        className={cx(item, here && 'bg-accent-soft font-semibold text-accent-ink')}
      >
        <ViewIcon entry={entry} className={cx('shrink-0', here ? 'text-accent-ink' : 'text-ink-faint')} />
        <bdi className="ui-start min-w-0 flex-1 truncate">{plainName(entry.name)}</bdi>
        {count > 0 && (
          <Badge
            tone={entry.view === 'unread' || entry.view === 'mentions' ? 'strong' : 'quiet'}
            label={t.views.count(count)}
          >
            {fmt.capped(count)}
          </Badge>
        )}
      </Link>
      {entry.group === 'saved' && <SavedMenu id={entry.view.slice('saved:'.length)} here={here} />}
    </div>
  );
}

/** What its owner, or an administrator, can do with a saved view. */
function SavedMenu({ id, here }: { id: string; here: boolean }) {
  const t = useT();
  const me = useMe();
  const view = useStore((state) => state.views.find((each) => each.id === id));
  const { remove } = useViewDeeds();
  const [editing, setEditing] = useState(false);
  if (!view || (view.ownerId !== me.id && me.role !== 'administrator')) return null;
  return (
    <span className="absolute end-1 rounded-md bg-hover opacity-0 transition-opacity group-focus-within/view:opacity-100 group-hover/view:opacity-100 [@media(pointer:coarse)]:static [@media(pointer:coarse)]:opacity-100">
      <Menu
        label={t.views.menu(view.name)}
        placement="bottom end"
        trigger={<IconButton size="sm" label={t.views.menu(view.name)} icon={<Ellipsis size={15} />} />}
        items={[
          { id: 'edit', label: t.views.edit, onAction: () => setEditing(true) },
          { id: 'delete', label: t.views.delete, danger: true, onAction: () => void remove(view, here) },
        ]}
      />
      <Suspense>{editing && <ViewDialog view={view} onClose={() => setEditing(false)} />}</Suspense>
    </span>
  );
}
