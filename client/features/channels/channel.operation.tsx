import { useState } from 'react';
import type { ChannelDetails } from '../../../shared/channel.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Archive, Pause, Play, RotateCcw } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { OperationError } from '../health/health.card.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { useOperation } from './operation.ts';

/** Pausing, resuming, putting away and bringing back. */
export function Operation({ channel }: { channel: ChannelDetails }) {
  const t = useT();
  const offline = useOffline();
  const operation = useOperation(channel);
  const [asking, setAsking] = useState(false);
  return (
    <Card title={t.channels.stateTitle}>
      {operation.error && (
        <div className="mb-3">
          <OperationError error={operation.error} />
        </div>
      )}
      <p className="mb-3 text-pretty text-ink-muted">
        {channel.state === 'archived' ? t.channels.archiveAgain : t.channels.pauseText}
      </p>
      <div className="flex flex-wrap gap-2">
        {channel.state === 'connected' && (
          <Button icon={<Pause size={15} aria-hidden />} isDisabled={offline} onPress={operation.pause}>
            {t.channels.pause}
          </Button>
        )}
        {channel.state === 'paused' && (
          <Button
            variant="primary"
            icon={<Play size={15} aria-hidden />}
            isDisabled={offline}
            isPending={operation.isPending}
            onPress={operation.resume}
          >
            {t.channels.resume}
          </Button>
        )}
        {channel.state === 'archived' ? (
          <Button
            icon={<RotateCcw size={15} aria-hidden />}
            isDisabled={offline}
            isPending={operation.isPending}
            onPress={operation.restore}
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
              isPending={operation.isPending}
              onPress={() => operation.archive(() => setAsking(false))}
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
