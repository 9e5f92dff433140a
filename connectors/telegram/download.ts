import { type Connector, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { apiRoot, call } from './client.ts';
import { botToken, type Face } from './face.ts';

/** The address of a file holds the token: it is asked for, used and forgotten here. */
export async function download(
  face: Face,
  ref: Record<string, unknown>,
  context: Parameters<NonNullable<Connector['download']>>[1],
): ReturnType<NonNullable<Connector['download']>> {
  const { fileId, bytes } = ref;
  if (typeof fileId !== 'string' || fileId === '')
    throw refused('noFile', `The attachment names no file of ${face.name}’s.`);
  if (typeof bytes === 'number' && bytes > face.maxDownload) {
    throw refused(
      'tooLarge',
      `The file is over ${face.maxDownload / 1024 / 1024} MB, more than a ${face.name} bot may fetch.`,
    );
  }
  const { signal } = context;
  const file = await call<{ file_path?: string }>(face, context, {
    method: 'getFile',
    payload: { file_id: fileId },
    effect: false,
    signal,
  });
  const path = file.file_path;
  if (typeof path !== 'string' || !/^[\w.:-]+(\/[\w.:-]+)*$/.test(path) || path.includes('..')) {
    throw refused('badPath', `${face.name} named no usable place for the file.`);
  }
  let response: Response;
  try {
    response = await context.fetch(`${apiRoot(face, context)}file/bot${botToken(context.settings)}/${path}`, {
      redirect: 'error',
      signal,
    });
  } catch (error) {
    throw networkError(error, { provider: face.name, effect: false, signal });
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new ConnectorError({
      class: response.status >= 500 || response.status === 429 ? 'retryable' : 'permanent',
      code: String(response.status),
      message: `${face.name} did not hand out the file (${response.status}).`,
    });
  }
  return {
    body: chunks(face, response.body, signal),
    type: response.headers.get('content-type') ?? undefined,
  } as Awaited<ReturnType<NonNullable<Connector['download']>>>;
}

async function* chunks(
  face: Face,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw networkError(error, { provider: face.name, effect: false, signal });
  }
}

function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}
