import type { Message } from '../../../shared/message.ts';
import { sentimentLabels } from '../../../shared/sentiment.ts';
import { IconButton } from '../../components/button.tsx';
import {
  Bookmark,
  Copy,
  Ellipsis,
  ExternalLink,
  Forward,
  MailOpen,
  MessagesSquare,
  Reply,
  Split,
  User,
} from '../../components/icons.ts';
import { Menu, type MenuEntry, type MenuGroup } from '../../components/menu.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useKeyboard } from '../../lib/hotkeys.react.tsx';
import { useMayWrite } from '../customers/may-write.ts';
import { useCorrection } from '../sentiment/correct.ts';
import { sentimentIcons, sentimentInk } from '../sentiment/sign.tsx';
import { copyText } from './copy-text.ts';
import { isKept } from './kept.ts';
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
  const w = useSocialWords();
  const customers = useCustomerWords();
  const writes = useMayWrite();
  const correct = useCorrection();
  const keyboard = useKeyboard();
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
  const keep: MenuEntry = {
    id: 'keep',
    label: customers.keep.title,
    icon: <Bookmark size={15} />,
    hotkey: 'message.keep',
    onAction: () => set({ keep: id }),
  };
  const { postId } = message;
  const seeThread: MenuEntry = {
    id: 'thread',
    label: w.post.open,
    icon: <MessagesSquare size={15} />,
    hotkey: 'message.thread',
    onAction: () => postId && set({ thread: { postId: postId, messageId: id } }),
  };
  const outside: MenuEntry = {
    id: 'outside',
    label: w.post.openAt,
    icon: <ExternalLink size={15} className="mirror" />,
    onAction: () => window.open(message.url ?? '', '_blank', 'noopener,noreferrer'),
  };
  const handOver: MenuEntry = {
    id: 'handOver',
    label: w.visibility.handOver,
    icon: <User size={15} />,
    hotkey: 'composer.toPrivate',
    onAction: () => {
      set({ held: id });
      keyboard?.hotkeys.perform('composer.toPrivate');
    },
  };
  const open = message.visibility === 'public' && message.direction === 'in';
  const entries = [
    ...(onQuote ? [quote] : []),
    ...(onQuote && open ? [handOver] : []),
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
    ...(postId === null ? [] : [seeThread]),
    ...(message.url && /^https?:/i.test(message.url) ? [outside] : []),
    ...(writes && isKept(message) ? [keep] : []),
    copy,
  ];
  const { sentiment } = message;
  const felt: MenuEntry[] =
    sentiment && correct
      ? sentimentLabels.map((label) => {
          const Icon = sentimentIcons[label];
          return {
            id: label,
            label: w.sentiment.labels[label],
            icon: <Icon size={15} className={sentimentInk[label]} />,
            hotkey: `message.${label}` as const,
            checked: sentiment.label === label,
            onAction: () => void correct(message, label),
          };
        })
      : [];
  const groups: MenuGroup[] = [
    { id: 'message', entries },
    ...(felt.length > 0 ? [{ id: 'sentiment', title: w.sentiment.label, entries: felt }] : []),
  ];
  return (
    <Menu
      label={t.timeline.messageMenu}
      placement="bottom end"
      trigger={
        <IconButton size="sm" label={t.timeline.messageMenu} placement="top" icon={<Ellipsis size={15} />} />
      }
      items={felt.length > 0 ? groups : entries}
    />
  );
}
