import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Palette, Radio } from '../../components/icons.ts';
import { Tabs } from '../../components/tabs.tsx';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { HealthCard } from '../health/health.card.tsx';
import { Card, Loaded, SettingsPage } from '../settings/page.tsx';
import { BothWays } from './both-ways.tsx';
import { ConditionChip } from './channel.chip.tsx';
import { ChannelForm } from './channel.form.tsx';
import { Hook } from './channel.hook.tsx';
import { Operation } from './channel.operation.tsx';
import { ChannelSetup } from './channel.setup.tsx';
import {
  manifestsOf,
  passed,
  useChannels,
  useChannelTest,
  useConnectors,
  useUpdateChannel,
} from './queries.ts';
import { RoutingForm } from './routing.form.tsx';
import { unfinishedStep } from './wizard-progress.ts';

/** All about one channel: how it does, what it is set to, where its conversations go; and the steps of setting it up. */
export function ChannelPage({ id, part }: { id: string; part: string | null }) {
  const t = useT();
  const w = useWords();
  const channels = useChannels();
  const connectors = useConnectors();
  const [, navigate] = useLocation();
  const channel = channels.data?.find((one) => one.id === id);
  const manifest = channel && manifestsOf(connectors.data ?? []).get(channel.connector);
  const awaited: UseQueryResult<unknown> = channels.data && !connectors.data ? connectors : channels;
  const back = { href: '/channels', label: t.channels.back };
  if (!channel || !manifest)
    return (
      <SettingsPage title={t.channels.title} back={back}>
        <Loaded query={awaited} failed={t.channels.loadFailed}>
          {() => (
            <EmptyState
              className="flex-1"
              icon={<Radio size={24} />}
              title={t.channels.notFoundTitle}
              text={t.channels.notFoundText}
              action={<Button onPress={() => navigate('/channels')}>{t.channels.back}</Button>}
            />
          )}
        </Loaded>
      </SettingsPage>
    );
  if (part === 'setup') return <ChannelSetup channel={channel} manifest={manifest} />;
  const tab = channel.state === 'archived' ? 'overview' : (tabs.find((each) => each === part) ?? 'overview');
  return (
    <SettingsPage
      name={channel.name}
      title={
        <>
          <ChannelGlyph glyph={manifest.glyph} size={28} />
          <bdi>{channel.name}</bdi>
          <ConditionChip channel={channel} />
        </>
      }
      back={back}
    >
      <Loaded query={channels} failed={t.channels.loadFailed}>
        {() => (
          <Tabs
            label={channel.name}
            value={tab}
            onChange={(next) =>
              navigate(next === 'overview' ? `/channels/${id}` : `/channels/${id}/${next}`, { replace: true })
            }
            items={[
              {
                id: 'overview',
                label: w.area.overview,
                content: <Overview channel={channel} manifest={manifest} />,
              },
              ...(channel.state === 'archived'
                ? []
                : [
                    {
                      id: 'settings' as const,
                      label: t.channels.settings,
                      content: <Settings channel={channel} manifest={manifest} />,
                    },
                    {
                      id: 'routing' as const,
                      label: w.wizard.step.routing,
                      content: (
                        <div className="pt-2">
                          <RoutingForm channel={channel} submitLabel={t.common.save} />
                        </div>
                      ),
                    },
                  ]),
            ]}
          />
        )}
      </Loaded>
    </SettingsPage>
  );
}

const tabs = ['overview', 'settings', 'routing'] as const;

interface PartProps {
  channel: ChannelDetails;
  manifest: Manifest;
}

function Overview({ channel, manifest }: PartProps) {
  const works = channel.state !== 'archived';
  return (
    <div className="grid gap-4 pt-2">
      {works && <Unfinished channel={channel} />}
      {works && manifest.capabilities.sessions && <WidgetCard channel={channel} />}
      <HealthCard channel={channel} manifest={manifest} own />
      <div className="grid items-start gap-4 md:grid-cols-2">
        {channel.state === 'connected' && <BothWays channel={channel} manifest={manifest} />}
        {works && manifest.receives.includes('hook') && <Hook channel={channel} manifest={manifest} />}
        <Operation channel={channel} />
      </div>
    </div>
  );
}

/** The steps were left in the middle, or the channel was never tried both ways. */
function Unfinished({ channel }: { channel: ChannelDetails }) {
  const w = useWords();
  const test = useChannelTest(channel.id);
  const step = unfinishedStep(channel.id);
  if (!step && (test.data === undefined || passed(test.data) || channel.state !== 'connected')) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-info-soft px-4 py-2.5 text-info-ink">
      <span className="flex-1">{step ? w.wizard.unfinished : w.wizard.notTested}</span>
      <Link
        href={`/channels/${channel.id}/setup?step=${step ?? 'test'}`}
        className="font-semibold underline underline-offset-4"
      >
        {step ? w.wizard.resume : w.wizard.again}
      </Link>
    </p>
  );
}

function WidgetCard({ channel }: { channel: ChannelDetails }) {
  const w = useWords();
  const [, navigate] = useLocation();
  return (
    <Card
      title={w.widget.title}
      text={w.widget.text}
      aside={
        <Button
          variant="primary"
          icon={<Palette size={15} aria-hidden />}
          onPress={() => navigate(`/channels/${channel.id}/widget`)}
        >
          {w.widget.open}
        </Button>
      }
    />
  );
}

function Settings({ channel, manifest }: PartProps) {
  const t = useT();
  const { language } = useLocale();
  const update = useUpdateChannel(channel.id);
  return (
    <div className="pt-2">
      <Card text={manifest.description[language]} title={t.channels.settings} className="max-w-2xl">
        <ChannelForm
          // What was saved is read back: secrets are empty again.
          key={update.submittedAt && update.isSuccess ? update.submittedAt : 0}
          manifest={manifest}
          channel={channel}
          submitLabel={t.common.save}
          busy={update.isPending}
          error={update.error}
          onSubmit={(form) =>
            update.mutate(form, { onSuccess: () => void showToast({ text: t.channels.saved, tone: 'ok' }) })
          }
        />
      </Card>
    </div>
  );
}
