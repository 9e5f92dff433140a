import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ChannelDetails } from '../../../shared/channel.ts';
import { Chip } from '../../components/badge.tsx';
import { cx } from '../../components/cx.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { Card } from '../settings/page.tsx';
import { conditionOf } from './condition.ts';

const listeningTones = { notNeeded: 'neutral', listening: 'ok', stopped: 'warn', failing: 'danger' } as const;

export function Health({ channel }: { channel: ChannelDetails }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow('minute');
  const { health } = channel;
  const when = (at: string | null) =>
    at ? (
      <time dateTime={at} title={fmt.both(at)}>
        {fmt.relative(at, now)}
      </time>
    ) : (
      t.health.never
    );
  const oldest = health.oldestQueuedAt && fmt.duration(now - Date.parse(health.oldestQueuedAt));
  const good = conditionOf(channel) === 'good';
  return (
    <Card
      title={t.health.title}
      aside={
        channel.state === 'connected' && (
          <Chip tone={good ? 'ok' : 'danger'}>{good ? t.health.good : t.health.attention}</Chip>
        )
      }
    >
      {health.heldUntil && Date.parse(health.heldUntil) > now && (
        <p className="mb-3 rounded-md bg-warn-soft px-3 py-2 text-xs text-warn-ink">
          {t.health.heldUntil(fmt.time(health.heldUntil))}
        </p>
      )}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 text-sm">
        <Figure label={t.health.lastIn}>{when(health.lastInAt)}</Figure>
        <Figure label={t.health.lastOut}>{when(health.lastOutAt)}</Figure>
        <Figure label={t.health.queued}>
          {fmt.number(health.queued)}
          {oldest && <span className="block text-xs text-ink-muted">{t.health.oldest(oldest)}</span>}
        </Figure>
        <Figure label={t.health.waiting}>{fmt.number(health.inboundWaiting)}</Figure>
        <Figure label={t.health.inboundFailed} alarming={health.inboundFailed > 0}>
          {fmt.number(health.inboundFailed)}
          {health.inboundFailed > 0 && (
            <Link
              href="/inbound"
              className="ms-2 text-xs font-medium text-accent-ink underline underline-offset-4"
            >
              {t.health.showFailed}
            </Link>
          )}
        </Figure>
        <Figure label={t.health.outboundFailed} alarming={health.outboundFailed > 0}>
          {fmt.number(health.outboundFailed)}
        </Figure>
      </dl>
      {channel.state === 'connected' && (
        <p className="mt-4">
          <Chip tone={listeningTones[health.listening]}>{t.health.listening[health.listening]}</Chip>
        </p>
      )}
      <div className="mt-4 border-t border-line pt-3">
        <h3 className="text-xs text-ink-faint">{t.health.lastError}</h3>
        {health.lastError ? (
          <p className="mt-0.5 text-sm">
            <bdi lang="en" className="break-words">
              {health.lastError.message}
            </bdi>
            <span className="block text-xs text-ink-muted">{when(health.lastError.at)}</span>
          </p>
        ) : (
          <p className="mt-0.5 text-sm text-ink-muted">{t.health.noError}</p>
        )}
      </div>
    </Card>
  );
}

interface FigureProps {
  label: string;
  alarming?: boolean;
  children: ReactNode;
}

function Figure({ label, alarming = false, children }: FigureProps) {
  return (
    <div>
      <dt className="text-xs text-ink-faint">{label}</dt>
      <dd className={cx('mt-0.5 font-medium', alarming && 'text-danger-ink')}>{children}</dd>
    </div>
  );
}
