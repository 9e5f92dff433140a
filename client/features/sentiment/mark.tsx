import { Suspense, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import type { Message } from '../../../shared/message.ts';
import { isSure, type Sentiment, type SentimentLabel } from '../../../shared/sentiment.ts';
import { cx } from '../../components/cx.ts';
import { useSocialWords } from '../../i18n/social-words.ts';
import { later } from '../../lib/later.ts';
import { useCorrection } from './correct.ts';
import { sentimentIcons, sentimentInk } from './sign.tsx';

const load = () => import('./details.tsx');
const Details = later(load);

export interface SentimentMarkProps {
  message: Message;
  sentiment: Sentiment;
  /** The words that counted are to be seen in the text, or no longer. */
  onExplain: (isOpen: boolean) => void;
}

/** How a customer's message was said: a small face; pressed, it says why. */
export function SentimentMark({ message, ...rest }: SentimentMarkProps) {
  const correct = useCorrection();
  return (
    <FeelingMark {...rest} text={message.text} onSay={correct && ((label) => void correct(message, label))} />
  );
}

export interface FeelingMarkProps extends Omit<SentimentMarkProps, 'message'> {
  text: string;
  /** A person's word for it; null where nobody may say one. */
  onSay: ((label: SentimentLabel | null) => void) | null;
}

/** The same of anything that somebody said. */
export function FeelingMark({ text, sentiment, onSay, onExplain }: FeelingMarkProps) {
  const w = useSocialWords().sentiment;
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  // Once it was open it stays, so that closing can give the focus back.
  const [used, setUsed] = useState(false);
  const { label, by } = sentiment;
  const Icon = sentimentIcons[label];
  const change = (next: boolean) => {
    setUsed(true);
    setOpen(next);
    onExplain(next);
  };
  return (
    <>
      <AriaButton
        ref={button}
        aria-label={w.mark(w.labels[label])}
        aria-haspopup="dialog"
        aria-expanded={open}
        data-sentiment={label}
        onPress={() => change(!open)}
        onHoverStart={() => void load().catch(() => undefined)}
        className={cx(
          'relative -my-1 inline-grid size-6 place-items-center rounded-full hover:bg-hover aria-expanded:bg-hover',
          // A guess that counts for nothing has no colour.
          sentimentInk[isSure(sentiment) ? label : 'neutral'],
        )}
      >
        <Icon size={14} aria-hidden />
        {by === 'agent' && (
          <span aria-hidden className="absolute end-0.5 bottom-0.5 size-1.5 rounded-full bg-current" />
        )}
      </AriaButton>
      <Suspense>
        {used && (
          <Details
            triggerRef={button}
            isOpen={open}
            onOpenChange={change}
            text={text}
            sentiment={sentiment}
            onSay={onSay}
          />
        )}
      </Suspense>
    </>
  );
}
