import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { cx } from '../../components/cx.ts';
import { Check } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { SettingsPage } from '../settings/page.tsx';
import { type WizardStep, wizardSteps } from './wizard-progress.ts';

export interface WizardFrameProps {
  step: WizardStep;
  title: string;
  /** Of the steps that can be gone to from here. */
  hrefs: Partial<Record<WizardStep, string>>;
  children: ReactNode;
}

/** The four steps of every channel, and the end: where one is, and the ways back. */
export function WizardFrame({ step, title, hrefs, children }: WizardFrameProps) {
  const t = useT();
  const w = useWords();
  const content = useRef<HTMLDivElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    // Another step is another page: whoever cannot see it is told by where the keyboard is.
    if (shown.current !== step) content.current?.focus();
    shown.current = step;
  }, [step]);
  return (
    <SettingsPage title={title} back={{ href: '/channels', label: t.channels.back }}>
      <Steps step={step} hrefs={hrefs} />
      <section
        ref={content}
        tabIndex={-1}
        aria-label={w.wizard.step[step]}
        className="flex flex-1 flex-col outline-none"
      >
        {children}
      </section>
    </SettingsPage>
  );
}

function Steps({ step, hrefs }: Pick<WizardFrameProps, 'step' | 'hrefs'>) {
  const w = useWords();
  const fmt = useFmt();
  const here = wizardSteps.indexOf(step);
  return (
    <nav aria-label={w.wizard.steps} className="mb-6">
      <p className="mb-2 text-xs text-ink-muted sm:hidden">
        {w.wizard.stepOf(here + 1, wizardSteps.length)}
        {' · '}
        <span className="font-semibold text-ink">{w.wizard.step[step]}</span>
      </p>
      <ol className="flex gap-1.5 sm:gap-2">
        {wizardSteps.map((each, at) => {
          const past = at < here;
          const href = each === step ? undefined : hrefs[each];
          const body = (
            <>
              <span
                aria-hidden
                className={cx(
                  'hidden size-6 shrink-0 place-items-center rounded-full text-2xs font-bold sm:grid',
                  past
                    ? 'bg-accent text-on-accent'
                    : at === here
                      ? 'border-2 border-accent text-accent-ink'
                      : 'border border-line-strong text-ink-muted',
                )}
              >
                {past ? <Check size={13} strokeWidth={3} /> : fmt.number(at + 1)}
              </span>
              <span className="sr-only truncate sm:not-sr-only">{w.wizard.step[each]}</span>
              {past && <span className="sr-only">({w.wizard.stepDone})</span>}
            </>
          );
          const look = cx(
            'flex min-h-2 items-center gap-2 border-t-3 pt-2 text-xs sm:min-h-9',
            at <= here ? 'border-accent' : 'border-line',
            at === here ? 'font-semibold text-ink' : 'text-ink-muted',
          );
          return (
            <li key={each} className="min-w-0 flex-1" aria-current={at === here ? 'step' : undefined}>
              {href ? (
                <Link href={href} className={cx(look, 'hover:text-ink')}>
                  {body}
                </Link>
              ) : (
                <span className={look}>{body}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
