import { useCallback, useEffect, useRef, useState } from 'react';
import type { Capabilities } from '../../../shared/connector.ts';
import { AppError, type ErrorBody } from '../../../shared/errors.ts';
import type { Attachment } from '../../../shared/message.ts';
import { NetworkError } from '../../api/http.ts';

export interface Upload {
  key: string;
  name: string;
  bytes: number;
  /** A share between 0 and 1; 1 with `attachment` when it is done. */
  progress: number;
  attachment: Attachment | null;
  error: unknown;
}

/** XMLHttpRequest, because `fetch` does not tell how much has left. */
function send(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/files?name=${encodeURIComponent(file.name || 'file')}`);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => total > 0 && onProgress(loaded / total);
    request.onerror = () => reject(new NetworkError(false));
    request.ontimeout = () => reject(new NetworkError(true));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as Attachment);
      else
        reject(
          new AppError(
            (request.response as ErrorBody | null) ?? {
              code: 'internal',
              message: `The server answered ${request.status}.`,
            },
          ),
        );
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Why a channel does not take a file, or null. */
export function refusal(
  file: Pick<File, 'size' | 'type'>,
  taken: number,
  limits: NonNullable<Capabilities['attachments']>,
): 'tooMany' | 'tooLarge' | 'type' | null {
  if (taken >= limits.perMessage) return 'tooMany';
  if (file.size > limits.maxBytes) return 'tooLarge';
  const fits = limits.types.some((type) =>
    type.endsWith('/*') ? file.type.startsWith(type.slice(0, -1)) : type === file.type,
  );
  return limits.types.length === 0 || fits ? null : 'type';
}

/** Files on their way to the message being written in one conversation. */
export function useUploads(conversationId: string) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const aborts = useRef(new Map<string, AbortController>());

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation, other files
  useEffect(() => {
    const running = aborts.current;
    return () => {
      for (const abort of running.values()) abort.abort();
      running.clear();
      setUploads([]);
    };
  }, [conversationId]);

  const change = useCallback((key: string, part: Partial<Upload>) => {
    setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)));
  }, []);

  const add = useCallback(
    (file: File) => {
      const key = crypto.randomUUID();
      const abort = new AbortController();
      aborts.current.set(key, abort);
      setUploads((all) => [
        ...all,
        { key, name: file.name, bytes: file.size, progress: 0, attachment: null, error: null },
      ]);
      send(file, (progress) => change(key, { progress }), abort.signal).then(
        (attachment) => change(key, { attachment, progress: 1 }),
        (error: unknown) => change(key, { error }),
      );
    },
    [change],
  );

  const remove = useCallback((key: string) => {
    aborts.current.get(key)?.abort();
    setUploads((all) => all.filter((each) => each.key !== key));
  }, []);

  return { uploads, add, remove, clear: useCallback(() => setUploads([]), []) };
}
