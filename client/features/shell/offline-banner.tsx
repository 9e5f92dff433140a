import { useEffect, useState } from 'react';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { CircleCheck, CloudOff } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { useLink, useOutbox, useWorkspace } from '../../state/hooks.tsx';

/** Shown after three seconds without a connection, so that a blink is no news; and two seconds after it is back. */
export function OfflineBanner() {
  const t = useT();
  const { connection } = useWorkspace();
  const { connected, since } = useLink();
  const queued = useOutbox().length;
  const [shown, setShown] = useState<'nothing' | 'offline' | 'back'>('nothing');

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `since` is a new outage
  useEffect(() => {
    const timer = connected
      ? setTimeout(() => setShown('nothing'), 2_000)
      : setTimeout(() => setShown('offline'), 3_000);
    if (connected) setShown((before) => (before === 'offline' ? 'back' : 'nothing'));
    return () => clearTimeout(timer);
  }, [connected, since]);

  if (shown === 'nothing') return null;
  if (shown === 'back')
    return (
      <Banner tone="ok" live icon={<CircleCheck size={15} />}>
        {t.offline.upToDate}
      </Banner>
    );
  return (
    <Banner
      tone="warn"
      live
      icon={<CloudOff size={15} />}
      action={
        <Button
          variant="quiet"
          size="sm"
          className="text-warn-ink underline underline-offset-4"
          onPress={() => connection.hurry()}
        >
          {t.offline.retryNow}
        </Button>
      }
    >
      {queued > 0 ? t.offline.offlineQueued(queued) : t.offline.offline}
    </Banner>
  );
}
