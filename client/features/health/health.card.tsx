import { type ReactNode, useId, useState } from 'react';
import { Link } from 'wouter';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { AppError } from '../../../shared/errors.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import {
  AlarmClock,
  ChevronDown,
  Clock,
  KeyRound,
  Pause,
  Play,
  RefreshCw,
  Settings,
  TriangleAlert,
} from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useNow } from '../../lib/time.ts';
import { ConditionChip } from '../channels/channel.chip.tsx';
import { expiryOf } from '../channels/condition.ts';
import { useOperation } from '../channels/operation.ts';
import { errorText } from '../error-text.ts';
import { FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { Failures } from './failures.tsx';
import { Reason } from './reason.view.tsx';

export interface HealthCardProps {
  channel: ChannelDetails;
  manifest: Manifest | undefined;
  /** On the channel's own page its name and settings stand around it. */
  own?: boolean;
}

/** How one channel does: whether it works and why not, when it last did, and what got stuck. */
export function HealthCard({ channel, manifest, own = false }: HealthCardProps) {
  const t = useT();
  const w = useWords();
  const offline = useOffline();
  const operation = useOperation(channel);
  const heading = useId();
  const { health } = channel;
  const failed = health.inboundFailed + health.outboundFailed;
  const paused = channel.state === 'paused';
  return (
    <section
      aria-labelledby={heading}
      data-channel={channel.id}
      className="overflow-hidden rounded-xl border border-line bg-surface shadow-soft"
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2 p-4 sm:px-5">
        {!own && <ChannelGlyph glyph={manifest?.glyph ?? ''} size={36} />}
        <div className="min-w-48 flex-1">
          <h2 id={heading} className="flex flex-wrap items-center gap-2 text-md font-bold">
            {own ? (
              t.health.title
            ) : (
              <Link href={`/channels/${channel.id}`} className="underline-offset-4 hover:underline">
                <bdi>{channel.name}</bdi>
              </Link>
            )}
            <ConditionChip channel={channel} />
          </h2>
          <State channel={channel} sessions={manifest?.capabilities.sessions ?? false} />
        </div>
        <div className="flex flex-wrap gap-1.5">
          {paused && (
            <Button
              size="sm"
              variant="primary"
              icon={<Play size={14} aria-hidden />}
              aria-label={w.healthPage.resumeOf(channel.name)}
              isPending={operation.isPending}
              isDisabled={offline}
              onPress={operation.resume}
            >
              {w.healthPage.resume}
            </Button>
          )}
          {channel.state === 'connected' && (
            <Button
              size="sm"
              icon={<Pause size={14} aria-hidden />}
              aria-label={w.healthPage.pauseOf(channel.name)}
              isPending={operation.isPending}
              isDisabled={offline}
              onPress={operation.pause}
            >
              {w.healthPage.pause}
            </Button>
          )}
          {!own && (
            <Link
              href={`/channels/${channel.id}/settings`}
              aria-label={`${w.healthPage.settings}: ${channel.name}`}
              className="inline-flex min-h-7 items-center gap-1 rounded-md px-2 text-xs font-medium text-ink-muted hover:bg-hover hover:text-ink"
            >
              <Settings size={14} aria-hidden />
              {w.healthPage.settings}
            </Link>
          )}
        </div>
      </div>
      {operation.error && (
        <div className="px-4 pb-3 sm:px-5">
          <OperationError error={operation.error} />
        </div>
      )}
      <Warnings channel={channel} />
      <Figures channel={channel} />
      {/* Why it paused itself stands above already. */}
      {health.lastError && health.lastError.message !== channel.pausedReason && (
        <LastError error={health.lastError} />
      )}
      <FailuresFold channel={channel} failed={failed} />
    </section>
  );
}

/** Why a channel could not be resumed or brought back: in words of ours, and the provider's under them. */
export function OperationError({ error }: { error: unknown }) {
  const t = useT();
  const provider = error instanceof AppError && !error.reason ? error : null;
  if (provider?.code === 'unavailable')
    return <FormError text={t.channels.unreachable} said={provider.message} />;
  if (provider?.body.fields)
    return <FormError text={t.channels.refused} said={Object.values(provider.body.fields).join(' ')} />;
  return <FormError text={errorText(t, error)} error={error} />;
}

function State({ channel, sessions }: { channel: ChannelDetails; sessions: boolean }) {
  const w = useWords();
  if (channel.pausedReason)
    return (
      <div className="mt-1 text-danger-ink">
        <span className="font-medium">{w.healthPage.pausedBySelf}</span>
        <Reason
          cause={{ class: 'auth', code: channel.pausedCode ?? null, message: channel.pausedReason }}
          otherwise={w.healthPage.paused}
        />
      </div>
    );
  if (channel.state === 'paused')
    return <p className="mt-1 text-pretty text-ink-muted">{w.healthPage.paused}</p>;
  const { listening } = channel.health;
  const words =
    sessions && listening === 'notNeeded' ? w.healthPage.visitors : w.healthPage.listening[listening];
  if (listening === 'failing' || listening === 'stopped')
    return (
      <p className="mt-1">
        <Chip tone={listening === 'failing' ? 'danger' : 'warn'}>{words}</Chip>
      </p>
    );
  return <p className="mt-1 text-ink-muted">{words}</p>;
}

function Warnings({ channel: { health, state } }: { channel: ChannelDetails }) {
  const t = useT();
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('minute');
  if (state !== 'connected') return null;
  const { silentSince, catchingUp, heldUntil, expiresAt } = health;
  const expiry = expiryOf(expiresAt, now);
  const line = (key: string, tone: string, icon: ReactNode, text: ReactNode) => (
    <p key={key} role="status" className={cx('flex items-start gap-2 px-4 py-2 sm:px-5', tone)}>
      <span className="mt-0.5 shrink-0">{icon}</span>
      <span className="text-pretty">{text}</span>
    </p>
  );
  return (
    <>
      {expiresAt &&
        expiry &&
        line(
          'expiry',
          expiry === 'over' ? 'bg-danger-soft text-danger-ink' : 'bg-warn-soft text-warn-ink',
          <KeyRound size={15} aria-hidden />,
          expiry === 'over'
            ? w.healthPage.expired(fmt.when(expiresAt, now))
            : w.healthPage.expires(fmt.when(expiresAt, now), fmt.duration(Date.parse(expiresAt) - now)),
        )}
      {silentSince &&
        line(
          'silent',
          'bg-warn-soft text-warn-ink',
          <AlarmClock size={15} aria-hidden />,
          w.healthPage.silent(fmt.duration(now - Date.parse(silentSince))),
        )}
      {catchingUp &&
        line(
          'catchingUp',
          'bg-info-soft text-info-ink',
          <RefreshCw size={15} aria-hidden />,
          <>
            {w.healthPage.catchingUp(fmt.when(catchingUp.since, now))}{' '}
            {catchingUp.left !== null && w.healthPage.left(catchingUp.left)}
          </>,
        )}
      {heldUntil &&
        Date.parse(heldUntil) > now &&
        line(
          'held',
          'bg-warn-soft text-warn-ink',
          <Clock size={15} aria-hidden />,
          t.health.heldUntil(fmt.time(heldUntil)),
        )}
    </>
  );
}

function Figures({ channel: { health } }: { channel: ChannelDetails }) {
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('minute');
  const when = (at: string | null) =>
    at ? (
      <time dateTime={at} title={fmt.both(at)}>
        {fmt.relative(at, now)}
        <span className="block text-2xs font-normal text-ink-faint">{fmt.when(at, now)}</span>
      </time>
    ) : (
      <span className="font-normal text-ink-muted">{w.healthPage.never}</span>
    );
  const oldest = health.oldestQueuedAt && fmt.duration(now - Date.parse(health.oldestQueuedAt));
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden border-t border-line bg-line sm:grid-cols-3">
      <Figure label={w.healthPage.lastIn}>{when(health.lastInAt)}</Figure>
      <Figure label={w.healthPage.lastOut}>{when(health.lastOutAt)}</Figure>
      <Figure label={w.healthPage.queue}>
        {health.queued > 0 ? (
          fmt.number(health.queued)
        ) : (
          <span className="font-normal text-ink-muted">{w.healthPage.queueEmpty}</span>
        )}
        {oldest && (
          <span className="block text-2xs font-normal text-ink-faint">
            {w.healthPage.queueOldest(oldest)}
          </span>
        )}
      </Figure>
      <Figure label={w.healthPage.processing} quiet={health.inboundWaiting === 0}>
        {fmt.number(health.inboundWaiting)}
      </Figure>
      <Figure
        label={w.healthPage.failedIn}
        alarming={health.inboundFailed > 0}
        quiet={health.inboundFailed === 0}
      >
        {fmt.number(health.inboundFailed)}
      </Figure>
      <Figure
        label={w.healthPage.failedOut}
        alarming={health.outboundFailed > 0}
        quiet={health.outboundFailed === 0}
      >
        {fmt.number(health.outboundFailed)}
      </Figure>
      {health.expiresAt && (
        <Figure wide label={w.healthPage.expiresAt} alarming={expiryOf(health.expiresAt, now) !== null}>
          <time dateTime={health.expiresAt} title={fmt.both(health.expiresAt)}>
            {Date.parse(health.expiresAt) > now
              ? fmt.duration(Date.parse(health.expiresAt) - now)
              : w.healthPage.over}
            <span className="block text-2xs font-normal text-ink-faint">
              {fmt.when(health.expiresAt, now)}
            </span>
          </time>
        </Figure>
      )}
    </dl>
  );
}

