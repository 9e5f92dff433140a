import { cx } from '../../components/cx.ts';
import { Check } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { type Step, steps } from './setup-form.ts';

export interface SetUpStepsProps {
  current: Step;
  /** Back to a step that was passed. */
  onGo: (step: Step) => void;
}

/** Where one is and what is left; what is behind can be seen again. */
export function SetUpSteps({ current, onGo }: SetUpStepsProps) {
  const t = useT();
  const fmt = useFmt();
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t.firstRun.steps} className="border-b border-line p-3 sm:border-e sm:border-b-0 sm:p-5">
      <ol className="flex justify-between gap-1 sm:flex-col sm:gap-1.5">
        {steps.map((step, index) => {
          const past = index < at;
          const inside = (
            <>
              <span
                aria-hidden
                className={cx(
                  'grid size-6 shrink-0 place-items-center rounded-full text-2xs font-bold',
                  past && 'bg-ok-soft text-ok-ink',
                  index === at && 'bg-accent text-on-accent',
                  index > at && 'border border-line-strong text-ink-muted',
                )}
              >
                {past ? <Check size={13} strokeWidth={3} /> : fmt.number(index + 1)}
              </span>
              <span className="sr-only sm:not-sr-only">{t.firstRun[`${step}Title`]}</span>
            </>
          );
          const look = 'flex min-h-9 w-full items-center gap-2.5 rounded-md px-2 text-start text-sm';
          return (
            <li key={step} aria-current={index === at ? 'step' : undefined}>
              {past ? (
                <button type="button" onClick={() => onGo(step)} className={cx(look, 'hover:bg-hover')}>
                  {inside}
                </button>
              ) : (
                <span className={cx(look, index === at ? 'font-semibold' : 'text-ink-muted')}>{inside}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
