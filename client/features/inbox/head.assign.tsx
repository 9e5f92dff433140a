import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { IconButton } from '../../components/button.tsx';
import { UserCheck } from '../../components/icons.ts';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useMe } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { useInboxUi } from './ui.ts';

/** Gives the conversation to somebody, or to nobody. */
export function Assign({
  header,
  assign,
}: {
  header: Conversation;
  assign: (id: string | null) => Promise<void>;
}) {
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

export function useAssignEntries(
  header: Conversation,
  assign: (id: string | null) => Promise<void>,
): MenuEntry[] {
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
