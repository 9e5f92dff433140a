import type { ReactNode } from 'react';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { cx } from './cx.ts';

export interface ProgressProps {
  /** Read aloud. */
  label: string;
  /** Between 0 and 1; null while nobody knows how much there is. */
  share: number | null;
  /** How far it is, in words: beside the bar and read aloud. */
  said: string;
  /** It stands still. */
  paused?: boolean;
  aside?: ReactNode;
}

/** How far long work has come. */
export function Progress({ label, share, said, paused = false, aside }: ProgressProps) {
  return (
    <ProgressBar
      aria-label={label}
      minValue={0}
      maxValue={1}
      value={share ?? 0}
      valueLabel={said}
      isIndeterminate={share === null}
      className="flex flex-col gap-1.5"
    >
      <span className="block h-2 overflow-hidden rounded-full bg-sunken">
        <span
          className={cx(
            'block h-full rounded-full transition-[width]',
            share === null ? 'bone w-full' : paused ? 'bg-line-strong' : 'bg-accent',
          )}
          {...(share !== null && { style: { width: `${Math.max(share, 0.01) * 100}%` } })}
        />
      </span>
      <span className="flex flex-wrap justify-between gap-x-4 text-xs text-ink-muted">
        <span>{said}</span>
        {aside}
      </span>
    </ProgressBar>
  );
}
