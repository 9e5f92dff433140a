import { useEffect, useRef, useState } from 'react';
import type { ChannelDetails, ChannelTest } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useNow } from '../../lib/time.ts';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { isRunning, useChannelTest, useStartTest } from './queries.ts';

type Step = ChannelTest['steps'][number];

/** The test that goes both ways, on a channel's page. */
export function BothWays({ channel, manifest }: { channel: ChannelDetails; manifest: Manifest }) {
  const t = useT();
  return (
    <Card
      title={t.channelTest.title}
      text={
        writesFirst(manifest)
          ? t.channelTest.text
          : manifest.capabilities.sessions
            ? undefined
            : t.channelTest.known
      }
    >
      <BothWaysTest channel={channel} manifest={manifest} />
    </Card>
  );
}

/** Where only those can be written to who wrote before, the customer begins. */
function writesFirst({ capabilities }: Manifest): boolean {
  return capabilities.canStart === 'anyone' && !capabilities.sessions;
}

export interface BothWaysTestProps {
  channel: ChannelDetails;
  manifest: Manifest;
  /** Says step by step what to do, for somebody who sees this for the first time. */
  guided?: boolean;
}

/** The test itself, step by step as it happens. */
export function BothWaysTest({ channel, manifest, guided = false }: BothWaysTestProps) {
  const t = useT();
  const offline = useOffline();
  const test = useChannelTest(channel.id);
  const start = useStartTest(channel.id);
  const [peer, setPeer] = useState('');
  const [empty, setEmpty] = useState<object | null>(null);
  const first = writesFirst(manifest);
  const running = isRunning(test.data);
  const badPeer = start.error instanceof AppError && start.error.body.fields?.['peer'] !== undefined;
  useAnnouncedSteps(test.data ?? null);

  const submit = () => {
    if (offline || start.isPending) return;
    const missing = first && peer.trim() === '';
    setEmpty(missing ? {} : null);
    if (!missing) start.mutate(first ? peer.trim() : '');
  };
  return (
    <>
      {guided && <HowTo manifest={manifest} />}
      <Form onSubmit={submit} issues={empty ?? start.error} className="flex flex-col gap-3">
        {start.error && !badPeer && <FormError text={errorText(t, start.error)} error={start.error} />}
        {first && (
          <TextField
            label={t.channelTest.address}
            help={t.channelTest.addressHelp}
            value={peer}
            onChange={setPeer}
            ltr
            autoComplete="off"
            error={empty ? t.fields.required : badPeer ? t.fields.format : undefined}
          />
        )}
        <Button
          type="submit"
          className="w-fit"
          variant={test.data === null ? 'primary' : 'secondary'}
          isPending={start.isPending}
          isDisabled={offline}
        >
          {test.data ? t.channelTest.again : t.channelTest.start}
        </Button>
      </Form>
      {/* It stays when the test has passed: the answer is seen in it. */}
      {manifest.capabilities.sessions && test.data && (running || start.isSuccess) && (
        <OwnWidget key={test.data.id} channel={channel} />
      )}
      {test.data && <Steps test={test.data} writesFirst={first} running={running} />}
    </>
  );
}

/** In words, by what this channel can do. */
function HowTo({ manifest: { capabilities } }: { manifest: Manifest }) {
  const w = useWords();
  const lines = [
    capabilities.sessions
      ? w.howToTest.sessions
      : capabilities.canStart === 'anyone'
        ? w.howToTest.anyone
        : w.howToTest.known,
    capabilities.letters && w.howToTest.letters,
    capabilities.counter === 'smsParts' && w.howToTest.counter,
  ];
  return (
    <div className="mb-4 rounded-md bg-info-soft px-3 py-2.5 text-info-ink">
      <h3 className="text-xs font-bold">{w.howToTest.title}</h3>
      {lines.map(
        (line) =>
          line && (
            <p key={line} className="mt-0.5 text-pretty">
              {line}
            </p>
          ),
      )}
    </div>
  );
}

