import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RawRequest } from '../connector.ts';

/**
 * `X-Hub-Signature-256: sha256=<hex HMAC-SHA256(app secret, body)>`, over the bytes as they came: Meta escapes letters and slashes, so a
 * body that was parsed and written again has another signature. (Meta: Graph API, Webhooks, Event Notifications)
 */
export function verifySignature(raw: RawRequest, appSecret: string): boolean {
  if (raw.method !== 'POST' || !appSecret) return false;
  const given = /^sha256=([0-9a-fA-F]{64})$/.exec(raw.headers['x-hub-signature-256'] ?? '')?.[1];
  if (!given) return false;
  const own = createHmac('sha256', appSecret).update(raw.body).digest();
  return timingSafeEqual(Buffer.from(given, 'hex'), own);
}

export function sign(body: Uint8Array | string, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

/**
 * Meta's question whether the address is ours: the challenge is repeated when the token is the one entered there. Null when the request
 * is no such question, or is for another channel of the same address.
 */
export function answerChallenge(
  raw: RawRequest,
  verifyToken: string,
): { status: number; type: string; body: string } | null {
  const { query } = raw;
  if (raw.method !== 'GET' || query['hub.mode'] !== 'subscribe' || !verifyToken) return null;
  const challenge = query['hub.challenge'] ?? '';
  const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
  if (!timingSafeEqual(hash(query['hub.verify_token'] ?? ''), hash(verifyToken))) return null;
  // Meta asks with a number; nothing that a browser could take for a page is repeated.
  if (!/^[\w.-]{1,200}$/.test(challenge)) return null;
  return { status: 200, type: 'text/plain', body: challenge };
}

/** Proves that whoever calls with the token knows the app's secret as well. (Meta: Graph API, Secure Requests) */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}
