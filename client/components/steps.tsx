import { Link } from 'wouter';
import { useFmt } from '../i18n/locale.tsx';
import { cx } from './cx.ts';
import { Check } from './icons.ts';

export interface Step {
  id: string;
  label: string;
  /** Where it can be gone back to. */
  href?: string | undefined;
}

export interface StepsProps {
  label: string;
  steps: readonly Step[];
  /** The step that is being done; beyond the last when all are. */
  at: number;
  /** Read aloud after a step that is done. */
  done: string;
}

/** Where one is in something of several steps. */
export function Steps({ label, steps, at, done }: StepsProps) {
  const fmt = useFmt();
  return (
    <nav aria-label={label}>
      <ol className="flex items-center gap-2">
        {steps.map((step, n) => {
          const here = n === at;
          const past = n < at;
          const inside = (
            <>
              <span
                aria-hidden
                className={cx(
                  'grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold',
                  here && 'bg-accent text-on-accent',
                  past && 'bg-accent-soft text-accent-ink',
                  !here && !past && 'border border-line-strong text-ink-faint',
                )}
              >
                {past ? <Check size={13} strokeWidth={3} /> : fmt.number(n + 1)}
              </span>
              <span className={cx('truncate', !here && 'max-sm:sr-only')}>{step.label}</span>
              {past && <span className="sr-only">({done})</span>}
            </>
          );
          const look = cx(
            'flex min-h-7 min-w-0 items-center gap-1.5 rounded-md text-sm',
            here ? 'font-semibold text-ink' : 'text-ink-muted',
          );
          return (
            <li
              key={step.id}
              aria-current={here ? 'step' : undefined}
              className={cx('flex min-w-0 items-center gap-2', n < steps.length - 1 && 'flex-auto')}
            >
              {step.href && !here ? (
                <Link href={step.href} className={cx(look, 'px-1 hover:bg-hover hover:text-ink')}>
                  {inside}
                </Link>
              ) : (
                <span className={cx(look, 'px-1')}>{inside}</span>
              )}
              {n < steps.length - 1 && <span aria-hidden className="h-px min-w-3 flex-1 bg-line" />}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
