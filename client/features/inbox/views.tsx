import { Link } from 'wouter';
import { type View, views } from '../../../shared/conversation.ts';
import { Badge } from '../../components/badge.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { AlarmClock, Inbox, Mail, User, UserPlus } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useStore } from '../../state/hooks.tsx';
import { useChannelLook } from '../directory.ts';

const icons = { mine: User, unassigned: UserPlus, unread: Mail, snoozed: AlarmClock, all: Inbox };

export function viewPath(view: View, channelId: string | null, conversationId?: string): string {
  const path = `/inbox/${view}${conversationId ? `/${conversationId}` : ''}`;
  return channelId ? `${path}?channel=${encodeURIComponent(channelId)}` : path;
}

const item =
  'flex min-h-8 items-center gap-2.5 rounded-md px-2.5 text-sm transition-colors hover:bg-hover [@media(pointer:coarse)]:min-h-11';

/** The views with their live counts, and the channels as filters of the one chosen. */
export function Views({ view, channelId }: { view: View; channelId: string | null }) {
  const t = useT();
  const fmt = useFmt();
  const look = useChannelLook();
  const counts = useStore((state) => state.counts);
  const channels = useStore((state) => state.channels);
  const shown = [...channels.values()].filter(({ state }) => state !== 'archived');
  return (
    <nav aria-label={t.views.label} className="flex h-full flex-col gap-0.5 overflow-y-auto p-2">
      {views.map((each) => {
        const Icon = icons[each];
        const here = each === view;
        const count = counts?.[each] ?? 0;
        return (
          <Link
            key={each}
            href={viewPath(each, channelId)}
            aria-current={here ? 'page' : undefined}
            className={cx(item, here && 'bg-accent-soft font-semibold text-accent-ink')}
          >
            <Icon size={16} aria-hidden className={here ? 'text-accent-ink' : 'text-ink-faint'} />
            <span className="min-w-0 flex-1 truncate">{t.views[each]}</span>
            {count > 0 && (
              <Badge tone={each === 'unread' ? 'strong' : 'quiet'} label={t.views.count(count)}>
                {fmt.capped(count)}
              </Badge>
            )}
          </Link>
        );
      })}
      {shown.length > 1 && (
        <>
          <h2 className="px-2.5 pt-4 pb-1 text-2xs font-semibold text-ink-faint">{t.views.channels}</h2>
          {shown.map(({ id, name }) => {
            const here = id === channelId;
            return (
              <Link
                key={id}
                href={viewPath(view, here ? null : id)}
                aria-current={here ? 'true' : undefined}
                className={cx(item, here && 'bg-accent-soft font-semibold text-accent-ink')}
              >
                <ChannelGlyph glyph={look(id).glyph} size={18} />
                <bdi className="ui-start min-w-0 flex-1 truncate">{name}</bdi>
              </Link>
            );
          })}
        </>
      )}
    </nav>
  );
}
