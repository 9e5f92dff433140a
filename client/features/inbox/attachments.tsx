import { lazy, Suspense, useRef, useState } from 'react';
import type { Attachment } from '../../../shared/message.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Download, File, FileWarning, Pause, Play } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { urlOf } from './attachment-url.ts';

const PictureViewer = lazy(() =>
  import('./picture-viewer.tsx').then((all) => ({ default: all.PictureViewer })),
);

/** What came with a message: pictures as a grid, sound as a player, everything else as a file. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  const images = attachments.filter(({ type }) => type.startsWith('image/'));
  const others = attachments.filter(({ type }) => !type.startsWith('image/'));
  return (
    <div className="flex flex-col gap-1.5">
      {images.length > 0 && (
        <div className={cx('grid gap-1', images.length > 1 && 'grid-cols-2')}>
          {images.map((image) => (
            <Picture key={image.id} image={image} alone={images.length === 1} />
          ))}
        </div>
      )}
      {others.map((attachment) =>
        attachment.type.startsWith('audio/') && attachment.state === 'ready' ? (
          <Voice key={attachment.id} audio={attachment} />
        ) : (
          <FileCard key={attachment.id} attachment={attachment} />
        ),
      )}
    </div>
  );
}

/** Its place is reserved from its size, so that nothing moves when it arrives. */
function Picture({ image, alone }: { image: Attachment; alone: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  const ratio = image.width && image.height ? image.width / image.height : 4 / 3;
  const width = Math.round(alone ? Math.min(300, 300 * Math.max(0.6, Math.min(1, ratio))) : 146);
  const height = Math.round(alone ? Math.min(320, Math.max(90, width / ratio)) : 146);
  const name = plainName(image.name) || t.timeline.photo;
  if (image.state !== 'ready' || broken)
    return <FileCard attachment={broken ? { ...image, state: 'failed' } : image} />;
  return (
    <>
      <button
        type="button"
        aria-label={t.timeline.openImage(name)}
        onClick={() => setOpen(true)}
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
      <Suspense>{open && <PictureViewer image={image} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

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
  const frame =
    'flex w-64 max-w-full items-center gap-2.5 rounded-lg border border-line bg-surface p-1.5 pe-3';
  if (attachment.state !== 'ready') return <div className={frame}>{inside}</div>;
  return (
    <a href={urlOf(attachment, true)} download className={cx(frame, 'hover:bg-hover')}>
      {inside}
      <Download size={15} aria-label={t.timeline.download} className="shrink-0 text-ink-faint" />
    </a>
  );
}

const speeds = [1, 1.5, 2];

function Voice({ audio }: { audio: Attachment }) {
  const t = useT();
  const fmt = useFmt();
  const element = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(audio.duration ?? 0);
  const [speed, setSpeed] = useState(1);
  const toggle = () => {
    const player = element.current;
    if (!player) return;
    if (player.paused) void player.play().catch(() => setPlaying(false));
    else player.pause();
  };
  return (
    <div className="flex w-64 max-w-full items-center gap-2">
      {/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions to offer */}
      <audio
        ref={element}
        src={urlOf(audio)}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) =>
          Number.isFinite(event.currentTarget.duration) && setLength(event.currentTarget.duration)
        }
      />
      <IconButton
        label={playing ? t.timeline.pause : t.timeline.play}
        variant="primary"
        icon={playing ? <Pause size={15} /> : <Play size={15} />}
        className="rounded-full"
        onPress={toggle}
      />
      <input
        type="range"
        dir="ltr"
        aria-label={t.timeline.audio}
        min={0}
        max={Math.max(1, length)}
        step={0.1}
        value={at}
        onChange={(event) => {
          const next = Number(event.currentTarget.value);
          setAt(next);
          if (element.current) element.current.currentTime = next;
        }}
        className="min-w-0 flex-1 accent-accent"
      />
      <span className="text-2xs text-ink-muted">{fmt.playTime(playing || at > 0 ? at : length)}</span>
      <Button
        size="sm"
        variant="quiet"
        className="min-w-8 px-1"
        aria-label={t.timeline.speed(fmt.digits(`${speed}×`))}
        onPress={() => {
          const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
          setSpeed(next);
          if (element.current) element.current.playbackRate = next;
        }}
      >
        {fmt.digits(`${speed}×`)}
      </Button>
    </div>
  );
}
