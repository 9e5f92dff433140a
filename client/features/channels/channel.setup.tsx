import { useEffect } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { ChevronRight, CircleCheck } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { Card } from '../settings/page.tsx';
import { BothWaysTest } from './both-ways.tsx';
import { ChannelForm } from './channel.form.tsx';
import { Hook } from './channel.hook.tsx';
import { passed, useChannelTest, useUpdateChannel } from './queries.ts';
import { RoutingForm } from './routing.form.tsx';
import { WizardFrame } from './wizard.frame.tsx';
import { rememberStep, type SetupStep, setupStepOf, unfinishedStep } from './wizard-progress.ts';

interface StepProps {
  channel: ChannelDetails;
  manifest: Manifest;
  go: (step: SetupStep) => void;
}

/** The steps of a channel that exists: `/channels/:id/setup?step=…`. Left in the middle, nothing is lost. */
export function ChannelSetup({ channel, manifest }: Omit<StepProps, 'go'>) {
  const w = useWords();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const at = (step: SetupStep) => `/channels/${channel.id}/setup?step=${step}`;
  const step = setupStepOf(search.get('step')) ?? unfinishedStep(channel.id) ?? 'test';
  useEffect(() => {
    if (step !== 'connect') rememberStep(channel.id, step);
  }, [channel.id, step]);
  const props = { channel, manifest, go: (next: SetupStep) => navigate(at(next)) };
  return (
    <WizardFrame
      step={step}
      title={w.wizard.titleOf(channel.name)}
      hrefs={{ connect: at('connect'), test: at('test'), routing: at('routing'), done: at('done') }}
    >
      {step === 'connect' && <Connect {...props} />}
      {step === 'test' && <Test {...props} />}
      {step === 'routing' && <Route {...props} />}
      {step === 'done' && <Done {...props} />}
    </WizardFrame>
  );
}

function Connect({ channel, manifest, go }: StepProps) {
  const w = useWords();
  const { language } = useLocale();
  const update = useUpdateChannel(channel.id);
  return (
    <Card
      title={manifest.name[language]}
      text={manifest.description[language]}
      aside={<ChannelGlyph glyph={manifest.glyph} size={34} />}
      className="max-w-2xl"
    >
      <ChannelForm
        manifest={manifest}
        channel={channel}
        submitLabel={w.wizard.save}
        busy={update.isPending}
        error={update.error}
        onSubmit={(form) => update.mutate(form, { onSuccess: () => go('test') })}
      />
    </Card>
  );
}

function Test({ channel, manifest, go }: StepProps) {
  const t = useT();
  const w = useWords();
  const test = useChannelTest(channel.id);
  const done = passed(test.data);
  return (
    <div className="grid max-w-2xl gap-4">
      {manifest.receives.includes('hook') && <Hook channel={channel} manifest={manifest} />}
      <Card title={t.channelTest.title} text={w.wizard.testText}>
        <BothWaysTest channel={channel} manifest={manifest} guided />
      </Card>
      <div className="flex flex-wrap gap-2">
        {/* Another button, not the same one with other words: its focus says which it is. */}
        {done ? (
          <Button variant="primary" onPress={() => go('routing')}>
            {w.wizard.continue}
          </Button>
        ) : (
          <Button onPress={() => go('routing')}>{w.wizard.skipTest}</Button>
        )}
      </div>
    </div>
  );
}

function Route({ channel, go }: StepProps) {
  const w = useWords();
  return (
    <div className="max-w-3xl">
      <p className="mb-4 text-pretty text-ink-muted">{w.wizard.routingText}</p>
      <RoutingForm channel={channel} submitLabel={w.wizard.saveRouting} onSaved={() => go('done')}>
        <Button variant="quiet" onPress={() => go('done')}>
          {w.wizard.skipRouting}
        </Button>
      </RoutingForm>
    </div>
  );
}

function Done({ channel, manifest, go }: StepProps) {
  const w = useWords();
  const test = useChannelTest(channel.id);
  const ways: { href: string; title: string; text: string }[] = [
    { href: '/inbox/mine', title: w.wizard.toInbox, text: w.wizard.toInboxText },
    ...(manifest.capabilities.sessions
      ? [
          {
            href: `/channels/${channel.id}/widget`,
            title: w.wizard.toDesigner,
            text: w.wizard.toDesignerText,
          },
        ]
      : []),
    { href: '/channels/new', title: w.wizard.another, text: w.wizard.anotherText },
    { href: '/users', title: w.wizard.invite, text: w.wizard.inviteText },
    { href: '/health', title: w.wizard.toHealth, text: w.wizard.toHealthText },
  ];
  return (
    <div className="max-w-2xl">
      <div className="mb-6 flex items-center gap-4">
        <span className="relative">
          <ChannelGlyph glyph={manifest.glyph} size={52} />
          <span className="absolute -end-1 -bottom-1 rounded-full bg-canvas text-ok-ink">
            <CircleCheck size={20} aria-hidden />
          </span>
        </span>
        <div>
          <h2 className="text-lg font-bold">{w.wizard.doneTitle(channel.name)}</h2>
          <p className="text-pretty text-ink-muted">{w.wizard.doneText}</p>
        </div>
      </div>
      {test.data !== undefined && !passed(test.data) && (
        <p className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-warn-soft px-3 py-2 text-warn-ink">
          <span className="flex-1">{w.wizard.notTested}</span>
          <Button size="sm" onPress={() => go('test')}>
            {w.wizard.testNow}
          </Button>
        </p>
      )}
      <h3 className="mb-2 text-xs font-semibold text-ink-muted">{w.wizard.next}</h3>
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft">
        {ways.map(({ href, title, text }) => (
          <li key={href}>
            <Link href={href} className="flex items-center gap-3 rounded-xl px-4 py-3 hover:bg-raised">
              <span className="min-w-0 flex-1">
                <span className="block font-semibold">{title}</span>
                <span className="block text-xs text-ink-muted">{text}</span>
              </span>
              <ChevronRight size={16} aria-hidden className="mirror shrink-0 text-ink-faint" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
