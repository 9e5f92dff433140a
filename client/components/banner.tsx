import type { ReactNode } from 'react';
import { cx } from './cx.ts';

const tones = {
  warn: 'bg-warn-soft text-warn-ink',
  ok: 'bg-ok-soft text-ok-ink',
  info: 'bg-info-soft text-info-ink',
  danger: 'bg-danger-soft text-danger-ink',
  note: 'bg-note text-note-ink',
};

export interface BannerProps {
  tone: keyof typeof tones;
  icon?: ReactNode;
  children: ReactNode;
  action?: ReactNode;
  /** Read aloud when it appears. */
  live?: boolean;
}

/** A thin line over a page or a panel: offline, paused, demo. */
export function Banner({ tone, icon, children, action, live = false }: BannerProps) {
  return (
    <div
      {...(live && { role: 'status' })}
      className={cx(
        'flex min-h-8 items-center justify-center gap-2 px-3 py-1 text-xs font-medium',
        tones[tone],
      )}
    >
      {icon && (
        <span aria-hidden className="shrink-0">
          {icon}
        </span>
      )}
      <span>{children}</span>
      {action}
    </div>
  );
}
