import { createHmac, randomBytes } from 'node:crypto';
import type { Tokens } from './config.ts';

/** OAuth 1.0a (RFC 5849) over HMAC-SHA1, for what the library does not fetch: files that only their receiver is given. */

/** As section 3.6 wants it: all but letters, digits, `-`, `.`, `_` and `~`. */
export function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Section 3.4. @param parameters of header, query and form, `oauth_signature` and `realm` left out */
export function signature(
  request: { method: string; url: URL; parameters: readonly (readonly [string, string])[] },
  secrets: Pick<Tokens, 'appSecret' | 'accessSecret'>,
): string {
  const sorted = request.parameters
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const base = [
    request.method.toUpperCase(),
    encoded(`${request.url.origin}${request.url.pathname}`),
    encoded(sorted),
  ].join('&');
  return createHmac('sha1', `${encoded(secrets.appSecret)}&${encoded(secrets.accessSecret)}`)
    .update(base)
    .digest('base64');
}

/** The header `Authorization` of a request without a form. */
export function authorization(method: string, url: URL, tokens: Tokens, now: Date): string {
  const own: [string, string][] = [
    ['oauth_consumer_key', tokens.appKey],
    ['oauth_nonce', randomBytes(24).toString('hex')],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', String(Math.floor(now.getTime() / 1000))],
    ['oauth_token', tokens.accessToken],
    ['oauth_version', '1.0'],
  ];
  const signed = signature({ method, url, parameters: [...own, ...url.searchParams] }, tokens);
  return `OAuth ${[...own, ['oauth_signature', signed] as const]
    .map(([name, value]) => `${encoded(name)}="${encoded(value)}"`)
    .join(', ')}`;
}
