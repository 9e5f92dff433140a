import { IconButton } from '../../components/button.tsx';
import { FileWarning, Paperclip, RotateCcw, X } from '../../components/icons.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import type { Upload } from '../../state/uploads.ts';
import { errorText } from '../error-text.ts';
import { urlOf } from './attachment-url.ts';

/** What is attached to the message being written, and how far it is. */
export function UploadList({
  uploads,
  onRemove,
  onRetry,
}: {
  uploads: readonly Upload[];
  onRemove: (key: string) => void;
  onRetry: (key: string) => void;
}) {
  const t = useT();
  const fmt = useFmt();
  if (uploads.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 px-3 pb-2">
      {uploads.map(({ key, name, bytes, progress, attachment, error }) => (
        <li
          key={key}
          className="relative flex w-56 items-center gap-2 overflow-hidden rounded-md border border-line bg-raised py-1 ps-2 pe-1 text-xs"
        >
          {error ? (
            <FileWarning size={15} aria-hidden className="shrink-0 text-danger-ink" />
          ) : attachment?.type.startsWith('image/') ? (
            <img
              src={urlOf(attachment)}
              alt=""
              className="size-8 shrink-0 rounded-sm bg-sunken object-cover"
            />
          ) : (
            <Paperclip size={15} aria-hidden className="shrink-0 text-ink-faint" />
          )}
          <span className="min-w-0 flex-1">
            <bdi className="ui-start block truncate">{plainName(name)}</bdi>
            <span className={error ? 'text-danger-ink' : 'text-ink-faint'}>
              {error
                ? errorText(t, error)
                : attachment
                  ? fmt.bytes(bytes)
                  : t.composer.uploading(fmt.percent(progress))}
            </span>
          </span>
          {error !== null && (
            <IconButton
              size="sm"
              label={t.file.retry(name)}
              icon={<RotateCcw size={14} />}
              onPress={() => onRetry(key)}
            />
          )}
          <IconButton
            size="sm"
            label={attachment || error ? t.composer.removeAttachment(name) : t.file.cancel(name)}
            icon={<X size={14} />}
            onPress={() => onRemove(key)}
          />
          {!attachment && !error && (
            <span
              aria-hidden
              className="absolute start-0 bottom-0 h-0.5 bg-accent transition-[width]"
              style={{ width: `${progress * 100}%` }}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
