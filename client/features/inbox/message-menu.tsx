import type { Message } from '../../../shared/message.ts';
import { IconButton } from '../../components/button.tsx';
import { Copy, Ellipsis, Forward, MailOpen, Reply, Split } from '../../components/icons.ts';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';
import { copyText } from './copy-text.ts';
import { useSplits } from './splits.ts';
import { useInboxUi } from './ui.ts';

/** What can be done with one message. */
export function MessageMenu(props: {
  message: Message;
  onQuote: ((message: Message) => void) | null;
  /** Other threads run beside its own. */
  canSplit: boolean;
}) {
  const { message, onQuote, canSplit } = props;
  const t = useT();
  const set = useInboxUi((ui) => ui.set);
  const { split } = useSplits();
  const { id, conversationId, channelId, identityId, threadKey } = message;
  const thread = channelId && identityId && threadKey !== null && { channelId, identityId, threadKey };
  const quote: MenuEntry = {
    id: 'quote',
    label: t.timeline.quote,
    icon: <Reply size={15} className="mirror" />,
    onAction: () => onQuote?.(message),
  };
  const forward: MenuEntry = {
    id: 'forward',
    label: t.letter.forward,
    icon: <Forward size={15} className="mirror" />,
    hotkey: 'conversation.forward',
    onAction: () => set({ mode: 'reply', forward: id }),
  };
  const whole: MenuEntry = {
    id: 'whole',
    label: t.letter.whole,
    icon: <MailOpen size={15} />,
    hotkey: 'conversation.whole',
    onAction: () => set({ whole: { id, conversationId } }),
  };
  const copy: MenuEntry = {
    id: 'copy',
    label: t.timeline.copyText,
    icon: <Copy size={15} />,
    disabled: message.text === '',
    onAction: () => copyText(message.text),
  };
  const entries = [
    ...(onQuote ? [quote] : []),
    ...(onQuote && message.letter ? [forward] : []),
    ...(message.hasWhole ? [whole] : []),
    ...(onQuote && canSplit && thread
      ? [
          {
            id: 'split',
            label: t.split.thread,
            icon: <Split size={15} />,
            onAction: () => void split(conversationId, thread),
          },
        ]
      : []),
    copy,
  ];
  return (
    <Menu
      label={t.timeline.messageMenu}
      placement="bottom end"
      trigger={
        <IconButton size="sm" label={t.timeline.messageMenu} placement="top" icon={<Ellipsis size={15} />} />
      }
      items={entries}
    />
  );
}
