import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { AlarmClock, Users } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useMe, usePresence, useStore } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';

/** Shorter than an hour is told in minutes: seconds would only flicker. */
const wholeMinutes = (length: number) => Math.max(1, Math.floor(length / 60_000)) * 60_000;

/** How it stands with the conversation, in one line: what does not fit is cut off, the chip last. */
export function Where({ header }: { header: Conversation }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const team = useStore((state) => (header.teamId ? state.teams.get(header.teamId)?.name : undefined));
  const assignee = header.assigneeId ? users.get(header.assigneeId)?.name : undefined;
  return (
    <p className="flex min-w-0 items-center gap-1.5 overflow-hidden text-2xs whitespace-nowrap text-ink-faint">
      {header.status === 'snoozed' && header.snoozedUntil ? (
        <Chip tone="info" icon={<AlarmClock size={12} aria-hidden />}>
          {t.row.snoozedUntil(fmt.when(header.snoozedUntil, now))}
        </Chip>
      ) : header.status !== 'open' ? (
        <Chip tone="neutral">{t.row.status[header.status]}</Chip>
      ) : (
        header.waitingSince && (
          <span className="shrink-0">
            {t.row.waiting(fmt.duration(wholeMinutes(now - Date.parse(header.waitingSince))))}
          </span>
        )
      )}
      {(header.status !== 'open' || header.waitingSince) && <span aria-hidden>·</span>}
      {team && (
        <>
          <span className="inline-flex max-w-32 min-w-0 items-center gap-1">
            <Users size={12} aria-hidden className="shrink-0" />
            <span className="sr-only">{t.team.of('')}</span>
            <bdi className="truncate">{plainName(team)}</bdi>
          </span>
          <span aria-hidden>·</span>
        </>
      )}
      <span className="truncate">{assignee ? t.row.assignedTo(plainName(assignee)) : t.row.unassigned}</span>
    </p>
  );
}

/** Colleagues who look at the same conversation. */
export function Viewers({ conversationId }: { conversationId: string }) {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const others = usePresence(conversationId)?.users.filter(({ userId }) => userId !== me.id) ?? [];
  if (others.length === 0) return null;
  const names = others.map(({ userId }) => users.get(userId)?.name ?? t.common.unknown);
  return (
    <span
      role="img"
      aria-label={t.presence.viewing(fmt.list(names))}
      title={t.presence.viewing(fmt.list(names))}
      className="flex shrink-0 -space-x-1.5"
    >
      {others.slice(0, 3).map(({ userId }, at) => (
        <Avatar
          key={userId}
          name={names[at] ?? ''}
          seed={userId}
          size="sm"
          className="rounded-full ring-2 ring-surface"
        />
      ))}
    </span>
  );
}
