import { useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import { IconButton } from '../../components/button.tsx';
import {
  AlarmClock,
  Ban,
  Ellipsis,
  Flag,
  Mail,
  Phone,
  ShieldAlert,
  ShieldCheck,
  Split,
  Tag,
  UserCheck,
  Users,
} from '../../components/icons.ts';
import { Menu, type MenuEntry, type MenuGroup } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useBeginCall } from '../calls/begin-call.ts';
import { useDeeds } from './deeds.ts';
import { useSplits, useThreads } from './splits.ts';
import { type PickerKind, useInboxUi } from './ui.ts';

/** The deeds that have no button of their own; on a phone nearly all. */
export function More(props: {
  header: Conversation;
  phone: boolean;
  onUnread: () => void;
  onGone: () => void;
}) {
  const { header, phone, onUnread, onGone } = props;
  const t = useT();
  const set = useInboxUi((ui) => ui.set);
  const deeds = useDeeds([header.id]);
  const threads = useThreads(header);
  const { split } = useSplits();
  const pick = (kind: PickerKind) => () => set({ picker: { kind, ids: [header.id] } });
  const w = useSocialWords();
  const beginCall = useBeginCall();
  const [open, setOpen] = useState(false);
  useHotkey('conversation.more', () => setOpen(true));
  const active = header.status === 'open' || header.status === 'snoozed';
  const picking: MenuEntry[] = [
    {
      id: 'team',
      label: t.team.title,
      icon: <Users size={16} />,
      hotkey: 'conversation.team',
      onAction: pick('team'),
    },
    {
      id: 'tags',
      label: t.tags.title,
      icon: <Tag size={16} />,
      hotkey: 'conversation.tags',
      onAction: pick('tags'),
    },
    {
      id: 'priority',
      label: t.priority.title,
      icon: <Flag size={16} />,
      hotkey: 'conversation.priority',
      onAction: pick('priority'),
    },
  ];
  const onPhone: MenuEntry[] = [
    {
      id: 'assign',
      label: t.assign.title,
      icon: <UserCheck size={16} />,
      hotkey: 'conversation.assign',
      onAction: pick('assign'),
    },
    {
      id: 'snooze',
      label: t.snooze.title,
      icon: <AlarmClock size={16} />,
      hotkey: 'conversation.snooze',
      disabled: !active,
      onAction: pick('snooze'),
    },
  ];
  const gone = async (done: Promise<boolean>) => {
    if (await done) onGone();
  };
  const sender = header.replyTarget?.identityId;
  const spam: MenuEntry[] =
    header.status === 'spam'
      ? [
          {
            id: 'notSpam',
            label: t.spam.restore,
            icon: <ShieldCheck size={16} />,
            onAction: () => void deeds.notSpam(),
          },
        ]
      : [
          {
            id: 'spam',
            label: t.spam.mark,
            icon: <ShieldAlert size={16} />,
            hotkey: 'conversation.spam',
            onAction: () => void gone(deeds.spam()),
          },
          ...(sender
            ? [
                {
                  id: 'block',
                  label: t.spam.markAndBlock,
                  icon: <Ban size={16} />,
                  onAction: () => void gone(deeds.spam([sender])),
                },
              ]
            : []),
        ];
  const groups: MenuGroup[] = [
    {
      id: 'general',
      entries: [
        ...(phone ? onPhone : []),
        ...picking,
        {
          id: 'unread',
          label: t.resolve.markUnread,
          icon: <Mail size={16} />,
          hotkey: 'conversation.unread',
          disabled: header.lastInboundSeq === 0,
          onAction: onUnread,
        },
        {
          id: 'call',
          label: w.call.log,
          icon: <Phone size={16} />,
          hotkey: 'general.logCall',
          onAction: beginCall,
        },
      ],
    },
    ...(threads.length > 1
      ? [
          {
            id: 'split',
            title: t.split.menu,
            entries: threads.map((thread) => ({
              id: thread.key,
              label: t.split.one(thread.channel, thread.address),
              description: t.split.count(thread.count),
              icon: <Split size={16} />,
              onAction: () => void split(header.id, thread.target),
            })),
          },
        ]
      : []),
    ...(header.status === 'continued' ? [] : [{ id: 'spam', entries: spam }]),
  ];
  return (
    <Menu
      label={t.common.more}
      placement="bottom end"
      isOpen={open}
      onOpenChange={setOpen}
      trigger={<IconButton label={t.common.more} icon={<Ellipsis size={17} />} hotkey="conversation.more" />}
      items={groups}
    />
  );
}
