import type { Message } from '../../../shared/message.ts';
import { IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Reply, X } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { PreviewText } from '../../lib/message-text.tsx';

export interface QuotedProps {
  message: Message;
  /** What the strip says of it: why it stands here. */
  why?: string;
  tone?: 'accent' | 'public';
  /** Null: it is what is answered, whether it is quoted or not. */
  onRemove: (() => void) | null;
}

/** The message that the reply is about. */
export function Quoted({ message, why, tone = 'accent', onRemove }: QuotedProps) {
  const t = useT();
  const { direction } = useLocale();
  return (
    <div
      className={cx(
        'mx-3 mt-1.5 flex items-center gap-2 border-s-2 ps-2 text-xs text-ink-muted',
        tone === 'public' ? 'border-public-line' : 'border-accent',
      )}
    >
      <Reply size={13} aria-hidden className="mirror shrink-0" />
      <span className="min-w-0 flex-1 py-0.5">
        {why && (
          <span className={cx('block text-2xs', tone === 'public' ? 'text-public-ink' : 'text-ink-faint')}>
            {why}
          </span>
        )}
        <PreviewText text={message.text || t.timeline.file} fallback={direction} />
      </span>
      {onRemove && (
        <IconButton size="sm" label={t.composer.removeQuote} icon={<X size={14} />} onPress={onRemove} />
      )}
    </div>
  );
}
