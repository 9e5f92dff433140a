import type { ReactNode } from 'react';
import { cx } from './cx.ts';

const tones = {
  neutral: 'bg-sunken text-ink-muted',
  accent: 'bg-accent-soft text-accent-ink',
  danger: 'bg-danger-soft text-danger-ink',
  warn: 'bg-warn-soft text-warn-ink',
  ok: 'bg-ok-soft text-ok-ink',
  info: 'bg-info-soft text-info-ink',
  note: 'bg-note text-note-ink',
  public: 'bg-public text-public-ink',
};
export type Tone = keyof typeof tones;

export interface BadgeProps {
  /** Written already, e.g. by `fmt.capped`. */
  children: ReactNode;
  tone?: 'strong' | 'quiet';
  /** Read aloud instead of the bare number: "3 unread messages". */
  label?: string;
}

/** A count. */
export function Badge({ children, tone = 'strong', label }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1.5 text-2xs font-semibold',
        tone === 'strong' ? 'bg-accent text-on-accent' : 'text-ink-faint',
      )}
    >
      <span aria-hidden={label ? true : undefined} className="pt-px">
        {children}
      </span>
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}

export interface ChipProps {
  children: ReactNode;
  tone?: Tone;
  icon?: ReactNode;
  className?: string;
}

/** A word about something: its state, a tag. Its colour never says more than its word. */
export function Chip({ children, tone = 'neutral', icon, className }: ChipProps) {
  return (
    <span
      className={cx(
        'inline-flex h-5 max-w-full items-center gap-1 rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
