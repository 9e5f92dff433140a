import { Suspense, useState } from 'react';
import type { Attachment } from '../../../shared/message.ts';
import { cx } from '../../components/cx.ts';
import { Download, File, FileWarning } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { urlOf } from './attachment-url.ts';

const PictureViewer = later(() =>
  import('./picture-viewer.tsx').then((all) => ({ default: all.PictureViewer })),
);
const Voice = later(() => import('./voice.tsx').then((all) => ({ default: all.Voice })));
const DangerCard = later(() => import('./danger-card.tsx').then((all) => ({ default: all.DangerCard })));

/** What came with a message: pictures as a grid, sound as a player, everything else as a file. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  const [shown, setShown] = useState<string | null>(null);
  const images = attachments.filter(({ type, danger }) => type.startsWith('image/') && danger === null);
  const others = attachments.filter((each) => !images.includes(each));
  const ready = images.filter(({ state }) => state === 'ready');
  return (
    <div className="flex flex-col gap-1.5">
      {images.length > 0 && (
        <div className={cx('grid gap-1', images.length > 1 && 'grid-cols-2')}>
          {images.map((image) => (
            <Picture
              key={image.id}
              image={image}
              alone={images.length === 1}
              onOpen={() => setShown(image.id)}
            />
          ))}
        </div>
      )}
      {others.map((attachment) => (
        <Other key={attachment.id} attachment={attachment} />
      ))}
      <Suspense>
        {shown !== null && <PictureViewer images={ready} firstId={shown} onClose={() => setShown(null)} />}
      </Suspense>
    </div>
  );
}

function Other({ attachment }: { attachment: Attachment }) {
  if (attachment.danger !== null && attachment.state === 'ready')
    return (
      <Suspense fallback={<FileCard attachment={{ ...attachment, state: 'pending' }} />}>
        <DangerCard attachment={attachment} reason={attachment.danger} />
      </Suspense>
    );
  if (attachment.type.startsWith('audio/') && attachment.state === 'ready')
    return (
      <Suspense fallback={<span className="block h-(--control) w-64 max-w-full" />}>
        <Voice audio={attachment} />
      </Suspense>
    );
  return <FileCard attachment={attachment} />;
}

/** Its place is reserved from its size, so that nothing moves when it arrives. */
function Picture({ image, alone, onOpen }: { image: Attachment; alone: boolean; onOpen: () => void }) {
  const t = useT();
  const [broken, setBroken] = useState(false);
  const ratio = image.width && image.height ? image.width / image.height : 4 / 3;
  const width = Math.round(alone ? Math.min(300, 300 * Math.max(0.6, Math.min(1, ratio))) : 146);
  const height = Math.round(alone ? Math.min(320, Math.max(90, width / ratio)) : 146);
  const name = plainName(image.name) || t.timeline.photo;
  if (image.state !== 'ready' || broken)
    return <FileCard attachment={broken ? { ...image, state: 'failed' } : image} />;
  return (
    <button
      type="button"
      aria-label={t.timeline.openImage(name)}
      onClick={onOpen}
      className="block overflow-hidden rounded-lg bg-sunken"
      style={{ width, height, maxWidth: '100%' }}
    >
      <img
        src={urlOf(image)}
        alt=""
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
        className="size-full object-cover"
      />
    </button>
  );
}

export const fileFrame =
  'flex w-64 max-w-full items-center gap-2.5 rounded-lg border border-line bg-surface p-1.5 pe-3';

function FileCard({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const fmt = useFmt();
  const name = plainName(attachment.name) || t.timeline.file;
  const failed = attachment.state === 'failed';
  const detail =
    attachment.state === 'pending'
      ? t.timeline.attachmentPending
      : failed
        ? t.timeline.attachmentFailed
        : attachment.bytes === null
          ? ''
          : fmt.bytes(attachment.bytes);
  const inside = (
    <>
      <span
        aria-hidden
        className={cx(
          'grid size-9 shrink-0 place-items-center rounded-md',
          failed ? 'bg-danger-soft text-danger-ink' : 'bg-sunken text-ink-muted',
        )}
      >
        {failed ? <FileWarning size={17} /> : <File size={17} />}
      </span>
      <span className="min-w-0 flex-1 text-start">
        <bdi className="ui-start block truncate text-sm font-medium">{name}</bdi>
        <span className="block text-2xs text-ink-muted" {...(failed && { title: attachment.error ?? '' })}>
          {detail}
        </span>
      </span>
    </>
  );
  if (attachment.state !== 'ready') return <div className={fileFrame}>{inside}</div>;
  return (
    <a href={urlOf(attachment, true)} download className={cx(fileFrame, 'hover:bg-hover')}>
      {inside}
      <Download size={15} aria-label={t.timeline.download} className="shrink-0 text-ink-faint" />
    </a>
  );
}
