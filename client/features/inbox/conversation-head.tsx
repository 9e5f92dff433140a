import { lazy, Suspense, useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import {
  AlarmClock,
  ArrowLeft,
  CircleCheck,
  Ellipsis,
  Mail,
  PanelRight,
  RotateCcw,
  UserCheck,
} from '../../components/icons.ts';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { clockTime, useNow } from '../../lib/time.ts';
import { useCustomerSummary, useMe, usePresence } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { useRoom } from '../media.ts';
import { useDeeds } from './deeds.ts';
import { PersonName } from './person-name.tsx';
import { useInboxUi } from './ui.ts';

const PickSnooze = lazy(() => import('./snooze-dialog.tsx').then((all) => ({ default: all.PickSnooze })));

export interface ConversationHeadProps {
  header: Conversation;
  /** To the next conversation, after this one was done with. */
  onNext: () => void;
  onBack: () => void;
  onCustomer: () => void;
}

/** Who it is, who looks after it, and what can be done with it. */
export function ConversationHead({ header, onNext, onBack, onCustomer }: ConversationHeadProps) {
  const t = useT();
  const me = useMe();
  const room = useRoom();
  const deeds = useDeeds(header.id);
  const customer = useCustomerSummary(header.customerId);
  const open = header.status === 'open' || header.status === 'snoozed';
  const [picking, setPicking] = useState(false);
  const name = plainName(customer?.name ?? '') || t.customer.unnamed;
  const resolve = async () => {
    if (await deeds.resolve()) onNext();
  };
  const unread = async () => {
    await deeds.markUnread();
    onBack();
  };
  useHotkey('conversation.resolve', () => void resolve(), { enabled: open });
  useHotkey('conversation.assignToMe', () => void deeds.assign(me.id));
  useHotkey('conversation.unread', () => void unread());
  const phone = room === 'phone';
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 py-1.5">
      {phone && (
        <IconButton
          label={t.inbox.backToList}
          icon={<ArrowLeft size={18} className="mirror" />}
          onPress={onBack}
        />
      )}
      <div className="min-w-0 flex-1">
        <h2 className="text-md font-bold">
          <PersonName name={name} />
        </h2>
        <Where header={header} />
      </div>
      <Viewers conversationId={header.id} />
      {!phone && <Assign header={header} assign={deeds.assign} />}
      {!phone && open && (
        <Snooze header={header} snooze={deeds.snooze} wake={deeds.reopen} onPick={() => setPicking(true)} />
      )}
      {open ? (
        <Button
          variant="secondary"
          icon={<CircleCheck size={16} aria-hidden />}
          onPress={() => void resolve()}
          aria-label={t.resolve.button}
        >
          {phone ? null : t.resolve.button}
        </Button>
      ) : (
        header.status === 'resolved' && (
          <Button icon={<RotateCcw size={15} aria-hidden />} onPress={() => void deeds.reopen()}>
            {t.resolve.reopen}
          </Button>
        )
      )}
      <More header={header} phone={phone} onUnread={() => void unread()} onPick={() => setPicking(true)} />
      {room !== 'phone' && (
        <IconButton
          label={t.inbox.toggleCustomer}
          hotkey="panes.customer"
          icon={<PanelRight size={17} className="mirror" />}
          onPress={onCustomer}
        />
      )}
      {phone && (
        <button type="button" onClick={onCustomer} aria-label={t.inbox.customer} className="rounded-full">
          <Avatar name={name} seed={header.customerId} size="sm" />
        </button>
      )}
      <Suspense>
        {picking && <PickSnooze isOpen onClose={() => setPicking(false)} onPick={deeds.snooze} />}
      </Suspense>
    </header>
  );
}

/** Shorter than an hour is told in minutes: seconds would only flicker. */
const wholeMinutes = (length: number) => Math.max(1, Math.floor(length / 60_000)) * 60_000;

function Where({ header }: { header: Conversation }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const assignee = header.assigneeId ? users.get(header.assigneeId)?.name : undefined;
  return (
    <p className="flex items-center gap-1.5 text-2xs text-ink-faint">
      {header.status === 'snoozed' && header.snoozedUntil ? (
        <Chip tone="info" icon={<AlarmClock size={12} aria-hidden />}>
          {t.row.snoozedUntil(fmt.when(header.snoozedUntil, now))}
        </Chip>
      ) : header.status !== 'open' ? (
        <Chip tone="neutral">{t.row.status[header.status]}</Chip>
      ) : (
        header.waitingSince && (
          <span>{t.row.waiting(fmt.duration(wholeMinutes(now - Date.parse(header.waitingSince))))}</span>
        )
      )}
      <span className="truncate">{assignee ? t.row.assignedTo(plainName(assignee)) : t.row.unassigned}</span>
    </p>
  );
}

