import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { IconButton } from '../../components/button.tsx';
import { Reply, X } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { PreviewText } from '../../lib/message-text.tsx';
import { useTimeline } from '../../state/hooks.tsx';
import { useInboxUi } from './ui.ts';

/** The message that the reply is about, where the channel can say so. */
export function useQuoted(header: Conversation, able: boolean) {
  const quoting = useInboxUi((ui) => ui.quoting);
  const set = useInboxUi((ui) => ui.set);
  const timeline = useTimeline(header.customerId);
  const id = able ? quoting[header.id] : undefined;
  return {
    quoted: id ? timeline?.messages.find((message) => message.id === id) : undefined,
    forgetQuote: () => {
      const { [header.id]: _, ...rest } = quoting;
      set({ quoting: rest });
    },
  };
}

export function Quoted({ message, onRemove }: { message: Message; onRemove: () => void }) {
  const t = useT();
  const { direction } = useLocale();
  return (
    <div className="mx-3 mt-1.5 flex items-center gap-2 border-s-2 border-accent ps-2 text-xs text-ink-muted">
      <Reply size={13} aria-hidden className="mirror shrink-0" />
      <span className="min-w-0 flex-1">
        <PreviewText text={message.text || t.timeline.file} fallback={direction} />
      </span>
      <IconButton size="sm" label={t.composer.removeQuote} icon={<X size={14} />} onPress={onRemove} />
    </div>
  );
}
