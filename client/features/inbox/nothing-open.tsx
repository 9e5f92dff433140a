import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Inbox as InboxIcon, MessagesSquare } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import type { CommandId } from '../../i18n/fa.ts';
import { useT } from '../../i18n/locale.tsx';
import { useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useLoading } from '../../state/hooks.tsx';

const tips: CommandId[] = [
  'list.next',
  'conversation.reply',
  'conversation.note',
  'conversation.resolve',
  'list.search',
  'general.palette',
  'general.cheatSheet',
];

/** Where a conversation would be: what the keyboard can do, or why the wanted one is not there. */
export function NothingOpen(props: { conversationId: string | null; phone: boolean; onBack: () => void }) {
  const { conversationId, phone, onBack } = props;
  const t = useT();
  const loading = useLoading('timeline');
  if (conversationId && loading.state === 'failed')
    return (
      <EmptyState
        icon={<InboxIcon size={24} />}
        title={t.inbox.goneTitle}
        text={t.inbox.goneText}
        action={<Button onPress={onBack}>{t.inbox.backToList}</Button>}
      />
    );
  if (conversationId) return null;
  return (
    <EmptyState
      icon={<MessagesSquare size={24} />}
      title={t.inbox.nothingOpen}
      text={t.inbox.nothingOpenText}
      action={
        !phone && (
          <ul className="mt-2 grid grid-cols-[auto_auto] gap-x-6 gap-y-2 text-start text-xs text-ink-muted">
            {tips.map((id) => (
              <Tip key={id} id={id} />
            ))}
          </ul>
        )
      }
    />
  );
}

function Tip({ id }: { id: CommandId }) {
  const t = useT();
  const keys = useHotkeyKeys(id);
  if (!keys) return null;
  return (
    <li className="contents">
      <span>{t.commands[id]}</span>
      <Kbd keys={keys} />
    </li>
  );
}