interface FigureProps {
  label: string;
  alarming?: boolean;
  /** Nothing to look at. */
  quiet?: boolean;
  /** A row of its own. */
  wide?: boolean;
  children: ReactNode;
}

function Figure({ label, alarming = false, quiet = false, wide = false, children }: FigureProps) {
  return (
    <div className={cx('bg-surface px-4 py-2.5 sm:px-5', wide && 'col-span-full')}>
      <dt className="text-xs text-ink-faint">{label}</dt>
      <dd className={cx('mt-0.5', quiet ? 'text-ink-muted' : 'font-semibold', alarming && 'text-danger-ink')}>
        {children}
      </dd>
    </div>
  );
}

function LastError({ error }: { error: NonNullable<ChannelDetails['health']['lastError']> }) {
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('minute');
  return (
    <div className="border-t border-line px-4 py-3 sm:px-5">
      <h3 className="flex flex-wrap items-center gap-x-2 text-xs text-ink-faint">
        {w.healthPage.lastError}
        <time dateTime={error.at} title={fmt.both(error.at)}>
          {fmt.when(error.at, now)}
        </time>
      </h3>
      <Reason cause={error} otherwise={w.reasons.failedHere} className="mt-0.5" />
    </div>
  );
}

function FailuresFold({ channel, failed }: { channel: ChannelDetails; failed: number }) {
  const w = useWords();
  const id = useId();
  const [open, setOpen] = useState(false);
  if (failed === 0 && !open) return null;
  return (
    <div className="border-t border-line">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-(--control) w-full items-center gap-2 px-4 py-2 text-start text-sm font-medium hover:bg-hover focus-visible:-outline-offset-2 sm:px-5"
      >
        <TriangleAlert size={15} aria-hidden className="text-danger-ink" />
        <span className="flex-1">{w.healthPage.showFailures(failed)}</span>
        <ChevronDown
          size={16}
          aria-hidden
          className={cx('text-ink-faint transition-transform', open && 'rotate-180')}
        />
      </button>
      <div id={id} hidden={!open}>
        {open && <Failures channel={channel} />}
      </div>
    </div>
  );
}
