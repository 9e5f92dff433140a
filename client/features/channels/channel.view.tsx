import type { UseQueryResult } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Radio } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { Card, Loaded, SettingsPage } from '../settings/page.tsx';
import { BothWays } from './both-ways.tsx';
import { ConditionChip } from './channel.chip.tsx';
import { ChannelForm } from './channel.form.tsx';
import { Health } from './channel.health.tsx';
import { Hook } from './channel.hook.tsx';
import { Operation } from './channel.operation.tsx';
import { manifestsOf, useChannels, useConnectors, useUpdateChannel } from './queries.ts';

/** All about one channel. */
export function ChannelView({ id }: { id: string }) {
  const t = useT();
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
        {() => <Cards channel={channel} manifest={manifest} />}
      </Loaded>
    </SettingsPage>
  );
}

function Cards({ channel, manifest }: { channel: ChannelDetails; manifest: Manifest }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="grid gap-4">
        {channel.state === 'connected' && <BothWays channel={channel} manifest={manifest} />}
        {channel.state !== 'archived' && manifest.receives.includes('hook') && (
          <Hook channel={channel} manifest={manifest} />
        )}
        <Health channel={channel} />
      </div>
      <div className="grid gap-4">
        {channel.state !== 'archived' && <Settings channel={channel} manifest={manifest} />}
        <Operation channel={channel} />
      </div>
    </div>
  );
}

function Settings({ channel, manifest }: { channel: ChannelDetails; manifest: Manifest }) {
  const t = useT();
  const { language } = useLocale();
  const update = useUpdateChannel(channel.id);
  return (
    <Card title={t.channels.settings} text={manifest.description[language]}>
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
  );
}
