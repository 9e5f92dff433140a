import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserDetails } from '../../../shared/user.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Pencil, ShieldCheck, UserPlus } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { UserDialog } from './user.dialog.tsx';

/** Colleagues: who they are, what they may, where they answer. */
export default function UsersPage() {
  const t = useT();
  const me = useMe();
  const { calls } = useWorkspace();
  const offline = useOffline();
  const users = useQuery({ queryKey: ['users'], queryFn: () => calls.userDetails() });
  const [open, setOpen] = useState<UserDetails | 'new' | null>(null);
  const add = (
    <Button
      variant="primary"
      icon={<UserPlus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setOpen('new')}
    >
      {t.users.add}
    </Button>
  );
  return (
    <SettingsPage title={t.users.title} actions={users.data ? add : undefined}>
      <Loaded query={users} failed={t.users.loadFailed}>
        {(list) => (
          <>
            <ul
              aria-label={t.users.title}
              className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
            >
              {list.map((user) => (
                <Row key={user.id} user={user} isMe={user.id === me.id} onEdit={() => setOpen(user)} />
              ))}
            </ul>
            {list.length === 1 && (
              <EmptyState
                className="flex-1"
                icon={<UserPlus size={24} />}
                title={t.users.onlyYouTitle}
                text={t.users.onlyYouText}
              />
            )}
          </>
        )}
      </Loaded>
      {open && <UserDialog user={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </SettingsPage>
  );
}

interface RowProps {
  user: UserDetails;
  isMe: boolean;
  onEdit: () => void;
}

function Row({ user, isMe, onEdit }: RowProps) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow('minute');
  const channels =
    user.channelIds === 'all'
      ? t.users.allChannels
      : user.channelIds.length === 0
        ? t.users.noChannels
        : t.users.channelCount(user.channelIds.length);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <Avatar name={user.name} seed={user.id} className={cx(!user.active && 'opacity-50 grayscale')} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="font-semibold">{user.name}</bdi>
          {isMe && <Chip>{t.users.you}</Chip>}
          {!user.active && <Chip tone="warn">{t.users.inactive}</Chip>}
        </p>
        <p className="truncate text-xs text-ink-muted">
          <bdi dir="ltr">{user.email}</bdi>
        </p>
      </div>
      <div className="order-last w-full ps-13 sm:order-none sm:w-auto sm:min-w-56 sm:ps-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
          <Chip
            tone={user.role === 'administrator' ? 'accent' : 'neutral'}
            icon={user.role === 'administrator' && <ShieldCheck size={13} aria-hidden />}
          >
            {t.users.roles[user.role]}
          </Chip>
          <span className="text-ink-muted">{channels}</span>
        </p>
        <p className="mt-1 text-2xs text-ink-faint">
          {user.lastSeenAt ? (
            <>
              {t.users.lastSeen}:{' '}
              <time dateTime={user.lastSeenAt} title={fmt.both(user.lastSeenAt)}>
                {fmt.relative(user.lastSeenAt, now)}
              </time>
            </>
          ) : (
            t.users.never
          )}
        </p>
      </div>
      <Button
        size="sm"
        icon={<Pencil size={14} aria-hidden />}
        aria-label={t.users.edit(user.name)}
        onPress={onEdit}
      >
        {t.common.edit}
      </Button>
    </li>
  );
}
