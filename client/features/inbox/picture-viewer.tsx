import type { Attachment } from '../../../shared/message.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Download } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { urlOf } from './attachment-url.ts';

/** A picture at its full size. */
export function PictureViewer({ image, onClose }: { image: Attachment; onClose: () => void }) {
  const t = useT();
  const name = plainName(image.name) || t.timeline.photo;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={<bdi className="block truncate">{name}</bdi>}
      size="lg"
      actions={<DownloadLink attachment={image} />}
    >
      <img src={urlOf(image)} alt={name} className="mx-auto max-h-[70dvh] max-w-full rounded-md" />
    </Dialog>
  );
}

function DownloadLink({ attachment }: { attachment: Attachment }) {
  const t = useT();
  return (
    <a
      href={urlOf(attachment, true)}
      download
      className="inline-flex min-h-(--control) items-center gap-1.5 rounded-md border border-line bg-raised px-3 text-sm font-medium shadow-soft hover:bg-hover"
    >
      <Download size={15} aria-hidden />
      {t.timeline.download}
    </a>
  );
}
