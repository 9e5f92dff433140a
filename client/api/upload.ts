import { AppError, type ErrorBody } from '../../shared/errors.ts';
import { NetworkError } from './http.ts';

/**
 * Sends a file as the body of a request, by XMLHttpRequest, because `fetch` does not tell how much has left.
 * @param options.onProgress a share between 0 and 1
 * @throws AppError what the server refused; NetworkError when it was not reached
 */
export function upload<T>(
  path: string,
  file: File,
  options: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<T> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => total > 0 && onProgress(loaded / total);
    request.onerror = () => reject(new NetworkError(false));
    request.ontimeout = () => reject(new NetworkError(true));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T);
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
