import type { ReactNode } from 'react';
import { useT } from '../i18n/locale.tsx';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { RotateCcw, TriangleAlert } from './icons.ts';

export interface ErrorStateProps {
  title?: ReactNode;
  /** What happened and what to do: `t.errors.code[…]`. */
  text: ReactNode;
  onRetry?: () => void;
  /** To be quoted to an administrator. */
  errorId?: string;
  className?: string;
}

/** In place of a panel that could not be shown; the other panels go on. */
export function ErrorState({ title, text, onRetry, errorId, className }: ErrorStateProps) {
  const t = useT();
  return (
    <div
      role="alert"
      className={cx('flex h-full flex-col items-center justify-center gap-1 p-8 text-center', className)}
    >
      <span
        aria-hidden
        className="mb-3 grid size-14 place-items-center rounded-full bg-danger-soft text-danger-ink"
      >
        <TriangleAlert size={24} />
      </span>
      <p className="text-md font-semibold">{title ?? t.errors.title}</p>
      <p className="max-w-80 text-pretty text-ink-muted">{text}</p>
      {onRetry && (
        <Button className="mt-3" icon={<RotateCcw size={15} aria-hidden />} onPress={onRetry}>
          {t.common.retry}
        </Button>
      )}
      {errorId && (
        <p className="mt-3 text-xs text-ink-faint">
          {t.common.errorId}: <code className="ltr font-mono select-all">{errorId}</code>
        </p>
      )}
    </div>
  );
}
