import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** Why there is nothing, and what to do next. */
  text?: ReactNode;
  /** One button. */
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, text, action, className }: EmptyStateProps) {
  return (
    <div className={cx('flex h-full flex-col items-center justify-center gap-1 p-8 text-center', className)}>
      {icon && (
        <span
          aria-hidden
          className="mb-3 grid size-14 place-items-center rounded-full bg-sunken text-ink-faint"
        >
          {icon}
        </span>
      )}
      <p className="text-md font-semibold">{title}</p>
      {text && <p className="max-w-72 text-pretty text-ink-muted">{text}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
