import { type Connector, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { recordingsFrom } from './config.ts';

/** From the folder that the settings name, and from nowhere else: whoever may tell of a call must not choose what this server reads. */
export const download: NonNullable<Connector['download']> = async (ref, context) => {
  const { settings, signal } = context;
  const folder = recordingsFrom(settings);
  if (!folder)
    throw refused(
      'noFolder',
      'There is a recording, and the channel’s settings do not say where recordings may be fetched.',
    );
  const url = typeof ref.url === 'string' && URL.canParse(ref.url, folder) ? new URL(ref.url, folder) : null;
  if (!url || url.origin !== folder.origin || !url.pathname.startsWith(folder.pathname))
    throw refused('elsewhere', 'The recording is not in the folder that the channel’s settings name.');
  const login = String(settings.recordingsLogin ?? '');
  let response: Response;
  try {
    response = await context.fetch(url, {
      redirect: 'error',
      signal,
      ...(login ? { headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } } : {}),
    });
  } catch (error) {
    throw networkError(error, { provider: 'The telephone system', effect: false, signal });
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    // A recording is written after its call: what is not there may be there soon.
    const later = response.status === 404 || response.status === 429 || response.status >= 500;
    throw new ConnectorError({
      class: later ? 'retryable' : 'permanent',
      code: String(response.status),
      message: `The telephone system did not hand out the recording (${response.status}).`,
    });
  }
  const type = response.headers.get('content-type');
  return { body: chunks(response.body, signal), ...(type ? { type } : {}) };
};

async function* chunks(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw networkError(error, { provider: 'The telephone system', effect: false, signal });
  }
}

function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}
