import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { type Connector, type ConnectorContext, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { tokensOf } from './config.ts';
import { refusal } from './errors.ts';
import { mediaUrl, privateHosts } from './media.ts';
import { authorization } from './oauth.ts';
import { agentFor } from './road.ts';

/** What was sent privately is handed out to our signature only; what is public, to everybody. */
export const download: NonNullable<Connector['download']> = async (ref, context) => {
  const url = typeof ref.url === 'string' ? mediaUrl(ref.url) : null;
  if (!url) {
    throw new ConnectorError({
      class: 'permanent',
      code: 'badUrl',
      message: 'The attachment names no file of X’s.',
    });
  }
  const { signal } = context;
  const response = await get(url, context).catch((error: unknown) => {
    throw networkError(error, { provider: 'X', effect: false, signal });
  });
  const status = response.statusCode ?? 0;
  if (status !== 200) {
    response.destroy();
    if (status < 400) {
      throw new ConnectorError({
        class: 'permanent',
        code: String(status),
        message: `X sends somewhere else for the file (${status}); nothing is fetched from there.`,
      });
    }
    throw refusal(status, null, { now: context.now(), headers: response.headers });
  }
  const type = response.headers['content-type'];
  return { body: chunks(response, signal), ...(type ? { type } : {}) };
};

/** Not by `fetch`: the way to X is an agent, and a redirection is not followed. */
function get(url: URL, context: ConnectorContext & { signal: AbortSignal }): Promise<IncomingMessage> {
  const headers: Record<string, string> = privateHosts.has(url.hostname)
    ? { authorization: authorization('GET', url, tokensOf(context.settings), context.now()) }
    : {};
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent: agentFor(context), signal: context.signal, headers }, resolve);
    request.on('error', reject);
  });
}

async function* chunks(response: IncomingMessage, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch (error) {
    throw networkError(error, { provider: 'X', effect: false, signal });
  }
}