function Viewers({ conversationId }: { conversationId: string }) {
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
      className="flex -space-x-1.5"
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

function Assign({ header, assign }: { header: Conversation; assign: (id: string | null) => Promise<void> }) {
  const t = useT();
  const menu = useInboxUi((ui) => ui.menu);
  const set = useInboxUi((ui) => ui.set);
  const entries = useAssignEntries(header, assign);
  useHotkey('conversation.assign', () => set({ menu: 'assign' }));
  return (
    <Menu
      label={t.assign.title}
      placement="bottom end"
      isOpen={menu === 'assign'}
      onOpenChange={(isOpen) => set({ menu: isOpen ? 'assign' : null })}
      trigger={
        <IconButton label={t.assign.title} hotkey="conversation.assign" icon={<UserCheck size={17} />} />
      }
      items={entries}
    />
  );
}

function useAssignEntries(header: Conversation, assign: (id: string | null) => Promise<void>): MenuEntry[] {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const others = [...users.values()].filter(({ id, active }) => active && id !== me.id);
  return [
    {
      id: 'me',
      label: t.assign.toMe,
      icon: <Avatar name={me.name} seed={me.id} size="xs" />,
      hotkey: 'conversation.assignToMe',
      checked: header.assigneeId === me.id,
      onAction: () => void assign(me.id),
    },
    ...others.map(({ id, name }) => ({
      id,
      label: plainName(name),
      icon: <Avatar name={name} seed={id} size="xs" />,
      checked: header.assigneeId === id,
      onAction: () => void assign(id),
    })),
    {
      id: 'nobody',
      label: t.assign.nobody,
      checked: header.assigneeId === null,
      onAction: () => void assign(null),
    },
  ];
}

interface SnoozeProps {
  header: Conversation;
  snooze: (until: number) => Promise<boolean>;
  wake: () => Promise<void>;
  onPick: () => void;
}

function Snooze(props: SnoozeProps) {
  const t = useT();
  const menu = useInboxUi((ui) => ui.menu);
  const set = useInboxUi((ui) => ui.set);
  const entries = useSnoozeEntries(props);
  useHotkey('conversation.snooze', () => set({ menu: 'snooze' }));
  return (
    <Menu
      label={t.snooze.title}
      placement="bottom end"
      isOpen={menu === 'snooze'}
      onOpenChange={(isOpen) => set({ menu: isOpen ? 'snooze' : null })}
      trigger={
        <IconButton label={t.snooze.title} hotkey="conversation.snooze" icon={<AlarmClock size={17} />} />
      }
      items={entries}
    />
  );
}

function useSnoozeEntries({ header, snooze, wake, onPick }: SnoozeProps): MenuEntry[] {
  const t = useT();
  const fmt = useFmt();
  const { timeZone } = useLocale();
  const now = useNow();
  const times: [string, string, number][] = [
    ['hour', t.snooze.hour, now + 3_600_000],
    ['tomorrow', t.snooze.tomorrow, clockTime({ from: now, timeZone, days: 1, hour: 9 })],
    ['saturday', t.snooze.saturday, clockTime({ from: now, timeZone, weekday: 6, hour: 9 })],
  ];
  return [
    ...times.map(([id, label, at]) => ({
      id,
      label,
      description: fmt.when(at, now),
      onAction: () => void snooze(at),
    })),
    { id: 'pick', label: t.snooze.pick, onAction: onPick },
    ...(header.status === 'snoozed'
      ? [{ id: 'wake', label: t.snooze.wake, onAction: () => void wake() }]
      : []),
  ];
}

function More(props: { header: Conversation; phone: boolean; onUnread: () => void; onPick: () => void }) {
  const { header, phone, onUnread, onPick } = props;
  const t = useT();
  const deeds = useDeeds(header.id);
  const assign = useAssignEntries(header, deeds.assign);
  const snooze = useSnoozeEntries({ header, snooze: deeds.snooze, wake: deeds.reopen, onPick });
  const general: MenuEntry[] = [
    {
      id: 'unread',
      label: t.resolve.markUnread,
      icon: <Mail size={16} />,
      hotkey: 'conversation.unread',
      disabled: header.lastInboundSeq === 0,
      onAction: onUnread,
    },
  ];
  return (
    <Menu
      label={t.common.more}
      placement="bottom end"
      trigger={<IconButton label={t.common.more} icon={<Ellipsis size={17} />} />}
      items={
        phone
          ? [
              { id: 'general', entries: general },
              { id: 'snooze', title: t.snooze.title, entries: snooze },
              { id: 'assign', title: t.assign.title, entries: assign },
            ]
          : general
      }
    />
  );
}