/** The channel's own widget, as it stands on a site: a real visitor, forgotten when the page is left. */
function OwnWidget({ channel }: { channel: ChannelDetails }) {
  const w = useWords();
  const { language } = useLocale();
  const site = String(channel.settings['site'] ?? '');
  if (!site) return null;
  return (
    <iframe
      title={w.howToTest.sessionsFrame}
      src={`/widget/${encodeURIComponent(site)}?test=1&language=${language}`}
      className="mt-4 h-[28rem] w-full max-w-sm rounded-xl border border-line bg-raised shadow-soft"
    />
  );
}

interface StepsProps {
  test: ChannelTest;
  writesFirst: boolean;
  running: boolean;
}

function Steps({ test, writesFirst, running }: StepsProps) {
  const t = useT();
  const order: Step['step'][] = writesFirst
    ? ['credentials', 'sent', 'received']
    : ['credentials', 'received', 'sent'];
  const steps = order.flatMap((name) => test.steps.filter((step) => step.step === name));
  const current = running ? steps.find((step) => step.state === 'waiting') : undefined;
  const passed = steps.every((step) => step.state === 'ok');
  const failed = steps.some((step) => step.state === 'failed');
  return (
    <div className="mt-4 border-t border-line pt-4">
      <ol className="space-y-3">
        {steps.map((step) => (
          <StepRow key={step.step} step={step} current={step === current} writesFirst={writesFirst} />
        ))}
      </ol>
      {passed && (
        <p className="mt-4 rounded-md bg-ok-soft px-3 py-2 text-xs font-medium text-ok-ink">
          {t.channelTest.passed}
        </p>
      )}
      {failed && (
        <p className="mt-4 rounded-md bg-danger-soft px-3 py-2 text-xs font-medium text-danger-ink">
          {t.channelTest.failed}
        </p>
      )}
    </div>
  );
}

interface StepRowProps {
  step: Step;
  current: boolean;
  writesFirst: boolean;
}

function StepRow({ step, current, writesFirst }: StepRowProps) {
  const t = useT();
  const fmt = useFmt();
  const known = t.channelTest.stepHelpKnown;
  const help =
    writesFirst || step.step === 'credentials' ? t.channelTest.stepHelp[step.step] : known[step.step];
  return (
    <li data-step={step.step} data-state={step.state} className="flex items-start gap-2.5">
      <span aria-hidden className="mt-0.5">
        {step.state === 'ok' ? (
          <CircleCheck size={18} className="text-ok-ink" />
        ) : step.state === 'failed' ? (
          <CircleAlert size={18} className="text-danger-ink" />
        ) : current ? (
          <LoaderCircle size={18} className="turning text-accent-ink" />
        ) : (
          <CircleDashed size={18} className="text-ink-faint" />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className={cx('font-medium', step.state === 'waiting' && !current && 'text-ink-muted')}>
          {t.channelTest.step[step.step]}
          <span className="sr-only">: {t.channelTest.state[step.state]}</span>
        </span>
        {current && <span className="block text-xs text-pretty text-ink-muted">{help}</span>}
        {step.detail && (
          <span
            className={cx(
              'block text-xs break-words',
              step.state === 'failed' ? 'text-danger-ink' : 'text-ink-muted',
            )}
          >
            <bdi>{step.detail}</bdi>
          </span>
        )}
      </span>
      {current && <Waiting />}
      {step.at && step.state !== 'waiting' && (
        <time dateTime={step.at} title={fmt.both(step.at)} className="text-xs text-ink-faint">
          {fmt.time(step.at)}
        </time>
      )}
    </li>
  );
}

/** How long the step has been waited for, second by second. */
function Waiting() {
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('second');
  const [since] = useState(now);
  return (
    <span aria-hidden className="text-xs text-ink-faint">
      {w.howToTest.waiting(fmt.playTime((now - since) / 1000))}
    </span>
  );
}

/** Each tick is said aloud when it comes, and none of an older test when the page opens. */
function useAnnouncedSteps(test: ChannelTest | null): void {
  const t = useT();
  const seen = useRef<ChannelTest | null>(null);
  useEffect(() => {
    const before = seen.current;
    seen.current = test;
    if (!test || before?.id !== test.id) return;
    for (const step of test.steps) {
      const was = before.steps.find((one) => one.step === step.step)?.state;
      if (was !== step.state)
        announce(`${t.channelTest.step[step.step]}: ${t.channelTest.state[step.state]}`);
    }
  }, [test, t]);
}
