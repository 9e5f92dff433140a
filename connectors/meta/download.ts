import { type Connector, type ConnectorContext, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { graph } from './client.ts';
import { list, object, text } from './json.ts';

/** Where Meta's media lie. Anything else that calls itself an attachment is not fetched: who writes to us names no host to be called. */
const hosts = /(^|\.)(fbsbx\.com|fbcdn\.net|cdninstagram\.com|whatsapp\.net)$/;
const mostHops = 3;
/** Over this nothing is fetched, if its length is told. The host holds its own limit while it reads. */
const mostBytes = 100 * 1024 * 1024;

type Fetched = Awaited<ReturnType<NonNullable<Connector['download']>>>;

/**
 * A file by its link, which must lead to Meta's own hosts, also where it redirects. `token`: the link wants it (WhatsApp).
 * @throws ConnectorError; `code` 403, 404 or 410 when the link is over
 */
export async function fetchMedia(
  context: ConnectorContext & { signal: AbortSignal },
  link: string,
  options: { token?: string } = {},
): Promise<Fetched> {
  const { signal } = context;
  let url = link;
  for (let hop = 0; hop <= mostHops; hop += 1) {
    checkHost(url, context);
    let response: Response;
    try {
      response = await context.fetch(url, {
        redirect: 'manual',
        signal,
        ...(options.token ? { headers: { authorization: `Bearer ${options.token}` } } : {}),
      });
    } catch (error) {
      throw networkError(error, { provider: 'Meta', effect: false, signal });
    }
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next && URL.canParse(next, url)) {
      await response.body?.cancel();
      url = new URL(next, url).href;
      continue;
    }
    return given(response, signal);
  }
  throw refused('redirects', 'The link to the file leads on and on.');
}

function checkHost(link: string, context: Pick<ConnectorContext, 'endpoint'>): void {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url && context.endpoint && url.origin === new URL(context.endpoint).origin) return;
  if (url?.protocol === 'https:' && !url.port && !url.username && hosts.test(url.hostname)) return;
  throw refused('badHost', 'The link to the file leads to none of Meta’s hosts; it was not followed.');
}

async function given(response: Response, signal: AbortSignal): Promise<Fetched> {
  const { status } = response;
  const length = Number(response.headers.get('content-length') ?? 0);
  if (!response.ok || !response.body || length > mostBytes) {
    await response.body?.cancel();
    if (response.ok) throw refused('tooLarge', 'The file is over 100 MB.');
    throw new ConnectorError({
      class: status >= 500 || status === 429 ? 'retryable' : 'permanent',
      code: String(status),
      message:
        status === 403 || status === 404 || status === 410
          ? `The link to the file is over (${status}); Meta keeps it for a while only.`
          : `Meta did not hand out the file (${status}).`,
    });
  }
  const type = response.headers.get('content-type') ?? undefined;
  return { body: chunks(response.body, signal), ...(type ? { type } : {}) } as Fetched;
}

async function* chunks(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw networkError(error, { provider: 'Meta', effect: false, signal });
  }
}

/** A link that is over is asked for anew, by the message it was in; a story's cannot be. */
export const download: NonNullable<Connector['download']> = async (ref, context) => {
  const { url, mid, n } = ref;
  if (typeof url !== 'string') throw refused('noFile', 'The attachment names no link.');
  try {
    return await fetchMedia(context, url);
  } catch (error) {
    const over = error instanceof ConnectorError && /^(403|404|410)$/.test(error.code);
    if (!over || typeof mid !== 'string' || typeof n !== 'number') throw error;
    const fresh = await freshLink(context, mid, n);
    if (!fresh || fresh === url) throw error;
    return fetchMedia(context, fresh);
  }
};

/** What a message's attachments are asked for with (Meta: Graph API reference, Message). */
export const attachmentFields =
  'attachments{id,mime_type,name,size,image_data{url,animated_gif_url,width,height},video_data{url,width,height},file_url}';

export function linkIn(attachment: Readonly<Record<string, unknown>>): string | null {
  const image = object(attachment.image_data);
  const video = object(attachment.video_data);
  return text(video?.url) ?? text(image?.animated_gif_url) ?? text(image?.url) ?? text(attachment.file_url);
}

async function freshLink(
  context: ConnectorContext & { signal: AbortSignal },
  mid: string,
  n: number,
): Promise<string | null> {
  const { body } = await graph(context, {
    path: `/${encodeURIComponent(mid)}`,
    query: { fields: attachmentFields },
    signal: context.signal,
  });
  const found = list(object(body.attachments)?.data)[n];
  return found ? linkIn(found) : null;
}

function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}
