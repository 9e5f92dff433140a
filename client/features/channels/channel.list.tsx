import { Link, useLocation } from 'wouter';
import type { ChannelDetails } from '../../../shared/channel.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Plus, Radio } from '../../components/icons.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useNow } from '../../lib/time.ts';
import { Reason } from '../health/reason.view.tsx';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { ConditionChip } from './channel.chip.tsx';
import { type Manifests, manifestsOf, useChannels, useConnectors } from './queries.ts';

export function ChannelList() {
  const t = useT();
  const channels = useChannels();
  const connectors = useConnectors();
  const [, navigate] = useLocation();
  const offline = useOffline();
  const add = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => navigate('/channels/new')}
    >
      {t.channels.add}
    </Button>
  );
  return (
    <SettingsPage title={t.channels.title} actions={channels.data?.length ? add : undefined}>
      <Loaded query={channels} failed={t.channels.loadFailed}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<Radio size={24} />}
              title={t.channels.emptyTitle}
              text={t.channels.emptyText}
              action={add}
            />
          ) : (
            <Groups list={list} manifests={manifestsOf(connectors.data ?? [])} />
          )
        }
      </Loaded>
    </SettingsPage>
  );
}

function Groups({ list, manifests }: { list: ChannelDetails[]; manifests: Manifests }) {
  const t = useT();
  const archived = list.filter((channel) => channel.state === 'archived');
  const working = list.filter((channel) => channel.state !== 'archived');
  return (
    <>
      <Rows channels={working} manifests={manifests} label={t.channels.title} />
      {archived.length > 0 && (
        <>
          <h2 className="mt-8 mb-2 text-xs font-semibold text-ink-muted">{t.channels.archivedTitle}</h2>
          <Rows channels={archived} manifests={manifests} label={t.channels.archivedTitle} />
        </>
      )}
    </>
  );
}

interface RowsProps {
  channels: ChannelDetails[];
  manifests: Manifests;
  label: string;
}

function Rows({ channels, manifests, label }: RowsProps) {
  return (
    <ul aria-label={label} className="space-y-2.5">
      {channels.map((channel) => (
        <Row key={channel.id} channel={channel} manifests={manifests} />
      ))}
    </ul>
  );
}

function Row({ channel, manifests }: { channel: ChannelDetails; manifests: Manifests }) {
  const t = useT();
  const w = useWords();
  const { language } = useLocale();
  const manifest = manifests.get(channel.connector);
  const kind = manifest?.name[language] ?? channel.connector;
  return (
    <li>
      <Link
        href={`/channels/${channel.id}`}
        className="flex flex-wrap items-center gap-x-3 gap-y-3 rounded-xl border border-line bg-surface p-4 shadow-soft transition-colors hover:border-line-strong hover:bg-raised"
      >
        <ChannelGlyph glyph={manifest?.glyph ?? ''} size={38} />
        <span className="min-w-40 flex-1">
          <span className="flex flex-wrap items-center gap-2">
            <bdi className="text-md font-bold">{channel.name}</bdi>
            <ConditionChip channel={channel} />
          </span>
          {kind !== channel.name && <span className="block text-xs text-ink-muted">{kind}</span>}
          {channel.pausedReason && (
            <Reason
              cause={{ class: 'auth', code: channel.pausedCode ?? null, message: channel.pausedReason }}
              otherwise={w.healthPage.paused}
              className="mt-1 text-xs text-danger-ink"
            />
          )}
        </span>
        {channel.state !== 'archived' && <Glance channel={channel} />}
        <span className="sr-only">{t.health.title}</span>
      </Link>
    </li>
  );
}

/** The few numbers that say whether to look closer. */
function Glance({ channel: { health } }: { channel: ChannelDetails }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow('minute');
  const when = (at: string | null) => (at ? fmt.relative(at, now) : t.health.never);
  const failed = health.inboundFailed + health.outboundFailed;
  return (
    <span className="flex flex-wrap gap-x-6 gap-y-2 ps-12 sm:ps-0">
      <Fact label={t.health.lastIn} value={when(health.lastInAt)} />
      <Fact label={t.health.lastOut} value={when(health.lastOutAt)} />
      {health.queued > 0 && <Fact label={t.health.queued} value={fmt.number(health.queued)} />}
      {failed > 0 && (
        <Fact
          label={health.inboundFailed > 0 ? t.health.inboundFailed : t.health.outboundFailed}
          value={fmt.number(health.inboundFailed > 0 ? health.inboundFailed : health.outboundFailed)}
          alarming
        />
      )}
    </span>
  );
}

function Fact({ label, value, alarming = false }: { label: string; value: string; alarming?: boolean }) {
  return (
    <span className="flex flex-col">
      <span className="text-2xs text-ink-faint">{label}</span>
      <span className={cx('text-xs font-medium', alarming && 'font-bold text-danger-ink')}>{value}</span>
    </span>
  );
}
