import { useState } from 'react';
import type { ChannelDetails, ChannelState } from '../../../shared/channel.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Archive, Pause, Play, RotateCcw } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { errorText } from '../error-text.ts';
import { FormError } from '../settings/form.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { useUpdateChannel } from './queries.ts';

/** Pausing, resuming, putting away and bringing back. */
export function Operation({ channel }: { channel: ChannelDetails }) {
  const t = useT();
  const offline = useOffline();
  const update = useUpdateChannel(channel.id);
  const [asking, setAsking] = useState(false);
  const become = (state: ChannelState, said: string, undo?: () => void) =>
    update.mutate(
      { state },
      {
        onSuccess: () => void showToast({ text: said, tone: 'ok', ...(undo && { undo }) }),
        onSettled: () => setAsking(false),
      },
    );
  const resume = () => become('connected', t.channels.resumed);
  const pause = () => become('paused', t.channels.paused, resume);
  const { error } = update;
  const provider = error instanceof AppError && !error.reason ? error : null;
  return (
    <Card title={t.channels.stateTitle}>
      {error && (
        <div className="mb-3">
          {provider?.code === 'unavailable' ? (
            <FormError text={t.channels.unreachable} said={provider.message} />
          ) : provider?.body.fields ? (
            <FormError text={t.channels.refused} said={Object.values(provider.body.fields).join(' ')} />
          ) : (
            <FormError text={errorText(t, error)} error={error} />
          )}
        </div>
      )}
      {channel.pausedReason && (
        <p className="mb-3 rounded-md bg-danger-soft px-3 py-2 text-xs text-danger-ink">
          {t.channels.pausedBecause('')} <bdi>{channel.pausedReason}</bdi>
        </p>
      )}
      <p className="mb-3 text-pretty text-ink-muted">
        {channel.state === 'archived' ? t.channels.archiveAgain : t.channels.pauseText}
      </p>
      <div className="flex flex-wrap gap-2">
        {channel.state === 'connected' && (
          <Button icon={<Pause size={15} aria-hidden />} isDisabled={offline} onPress={pause}>
            {t.channels.pause}
          </Button>
        )}
        {channel.state === 'paused' && (
          <Button
            variant="primary"
            icon={<Play size={15} aria-hidden />}
            isDisabled={offline}
            isPending={update.isPending}
            onPress={resume}
          >
            {t.channels.resume}
          </Button>
        )}
        {channel.state === 'archived' ? (
          <Button
            icon={<RotateCcw size={15} aria-hidden />}
            isDisabled={offline}
            isPending={update.isPending}
            onPress={() => become('connected', t.channels.restored)}
          >
            {t.channels.restore}
          </Button>
        ) : (
          <Button
            variant="quiet"
            icon={<Archive size={15} aria-hidden />}
            isDisabled={offline}
            onPress={() => setAsking(true)}
          >
            {t.channels.archive}
          </Button>
        )}
      </div>
      <Dialog
        isOpen={asking}
        onClose={() => setAsking(false)}
        alert
        size="sm"
        title={t.channels.archiveTitle(channel.name)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t.common.cancel}</Button>
            <Button
              variant="danger"
              isPending={update.isPending}
              onPress={() => become('archived', t.channels.archived)}
            >
              {t.channels.archive}
            </Button>
          </>
        }
      >
        <p className="text-pretty">{t.channels.archiveText}</p>
        <p className="mt-2 text-pretty text-ink-muted">{t.channels.archiveAgain}</p>
      </Dialog>
    </Card>
  );
}
