import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2';
import { ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { count, type Json, list, object, text } from './json.ts';

export interface Call {
  /** The call would change something that somebody sees: without an answer its outcome is unknown. */
  effect: boolean;
  signal: AbortSignal;
}

/** What the library threw, as one of ours. */
export function errorOf(error: unknown, call: Call & { now: Date }): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (error instanceof ApiResponseError)
    return refusal(error.code, error.data, { ...call, headers: error.headers });
  if (error instanceof ApiPartialResponseError) return networkError(error, { provider: 'X', ...call });
  // Its own getter looks in the wrong place and is always empty.
  const cause =
    error instanceof ApiRequestError ? (Reflect.get(error, '_options') as { error?: unknown })?.error : error;
  return networkError(cause, { provider: 'X', ...call });
}

interface Refused {
  now: Date;
  headers: Readonly<Record<string, unknown>>;
}

/** Codes of the older API that say that the keys or the account must be mended: bad keys, suspended, locked. */
const keysWrong = new Set([32, 64, 89, 99, 135, 215, 326]);
/** They can be written to no more, or not by us. */
const outOfReach = new Set([50, 63, 108, 150, 151, 349]);
/** Problems of the newer API of the same kind. */
const notPermitted = /oauth1-permissions|unsupported-authentication|client-not-enrolled|client-forbidden/;
const closedToUs =
  /cannot send messages? to this user|do(es)? not have permission to dm|dm(s)? (is|are) (closed|not allowed)|can(not|'t) be messaged/i;

/** An answer of 400 or more; its body is JSON of two families, or a gateway's page. */
export function refusal(status: number, body: unknown, { now, headers }: Refused): ConnectorError {
  const data = object(body) ?? {};
  const codes = list(data.errors).flatMap((one) => count(one.code) ?? []);
  const said = saidIn(data);
  const base = {
    code: codes[0] ? `${status}/${codes[0]}` : String(status),
    message: `X: ${said || 'no reason given'} (${status}).`,
  };
  if (status === 429)
    return new ConnectorError({ ...base, class: 'rateLimited', retryAt: freeAt(headers, now) });
  if (status >= 500 || status === 408) return new ConnectorError({ ...base, class: 'retryable' });
  if (status === 401) {
    return new ConnectorError({
      ...base,
      class: 'auth',
      field: 'accessToken',
      message: `X refuses the keys (${status}): the access token was taken back, or one of the four is of another app.`,
    });
  }
  const type = `${text(data.type) ?? ''} ${text(data.reason) ?? ''}`;
  if (codes.some((code) => keysWrong.has(code)) || (status === 403 && notPermitted.test(type)))
    return new ConnectorError({ ...base, class: 'auth', field: 'accessToken' });
  const unreachable = codes.some((code) => outOfReach.has(code)) || (status === 403 && closedToUs.test(said));
  return new ConnectorError({ ...base, class: 'permanent', unreachable });
}

/** X's own words, in one line. */
function saidIn(data: Json): string {
  const reasons = list(data.errors).map((one) => text(one.message) ?? text(one.detail));
  const words = [text(data.detail) ?? text(data.error) ?? text(data.title), ...reasons].filter(Boolean);
  return [...new Set(words)]
    .join(' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
    .replace(/[.\s]+$/, '');
}

/** The latest of those limits that are used up; a minute when X says none. */
function freeAt(headers: Refused['headers'], now: Date): Date {
  const ends = ['x-rate-limit', 'x-app-limit-24hour', 'x-user-limit-24hour'].flatMap((name) => {
    const reset = Number(headers[`${name}-reset`]);
    const left = Number(headers[`${name}-remaining`] ?? 0);
    return reset > 0 && !(left > 0) ? [reset * 1000] : [];
  });
  const least = now.getTime() + 1000;
  return new Date(Math.max(least, ...(ends.length > 0 ? ends : [now.getTime() + 60_000])));
}

export function badAnswer({ effect }: Pick<Call, 'effect'>): ConnectorError {
  return new ConnectorError({
    class: effect ? 'unknown' : 'retryable',
    code: 'badAnswer',
    message: `What answered in X’s place is not X${effect ? ': it may have taken the message or not' : ''}.`,
  });
}
