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
  const words = (name: string, why: 'none' | NonNullable<ReturnType<typeof refusal>>) => {
    if (why === 'none' || !limits) return t.composer.noAttachments;
    if (why === 'empty') return t.composer.fileEmpty(name);
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
  const failed = uploads.find(({ error }) => error) ?? null;
  return {
    uploads,
    take,
    remove: (key: string) => store.remove(conversationId, key),
    retry: (key: string) => store.retry(conversationId, key),
    attachments: uploads.flatMap(({ attachment }) => (attachment ? [attachment] : [])),
    /** Why the files cannot go as they are. */
    refused: wrong ? words(wrong.upload.name, wrong.why) : failed && t.composer.fileFailed(failed.name),
    // One that could not be uploaded is tried again or taken away: a message never leaves without a file it was written with.
    ready: !wrong && uploads.every(({ attachment }) => attachment !== null),
  };
}

/** What the channel takes, in words: how many, how large, of what kind. */
function useLimitWords(limits: Limits | null): string {
  const t = useT();
  const fmt = useFmt();
  if (!limits) return t.composer.noAttachments;
  const families: Record<string, string> = t.file.families;
  const kinds = [...new Set(limits.types.map((type) => type.split('/')[0] ?? type))];
  return [
    t.file.limits(fmt.bytes(limits.maxBytes), limits.perMessage),
    kinds.length > 0 && t.file.types(fmt.list(kinds.map((kind) => families[kind] ?? kind))),
  ]
    .filter(Boolean)
    .join('\n');
}

/** The paper clip: before anything is chosen it says what the channel takes. */
export function AttachButton({
  limits,
  onFiles,
}: {
  limits: Limits | null;
  onFiles: (files: Iterable<File>) => void;
}) {
  const t = useT();
  const words = useLimitWords(limits);
  const able = limits !== null;
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
        hint={words}
        placement="top"
        icon={<Paperclip size={17} />}
        isDisabled={!connected}
        onPress={() => picker.current?.click()}
      />
    </>
  );
}
