import { useRef } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { Paperclip } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useLink, useUploads, useWorkspace } from '../../state/hooks.tsx';
import { type Limits, misfit, refusal } from './file-limits.ts';

/** Files for the message being written: what the channel takes is uploaded, the rest is refused before that. */
export function useFiles(conversationId: string, limits: Limits | null) {
  const t = useT();
  const fmt = useFmt();
  const { uploads: store } = useWorkspace();
  const uploads = useUploads(conversationId);
  const words = (name: string, why: 'none' | 'tooMany' | 'tooLarge' | 'type') => {
    if (why === 'none' || !limits) return t.composer.noAttachments;
    if (why === 'tooMany') return t.composer.tooManyFiles(limits.perMessage);
    return why === 'tooLarge'
      ? t.composer.fileTooLarge(name, fmt.bytes(limits.maxBytes))
      : t.composer.fileType(name);
  };
  const take = (files: Iterable<File>) => {
    let taken = uploads.length;
    for (const file of files) {
      const why = limits ? refusal(file, taken, limits) : 'none';
      if (why) showToast({ text: words(file.name, why), tone: 'error', stays: 8_000 });
      if (why === 'none' || why === 'tooMany') return;
      if (why) continue;
      store.add(conversationId, file);
      taken += 1;
    }
  };
  // The agent may have chosen another channel since.
  const wrong = misfit(uploads, limits);
  return {
    uploads,
    take,
    remove: (key: string) => store.remove(conversationId, key),
    attachments: uploads.flatMap(({ attachment }) => (attachment ? [attachment] : [])),
    /** Why the files cannot go as they are. */
    refused: wrong && words(wrong.upload.name, wrong.why),
    ready: !wrong && uploads.every(({ attachment, error }) => attachment || error),
  };
}

/** The paper clip; on a channel without attachments it says so. */
export function AttachButton({ able, onFiles }: { able: boolean; onFiles: (files: Iterable<File>) => void }) {
  const t = useT();
  const { connected } = useLink();
  const picker = useRef<HTMLInputElement>(null);
  if (!able)
    return (
      <Tooltip text={t.composer.noAttachments} placement="top">
        <Button variant="quiet" aria-label={t.composer.noAttachments} className="px-2 opacity-50">
          <Paperclip size={17} aria-hidden />
        </Button>
      </Tooltip>
    );
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-hidden
        tabIndex={-1}
        onChange={(event) => {
          onFiles(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }}
      />
      <IconButton
        label={t.composer.attach}
        placement="top"
        icon={<Paperclip size={17} />}
        isDisabled={!connected}
        onPress={() => picker.current?.click()}
      />
    </>
  );
}
