import { useRef, useState } from 'preact/hooks';
import type { VisitorFile } from '../../shared/visitor.ts';
import { plainName } from '../lib/bidi.ts';
import type { Chat } from './chat.ts';
import type { Speech } from './speech.ts';
import { Refused } from './wire.ts';

/** As many as the server takes with one message. */
export const mostFiles = 5;

export interface Upload {
  key: number;
  file: File;
  name: string;
  share: number;
  done: VisitorFile | null;
  /** What went wrong, worded; `again` when trying again can help. */
  wrong: string | null;
  again: boolean;
  stop: AbortController;
}

let minted = 0;

/** The files beside a message that is being written: on their way, arrived, or refused with a reason. */
export function useUploads(chat: Chat, speech: Speech) {
  const { t } = speech;
  const [, draw] = useState(0);
  const held = useRef<Upload[]>([]);
  const [complaint, setComplaint] = useState('');
  const change = (next: Upload[]) => {
    held.current = next;
    draw((n) => n + 1);
  };
  const run = (upload: Upload) => {
    upload.wrong = null;
    const onProgress = (share: number) => {
      upload.share = share;
      draw((n) => n + 1);
    };
    chat.upload(upload.file, { onProgress, signal: upload.stop.signal }).then(
      (done) => {
        upload.done = done;
        change(held.current);
      },
      (error: unknown) => {
        const isFinal = error instanceof Refused && error.isFinal;
        upload.wrong = isFinal ? t.fileRefused(upload.name) : t.fileFailed(upload.name);
        upload.again = !isFinal;
        change(held.current);
      },
    );
  };
  return {
    all: held.current,
    complaint,
    setComplaint,
    /** What is too large or too many is told before anything is sent. */
    add(files: readonly File[]) {
      const most = chat.config?.maxFileBytes ?? 0;
      setComplaint('');
      for (const file of files) {
        const name = plainName(file.name) || '…';
        if (held.current.length >= mostFiles) setComplaint(t.tooMany(speech.number(mostFiles)));
        else if (file.size > most) setComplaint(t.tooLarge(name, speech.bytes(most)));
        else if (file.size === 0) setComplaint(t.empty(name));
        else {
          const stop = new AbortController();
          const upload: Upload = {
            key: ++minted,
            file,
            name,
            share: 0,
            done: null,
            wrong: null,
            again: false,
            stop,
          };
          change([...held.current, upload]);
          run(upload);
        }
      }
    },
    retry: run,
    remove(upload: Upload) {
      upload.stop.abort();
      change(held.current.filter((one) => one !== upload));
    },
    clear: () => change([]),
  };
}
