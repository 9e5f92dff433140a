import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { accessToken, appSecret, defaultEndpoint, graphVersion } from './config.ts';
import { graphError, type Rules, usageOf } from './errors.ts';
import { type Json, object, parse } from './json.ts';
import { appSecretProof } from './signature.ts';

/** Longest wait for a call that only reads; what changes something brings its own signal. */
const readTimeout = 30_000;

export interface GraphCall {
  /** GET when absent. */
  method?: 'GET' | 'POST' | 'DELETE';
  /** Below the version, begins with '/'. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a form with files. */
  form?: FormData;
  /** It would change something at Meta: without an answer its outcome is unknown. */
  effect?: boolean;
  signal: AbortSignal;
  /** Called as this app instead of as the account. */
  appId?: string;
  /** What a channel's own error codes mean, before the common ones. */
  rules?: Rules;
}

export interface GraphAnswer {
  body: Json;
  /** Percent of what Meta allows that has been used. */
  usage: number;
}

export function graphRoot(context: Pick<ConnectorContext, 'endpoint' | 'settings'>): string {
  const base = (context.endpoint ?? defaultEndpoint).replace(/\/+$/, '');
  return `${base}/${graphVersion(context.settings)}`;
}

/**
 * One call of the Graph API with the channel's token and the proof of its app's secret. The token goes in a header, so that no address
 * holds it.
 * @throws ConnectorError
 */
export async function graph(context: ConnectorContext, call: GraphCall): Promise<GraphAnswer> {
  const { settings } = context;
  const { effect = false } = call;
  const token = call.appId ? `${call.appId}|${appSecret(settings)}` : accessToken(settings);
  const url = new URL(`${graphRoot(context)}${call.path}`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  url.searchParams.set('appsecret_proof', appSecretProof(token, appSecret(settings)));
  const reads = (call.method ?? 'GET') === 'GET';
  const signal = reads ? AbortSignal.any([call.signal, AbortSignal.timeout(readTimeout)]) : call.signal;
  if (signal.aborted)
    throw new ConnectorError({
      class: 'retryable',
      code: 'aborted',
      message: 'The call was stopped before it began.',
    });
  let response: Response;
  let body: Uint8Array;
  try {
    response = await context.fetch(url, {
      method: call.method ?? 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      ...(call.form ? { body: call.form } : {}),
      redirect: 'manual',
      signal,
    });
    body = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw networkError(error, { provider: 'Meta', effect, signal });
  }
  const { status, headers } = response;
  const answer = object(parse(body));
  if (response.ok && answer && !object(answer.error)) return { body: answer, usage: usageOf(headers) };
  const rules = call.rules ? { rules: call.rules } : {};
  throw graphError({ status, headers, body, effect, now: context.now(), ...rules });
}
