import type { IncomingHttpHeaders } from 'node:http';
import type { Tokens } from './config.ts';
import { signature } from './oauth.ts';

/** Checks OAuth 1.0a as X does: keys, clock, a nonce used once, and the signature over what was asked. */
export class Gate {
  private readonly nonces = new Set<string>();

  constructor(
    private readonly tokens: Tokens,
    private readonly bearer: string,
  ) {}

  /** @returns who asks, or null */
  who(request: {
    method: string;
    url: URL;
    headers: IncomingHttpHeaders;
    form: string | null;
  }): 'account' | 'app' | null {
    const header = request.headers.authorization ?? '';
    if (header.startsWith('Bearer ')) return header.slice(7) === this.bearer ? 'app' : null;
    if (!header.startsWith('OAuth ')) return null;
    const given = new Map<string, string>();
    for (const [, name = '', value = ''] of header.slice(6).matchAll(/([\w%]+)="([^"]*)"/g))
      given.set(decodeURIComponent(name), decodeURIComponent(value));
    const nonce = given.get('oauth_nonce') ?? '';
    const age = Math.abs(Date.now() / 1000 - Number(given.get('oauth_timestamp')));
    const fits =
      given.get('oauth_consumer_key') === this.tokens.appKey &&
      given.get('oauth_token') === this.tokens.accessToken &&
      given.get('oauth_signature_method') === 'HMAC-SHA1' &&
      nonce.length >= 8 &&
      !this.nonces.has(nonce) &&
      age < 300;
    if (!fits) return null;
    const parameters: [string, string][] = [
      ...[...given].filter(([name]) => name !== 'oauth_signature' && name !== 'realm'),
      ...request.url.searchParams,
      ...new URLSearchParams(request.form ?? ''),
    ];
    const wanted = signature({ method: request.method, url: request.url, parameters }, this.tokens);
    if (wanted !== given.get('oauth_signature')) return null;
    this.nonces.add(nonce);
    if (this.nonces.size > 10_000) this.nonces.clear();
    return 'account';
  }
}
