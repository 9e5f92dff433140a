import type { Connector } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { apiRoot, call } from './client.ts';
import { botToken, maxDownload } from './config.ts';

/** The address of a file holds the token: it is asked for, used and forgotten here. */
export const download: NonNullable<Connector['download']> = async (ref, context) => {
  const { fileId, bytes } = ref;
  if (typeof fileId !== 'string' || fileId === '')
    throw refused('noFile', 'The attachment names no file of Telegram’s.');
  if (typeof bytes === 'number' && bytes > maxDownload) {
    throw refused('tooLarge', 'The file is over 20 MB, more than a Telegram bot may fetch.');
  }
  const { signal } = context;
  const file = await call<{ file_path?: string }>(
    context,
    'getFile',
    { file_id: fileId },
    { effect: false, signal },
  );
  const path = file.file_path;
  if (typeof path !== 'string' || !/^[\w.-]+(\/[\w.-]+)*$/.test(path) || path.includes('..')) {
    throw refused('badPath', 'Telegram named no usable place for the file.');
  }
  let response: Response;
  try {
    response = await context.fetch(`${apiRoot(context)}file/bot${botToken(context.settings)}/${path}`, {
      redirect: 'error',
      signal,
    });
  } catch (error) {
    throw networkError(error, { provider: 'Telegram', effect: false, signal });
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new ConnectorError({
      class: response.status >= 500 || response.status === 429 ? 'retryable' : 'permanent',
      code: String(response.status),
      message: `Telegram did not hand out the file (${response.status}).`,
    });
  }
  return {
    body: chunks(response.body, signal),
    type: response.headers.get('content-type') ?? undefined,
  } as Awaited<ReturnType<NonNullable<Connector['download']>>>;
};

async function* chunks(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw networkError(error, { provider: 'Telegram', effect: false, signal });
  }
}

function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}
