import { type ReactNode, useEffect, useState } from 'react';
import { useT } from '../i18n/locale.tsx';
import { cx } from './cx.ts';

/** The shape of something on its way, in the height it will have. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('bone block', className ?? 'h-4 w-full')} />;
}

/** Shows its children after a moment only: what arrives within it never flickers. */
export function Delayed({ ms = 150, children }: { ms?: number; children: ReactNode }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return due ? children : null;
}

/** Rows of the list to come; says once that it is loading. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  const t = useT();
  return (
    <div role="status" className="overflow-hidden">
      <span className="sr-only">{t.common.loading}</span>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={at} className="flex h-(--row) items-center gap-3 px-3">
          <Skeleton className="size-10 shrink-0 rounded-full" />
          <div className="flex-1 space-y-2">
            <Skeleton className={cx('h-3', at % 3 === 0 ? 'w-1/3' : 'w-1/2')} />
            <Skeleton className={cx('h-3', at % 2 === 0 ? 'w-4/5' : 'w-3/5')} />
          </div>
        </div>
      ))}
    </div>
  );
}
