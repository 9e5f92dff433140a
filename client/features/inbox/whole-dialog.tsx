import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wholePageOf } from '../../api/calls.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Segmented } from '../../components/radio-group.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { MessageText } from '../../lib/message-text.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';

/**
 * A letter as it came, quotes and all. Its layout is a document of its own without scripts, without our origin, and without
 * pictures from elsewhere until somebody asks for them, for this letter only.
 */
export function WholeDialog(props: {
  message: { id: string; conversationId: string };
  subject: string;
  onClose: () => void;
}) {
  const { message, subject, onClose } = props;
  const t = useT();
  const { calls } = useWorkspace();
  const { direction } = useLocale();
  const [shape, setShape] = useState<'formatted' | 'plain' | null>(null);
  const [images, setImages] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['whole', message.conversationId, message.id],
    queryFn: () => calls.whole(message),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const formatted = data?.hasHtml === true && shape !== 'plain';
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={<bdi className="block truncate">{subject || t.letter.wholeTitle}</bdi>}
    >
      {error ? (
        <ErrorState
          title={t.letter.wholeFailed}
          text={errorText(t, error)}
          errorId={errorIdOf(error)}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <div role="status" className="space-y-3">
          <span className="sr-only">{t.common.loading}</span>
          <Skeleton className="h-4 w-2/3" />
          <Skeleton className="h-40" />
        </div>
      ) : (
        <div className="flex flex-col gap-3">
          {data.hasHtml && (
            <Segmented
              label={t.letter.wholeTitle}
              value={formatted ? 'formatted' : 'plain'}
              onChange={setShape}
              options={[
                { id: 'formatted', label: t.letter.formatted },
                { id: 'plain', label: t.letter.plain },
              ]}
            />
          )}
          {formatted && data.remoteImages > 0 && (
            <Banner
              tone="info"
              action={
                images ? undefined : (
                  <Button size="sm" onPress={() => setImages(true)}>
                    {t.letter.showImages}
                  </Button>
                )
              }
            >
              {images ? t.letter.imagesShown : t.letter.imagesHidden}
            </Banner>
          )}
          {formatted ? (
            <iframe
              key={String(images)}
              title={t.letter.wholeTitle}
              src={wholePageOf(message, images)}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
              className="h-[60dvh] w-full rounded-md border border-line bg-white"
            />
          ) : (
            <div className="max-h-[60dvh] overflow-y-auto rounded-md bg-surface p-3 text-sm">
              <MessageText text={data.text} fallback={direction} />
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
