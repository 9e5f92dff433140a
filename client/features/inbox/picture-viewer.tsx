import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { Attachment } from '../../../shared/message.ts';
import { IconButton } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ChevronLeft, ChevronRight, Download, Maximize, ZoomIn, ZoomOut } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { urlOf } from './attachment-url.ts';

const steps = [1, 1.5, 2, 3, 4];

/** The pictures of a message at their full size: arrows go through them, plus and minus zoom, a hand moves them about. */
export function PictureViewer(props: {
  images: readonly Attachment[];
  firstId: string;
  onClose: () => void;
}) {
  const { images, firstId, onClose } = props;
  const t = useT();
  const { direction } = useLocale();
  const [id, setId] = useState(firstId);
  const [zoom, setZoom] = useState(1);
  const drag = useRef<{ x: number; y: number } | null>(null);
  const at = Math.max(
    0,
    images.findIndex((image) => image.id === id),
  );
  const image = images[at];
  if (!image) return null;
  const name = plainName(image.name) || t.timeline.photo;
  const go = (by: number) => {
    const next = images[at + by];
    if (!next) return;
    setId(next.id);
    setZoom(1);
  };
  const magnify = (by: number) =>
    setZoom((before) => steps[Math.max(0, Math.min(steps.length - 1, steps.indexOf(before) + by))] ?? 1);
  const deedOf = (key: string): (() => void) | undefined => {
    const ahead = direction === 'rtl' ? -1 : 1;
    if (key === 'ArrowLeft') return () => go(-ahead);
    if (key === 'ArrowRight') return () => go(ahead);
    if (key === '+' || key === '=') return () => magnify(1);
    if (key === '-') return () => magnify(-1);
    return key === '0' || key === '۰' ? () => setZoom(1) : undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const deed = deedOf(event.key);
    if (!deed) return;
    event.preventDefault();
    deed();
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!drag.current || event.buttons === 0) return;
    event.currentTarget.scrollBy(drag.current.x - event.clientX, drag.current.y - event.clientY);
    drag.current = { x: event.clientX, y: event.clientY };
  };
  return (
    <Dialog isOpen onClose={onClose} title={<bdi className="block truncate">{name}</bdi>} size="lg">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the whole dialog, whichever button of it has the keyboard */}
      <div className="flex flex-col gap-2" onKeyDown={onKeyDown}>
        <div className="flex items-center gap-1">
          <IconButton
            label={t.file.zoomOut}
            icon={<ZoomOut size={17} />}
            isDisabled={zoom === steps[0]}
            onPress={() => magnify(-1)}
          />
          <IconButton
            label={t.file.zoomIn}
            icon={<ZoomIn size={17} />}
            isDisabled={zoom === steps.at(-1)}
            onPress={() => magnify(1)}
          />
          <IconButton label={t.file.fit} icon={<Maximize size={17} />} onPress={() => setZoom(1)} />
          <span className="flex-1" />
          {images.length > 1 && (
            <>
              <IconButton
                label={t.file.previous}
                icon={<ChevronLeft size={18} className="mirror" />}
                isDisabled={at === 0}
                onPress={() => go(-1)}
              />
              <span role="status" className="text-xs text-ink-muted">
                {t.file.place(at + 1, images.length)}
              </span>
              <IconButton
                label={t.file.next}
                icon={<ChevronRight size={18} className="mirror" />}
                isDisabled={at === images.length - 1}
                onPress={() => go(1)}
              />
            </>
          )}
          <span className="flex-1" />
          <a
            href={urlOf(image, true)}
            download
            aria-label={t.timeline.download}
            title={t.timeline.download}
            className="grid size-(--control) place-items-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
          >
            <Download size={17} aria-hidden />
          </a>
        </div>
        <section
          onPointerDown={(event) => {
            drag.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={onPointerMove}
          onPointerUp={() => {
            drag.current = null;
          }}
          tabIndex={zoom > 1 ? 0 : -1}
          aria-label={name}
          className="grid h-[68dvh] touch-pan-x touch-pan-y overflow-auto rounded-md bg-sunken"
        >
          <img
            key={image.id}
            src={urlOf(image)}
            alt={name}
            draggable={false}
            style={zoom === 1 ? undefined : { width: `${zoom * 100}%`, maxWidth: 'none', maxHeight: 'none' }}
            className="m-auto max-h-full max-w-full object-contain"
          />
        </section>
      </div>
    </Dialog>
  );
}
