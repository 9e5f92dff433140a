import type { Conversation } from '../../../shared/conversation.ts';
import { IconButton } from '../../components/button.tsx';
import { Ellipsis, Mail } from '../../components/icons.ts';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useDeeds } from './deeds.ts';
import { useAssignEntries } from './head.assign.tsx';
import { useSnoozeEntries } from './head.snooze.tsx';

/** The deeds that have no button of their own; on a phone nearly all. */
export function More(props: {
  header: Conversation;
  phone: boolean;
  onUnread: () => void;
  onPick: () => void;
}) {
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
