import { useState } from 'react';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { RefreshCw } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { errorText } from '../error-text.ts';
import { CopyButton } from '../settings/form.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { useUpdateChannel } from './queries.ts';

/** Where the provider sends, as it has to be entered there. */
export function Hook({ channel, manifest }: { channel: ChannelDetails; manifest: Manifest }) {
  const t = useT();
  const { language } = useLocale();
  const offline = useOffline();
  const update = useUpdateChannel(channel.id);
  const [asking, setAsking] = useState(false);
  // A server that does not know its own address gives the path alone: this page was opened at that address.
  const url = new URL(channel.hookUrl, location.origin).href;
  const rotate = () =>
    update.mutate(
      { rotateHook: true },
      {
        onSuccess: () => void showToast({ text: t.channels.rotated, tone: 'ok' }),
        onError: (error) => void showToast({ text: errorText(t, error), tone: 'error' }),
        onSettled: () => setAsking(false),
      },
    );
  return (
    <Card title={t.channels.hookUrl} text={manifest.hookHelp?.[language] ?? t.channels.hookUrlHelp}>
      <div className="flex items-start gap-1 rounded-md border border-line bg-sunken py-1 ps-3 pe-1">
        <code className="ltr min-w-0 flex-1 self-center py-1 text-xs break-all select-all">{url}</code>
        <CopyButton text={url} label={t.channels.copyHookUrl} />
      </div>
      <Button
        size="sm"
        variant="quiet"
        className="mt-2 -ms-2"
        icon={<RefreshCw size={14} aria-hidden />}
        isDisabled={offline}
        onPress={() => setAsking(true)}
      >
        {t.channels.rotateHook}
      </Button>
      <Dialog
        isOpen={asking}
        onClose={() => setAsking(false)}
        alert
        size="sm"
        title={t.channels.rotateHook}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t.common.cancel}</Button>
            <Button variant="danger" isPending={update.isPending} onPress={rotate}>
              {t.channels.rotateHook}
            </Button>
          </>
        }
      >
        <p className="text-pretty">{t.channels.rotateHookText}</p>
      </Dialog>
    </Card>
  );
}
