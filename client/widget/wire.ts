/** The only way from the frame to the server: HTTP on its own origin with the visitor's bearer. */

/** The server said no. Anything else that is thrown means that it was not reached. */
export class Refused extends Error {
  readonly status: number;
  /** Seconds. */
  readonly retryAfter: number;

  constructor(status: number, retryAfter: number) {
    super(`status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Trying the same again cannot help. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

export interface Wire {
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  upload<T>(
    path: string,
    file: Blob,
    options: { onProgress: (share: number) => void; signal: AbortSignal },
  ): Promise<T>;
  bytes(path: string): Promise<Blob>;
  /** Makes a token worthless; whether it succeeds is not waited for. */
  end(token: string): void;
}

const seconds = (value: string | null) => Number(value) || 5;

export function openWire(site: string, token: () => string | null): Wire {
  const address = (path: string) => `/chat/${encodeURIComponent(site)}/${path}`;
  const bearer = (): Record<string, string> => {
    const held = token();
    return held ? { authorization: `Bearer ${held}` } : {};
  };
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(address(path), {
      ...init,
      credentials: 'omit',
      headers: { ...bearer(), ...(init.body ? { 'content-type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(20_000),
    });
    if (!answer.ok) throw new Refused(answer.status, seconds(answer.headers.get('retry-after')));
    return answer;
  };
  return {
    async call<T>(method: string, path: string, body?: unknown) {
      const answer = await ask(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return (answer.status === 204 ? undefined : await answer.json()) as T;
    },
    upload: <T>(
      path: string,
      file: Blob,
      { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
    ) =>
      new Promise<T>((resolve, reject) => {
        // Of the two ways to send a file only this one tells how far it has come.
        const request = new XMLHttpRequest();
        request.open('POST', address(path));
        for (const [name, value] of Object.entries(bearer())) request.setRequestHeader(name, value);
        request.setRequestHeader('content-type', file.type || 'application/octet-stream');
        request.responseType = 'json';
        request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
        request.onerror = () => reject(new Error('offline'));
        request.onload = () =>
          request.status < 300
            ? resolve(request.response as T)
            : reject(new Refused(request.status, seconds(request.getResponseHeader('retry-after'))));
        signal.addEventListener('abort', () => request.abort());
        request.send(file);
      }),
    end(token) {
      const init = { method: 'DELETE', credentials: 'omit', keepalive: true } as const;
      void fetch(address('session'), { ...init, headers: { authorization: `Bearer ${token}` } }).catch(
        () => undefined,
      );
    },
    bytes: async (path) => (await ask(path)).blob(),
  };
}
