import type { Connector, InboundEvent, RawRequest, Settings } from './connector.ts';

/** A recorded request as a file holds it: an envelope, or the bare body of one. */
interface Envelope {
  source?: unknown;
  method?: unknown;
  path?: unknown;
  query?: unknown;
  headers?: unknown;
  /** Text as it is, anything else as JSON. */
  body?: unknown;
  bodyBase64?: unknown;
}

/** A file of the platform's own format stands for the request that would have brought it. */
export interface Recording {
  connector: Connector;
  settings: Settings;
}

/**
 * Reads a recorded request: `{method, path, query, headers, body}` as JSON (`bodyBase64` for bytes that are no text), or else the
 * whole file is the body of a POST. Throws with a sentence when an envelope is damaged.
 */
export function parseRecorded(bytes: Uint8Array, recording?: Recording): RawRequest {
  const envelope = envelopeIn(bytes);
  if (envelope) return requestOf(envelope);
  const body = recording?.connector.payloadOf?.(bytes, recording.settings) ?? bytes;
  return { ...requestOf({}), body };
}

/** The request that an envelope stands for. */
export function requestOf(envelope: Envelope): RawRequest {
  return {
    source: envelope.source === 'listen' ? 'listen' : 'hook',
    method: text(envelope.method, 'method') ?? 'POST',
    path: text(envelope.path, 'path') ?? '/',
    query: texts(envelope.query, 'query'),
    headers: Object.fromEntries(
      Object.entries(texts(envelope.headers, 'headers')).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: bodyOf(envelope),
  };
}

function envelopeIn(bytes: Uint8Array): Envelope | null {
  // Of what is no JSON object, a mail of many megabytes say, nothing is decoded in vain.
  if (bytes.find((byte) => byte > 0x20 && !byteOrderMark.includes(byte)) !== 0x7b) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    const isEnvelope = 'body' in value || 'bodyBase64' in value;
    return isEnvelope && ('method' in value || 'path' in value || 'headers' in value) ? value : null;
  } catch {
    return null;
  }
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

function bodyOf({ body, bodyBase64 }: Envelope): Uint8Array {
  if (bodyBase64 !== undefined) return Buffer.from(text(bodyBase64, 'bodyBase64') ?? '', 'base64');
  if (body === undefined) return new Uint8Array();
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

function text(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`"${name}" of the recorded request must be text.`);
}

function texts(value: unknown, name: string): Record<string, string> {
  if (value === undefined) return {};
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`"${name}" of the recorded request must be an object of texts.`);
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry)]));
}

/** One thing that a request says, or why it could not be understood. */
export type Understood = { accountRef: string; eventKey: string } & (InboundEvent | { error: string });

export interface Understanding {
  events: Understood[];
  wake?: true;
}

/** What intake makes of a request: `split`, then `inbound` of each event. Throws what `split` throws. */
export async function understand(
  connector: Connector,
  raw: RawRequest,
  settings: Settings,
): Promise<Understanding> {
  const { events, wake } = connector.split(raw, settings);
  const understood = await Promise.all(
    events.map(async (event): Promise<Understood[]> => {
      const { accountRef, eventKey } = event;
      try {
        const meanings = await connector.inbound(event, settings);
        return meanings.map((meaning) => ({ accountRef, eventKey, ...meaning }));
      } catch (error) {
        return [{ accountRef, eventKey, error: sentence(error) }];
      }
    }),
  );
  return { events: understood.flat(), ...(wake ? { wake: true as const } : {}) };
}

export function sentence(error: unknown): string {
  if (error instanceof Error) return error.message;
  return 'It failed without saying why.';
}
