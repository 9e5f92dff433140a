/** @jsxImportSource preact */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dirOf } from '../lib/bidi.ts';
import type { Chat } from './chat.ts';
import { Icon } from './icon.tsx';
import type { Speech } from './speech.ts';
import { mostFiles, type useUploads } from './uploads.ts';

export interface ComposerProps {
  chat: Chat;
  speech: Speech;
  uploads: ReturnType<typeof useUploads>;
  /** Rises whenever the panel is opened: the field takes the focus. */
  shownAt: number;
}

export function Composer({ chat, speech, uploads, shownAt }: ComposerProps) {
  const { t } = speech;
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(chat.draft);
  const most = chat.config?.maxText ?? 4_000;
  const isTooLong = text.length > most;
  const isUploading = uploads.all.some(({ done }) => !done);
  const ready = uploads.all.flatMap(({ done }) => (done ? [done] : []));
  const maySend = !isTooLong && !isUploading && (text.trim() !== '' || ready.length > 0);

  useEffect(() => {
    if (shownAt) field.current?.focus({ preventScroll: true });
  }, [shownAt]);
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 132)}px`;
  });

  const write = (next: string) => {
    setText(next);
    chat.draft = next;
  };
  const send = () => {
    if (!maySend) return;
    chat.send(text.trim(), ready);
    write('');
    uploads.clear();
    uploads.setComplaint('');
    field.current?.focus();
  };
  const limits = t.attach(speech.number(mostFiles), speech.bytes(chat.config?.maxFileBytes ?? 0));
  const complaint = isTooLong ? t.tooLong(speech.number(most)) : uploads.complaint;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {uploads.all.length > 0 && (
        <ul class="uploads">
          {uploads.all.map((upload) => (
            <li key={upload.key} class={upload.wrong ? 'wrong' : ''}>
              <Icon name="file" size={16} />
              {upload.wrong ? (
                <span role="alert">{upload.wrong}</span>
              ) : (
                <span>
                  <bdi>{upload.name}</bdi>
                  {!upload.done && <progress value={upload.share} aria-label={t.uploading(upload.name)} />}
                </span>
              )}
              {upload.again && upload.wrong && (
                <button type="button" class="link" onClick={() => uploads.retry(upload)}>
                  {t.retry}
                </button>
              )}
              <button
                type="button"
                class="tool"
                aria-label={`${t.remove}: ${upload.name}`}
                onClick={() => uploads.remove(upload)}
              >
                <Icon name="remove" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {complaint && (
        <p class="wrong" role="alert">
          {complaint}
        </p>
      )}
      <div class="line">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => {
            uploads.add([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          class="tool"
          title={limits}
          aria-label={limits}
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <textarea
          ref={field}
          rows={1}
          value={text}
          dir={dirOf(text, speech.dir)}
          aria-label={t.write}
          aria-invalid={isTooLong}
          placeholder={t.placeholder}
          enterkeyhint="send"
          onInput={({ currentTarget }) => {
            write(currentTarget.value);
            chat.typed();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (!files.length) return;
            event.preventDefault();
            uploads.add(files);
          }}
        />
        <button type="submit" class="send" aria-label={t.send} title={t.send} disabled={!maySend}>
          <Icon name="send" class="mirror" />
        </button>
      </div>
    </form>
  );
}
