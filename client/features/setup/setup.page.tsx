import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { AppError } from '../../../shared/errors.ts';
import type { Me } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { CircleCheck } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { SwitchLanguage } from '../session/session.page.tsx';
import type { Issues } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Administrator, Code, LanguageStep, Organisation, type StepProps } from './setup.fields.tsx';
import { SetUpSteps } from './setup.steps.tsx';
import {
  forgetProgress,
  issuesOf,
  keepProgress,
  keptProgress,
  readSetUp,
  refused,
  type SetUpForm,
  type Step,
  steps,
} from './setup-form.ts';

/** The first run of an installation: four steps on one page, then the way to the first channel. */
export default function SetUpPage() {
  const t = useT();
  const [me, setMe] = useState<Me | null>(null);
  const [organisation, setOrganisation] = useState('');
  useEffect(() => {
    document.title = t.firstRun.title;
  }, [t]);
  return (
    <main className="flex min-h-dvh flex-col items-center bg-canvas px-4 py-8 sm:justify-center">
      <div className="mb-6 flex flex-col items-center gap-2 text-center">
        <img src="/icon.svg" alt="" width={44} height={44} />
        <h1 className="text-xl font-bold">{t.firstRun.title}</h1>
        <p className="text-ink-muted">{t.firstRun.intro}</p>
      </div>
      <div className="w-full max-w-3xl rounded-xl border border-line bg-surface shadow-soft">
        {me ? (
          <Done me={me} organisation={organisation} />
        ) : (
          <Steps
            onDone={(created, name) => {
              setOrganisation(name);
              setMe(created);
            }}
          />
        )}
      </div>
      <div className="mt-4">
        <SwitchLanguage />
      </div>
    </main>
  );
}

const fields: Record<Step, (props: StepProps) => ReactNode> = {
  code: Code,
  language: LanguageStep,
  organisation: Organisation,
  administrator: Administrator,
};

function Steps({ onDone }: { onDone: (me: Me, organisation: string) => void }) {
  const t = useT();
  const session = useSession();
  const { language, calendar, timeZone } = useLocale();
  const [kept] = useState(keptProgress);
  const [form, setForm] = useState<SetUpForm>(kept.form);
  const [step, setStep] = useState<Step>(kept.step);
  const [issues, setIssues] = useState<Issues | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const at = steps.indexOf(step);
  const last = at === steps.length - 1;
  useEffect(() => keepProgress(form, step), [form, step]);

  const goTo = (next: Step, wrong: Issues | null = null) => {
    setIssues(wrong && issuesOf(next, wrong));
    setStep(next);
    // Readers and the keyboard go along, unless a field that is wrong takes the focus.
    if (!wrong) requestAnimationFrame(() => heading.current?.focus());
  };
  const create = async () => {
    const read = readSetUp(form, { language, calendar, timeZone });
    if (!read.data) return goTo(read.step ?? step, read.issues);
    setBusy(true);
    try {
      const me = await session.calls.setUp(read.data);
      forgetProgress();
      onDone(me, read.data.organisation);
    } catch (error) {
      const { issues: wrong, step: back } = refused(error);
      setFailure(error);
      setBusy(false);
      if (back) goTo(back, wrong);
    }
  };
  const submit = () => {
    if (busy) return;
    setFailure(null);
    const own = issuesOf(step, readSetUp(form, { language, calendar, timeZone }).issues);
    const next = steps[at + 1];
    if (own) setIssues(own);
    else if (next) goTo(next);
    else void create();
  };
  const Fields = fields[step];
  return (
    <div className="grid sm:grid-cols-[13rem_1fr]">
      <SetUpSteps current={step} onGo={(past) => goTo(past)} />
      <Form onSubmit={submit} issues={issues} className="flex min-h-88 flex-col gap-4 p-5 sm:p-7">
        <div>
          <p className="text-xs text-ink-faint">{t.firstRun.step(at + 1, steps.length)}</p>
          <h2 ref={heading} tabIndex={-1} className="mt-0.5 text-lg font-bold outline-none">
            {t.firstRun[`${step}Title`]}
          </h2>
        </div>
        {failure !== null && <Failure error={failure} />}
        <Fields
          form={form}
          onChange={(part) => setForm((before) => ({ ...before, ...part }))}
          issues={issues}
        />
        <div className="mt-auto flex flex-wrap items-center justify-end gap-2 pt-2">
          {at > 0 && (
            <Button variant="quiet" onPress={() => goTo(steps[at - 1] ?? 'code')} isDisabled={busy}>
              {t.common.back}
            </Button>
          )}
          <Button type="submit" variant="primary" isPending={busy}>
            {last ? t.firstRun.create : t.common.next}
          </Button>
        </div>
      </Form>
    </div>
  );
}

/** What no field can say: somebody else was first, too many guesses, no connection. */
function Failure({ error }: { error: unknown }) {
  const t = useT();
  const session = useSession();
  if (error instanceof AppError && error.reason === 'badSetupCode') return null;
  if (error instanceof AppError && error.reason === 'alreadySetUp')
    return (
      <>
        <FormError text={t.firstRun.alreadyDone} />
        <Button className="w-fit" onPress={() => void session.start()}>
          {t.signIn.submit}
        </Button>
      </>
    );
  if (error instanceof AppError && error.body.fields) return null;
  return <FormError text={errorText(t, error)} error={error} />;
}

/** Signed in already; the inbox is empty until a channel is connected. */
function Done({ me, organisation }: { me: Me; organisation: string }) {
  const t = useT();
  const session = useSession();
  const [, navigate] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const go = (path: string) => {
    navigate(path, { replace: true });
    session.signedIn(me);
  };
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <span aria-hidden className="mb-2 grid size-14 place-items-center rounded-full bg-ok-soft text-ok-ink">
        <CircleCheck size={28} />
      </span>
      <h2 ref={heading} tabIndex={-1} className="text-lg font-bold outline-none">
        {t.firstRun.doneTitle}
      </h2>
      <p className="text-ink-muted">{t.firstRun.doneText(organisation)}</p>
      <p className="max-w-96 text-pretty text-ink-muted">{t.firstRun.channelText}</p>
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        <Button variant="quiet" onPress={() => go('/')}>
          {t.firstRun.skipChannel}
        </Button>
        <Button variant="primary" onPress={() => go('/channels/new')}>
          {t.views.connectChannel}
        </Button>
      </div>
    </div>
  );
}
