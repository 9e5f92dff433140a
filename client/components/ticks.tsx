import { memo } from 'react';
import type { DeliveryState } from '../../shared/message.ts';
import { useT } from '../i18n/locale.tsx';
import { cx } from './cx.ts';
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, LoaderCircle } from './icons.ts';

const marks = {
  queued: { Icon: Clock, look: 'text-ink-faint' },
  sending: { Icon: LoaderCircle, look: 'text-ink-faint turning' },
  sent: { Icon: Check, look: 'text-ink-faint' },
  delivered: { Icon: CheckCheck, look: 'text-ink-faint' },
  read: { Icon: CheckCheck, look: 'text-accent-ink' },
  failed: { Icon: CircleAlert, look: 'text-danger-ink' },
  unknown: { Icon: CircleHelp, look: 'text-warn-ink' },
} satisfies Record<DeliveryState, object>;

export interface TicksProps {
  state: DeliveryState;
  /** Says the state in words beside the mark. */
  worded?: boolean;
}

/** How far a message has come. `read` differs from `delivered` by its name as well as its colour. */
export const Ticks = memo(function Ticks({ state, worded = false }: TicksProps) {
  const t = useT();
  const { Icon, look } = marks[state];
  const word = t.delivery.state[state];
  if (worded)
    return (
      <span className="inline-flex items-center gap-1 text-2xs">
        <Icon size={14} aria-hidden className={look} />
        {word}
      </span>
    );
  return (
    <span role="img" aria-label={word} title={word} className="inline-flex">
      <Icon size={14} strokeWidth={state === 'read' ? 2.6 : 2} aria-hidden className={cx('shrink-0', look)} />
    </span>
  );
});
