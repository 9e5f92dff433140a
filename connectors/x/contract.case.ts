import { createHmac } from 'node:crypto';
import type { RawRequest } from '../connector.ts';
import type { ContractCase } from '../contract.cases.ts';

const settings = {
  appKey: 'fixtureAppKeyOfNoApp',
  appSecret: 'fixtureAppSecretOfNoRealApp',
  accessToken: '1716450569358098432-fixtureTokenOfNobody',
  accessSecret: 'fixtureAccessSecretOfNobody',
  handle: '@example_shop',
};
const bytes = new TextEncoder().encode('{"for_user_id":"1716450569358098432","text":"سلام"}');
const sign = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('base64')}`;
const signature = sign(bytes, settings.appSecret);

const request = (given: string | null, change: Partial<RawRequest> = {}): RawRequest => ({
  source: 'hook',
  method: 'POST',
  path: '/',
  query: {},
  headers: given === null ? {} : { 'x-twitter-webhooks-signature': given },
  body: bytes,
  ...change,
});

const challenge = (query: Record<string, string>): RawRequest =>
  request(null, { method: 'GET', query, body: new Uint8Array() });

/** What the contract suite must be told about X. */
export const xCase: ContractCase = {
  settings,
  paths: ['/', '/dm_events', '/mentions'],
  forged: [
    { why: 'no signature', raw: request(null), settings },
    { why: 'an empty signature', raw: request(''), settings },
    { why: 'another secret', raw: request(sign(bytes, 'another secret')), settings },
    { why: 'the signature without its name', raw: request(signature.slice(7)), settings },
    {
      why: 'the same words in other bytes',
      raw: request(signature, { body: Buffer.from(bytes).subarray(0, bytes.length - 1) }),
      settings,
    },
    { why: 'a GET with the signature', raw: request(signature, { method: 'GET' }), settings },
    {
      why: 'no secret here, and the signature of an empty one',
      raw: request(sign(bytes, '')),
      settings: { ...settings, appSecret: '' },
    },
  ],
  genuine: [{ why: 'signed over these bytes', raw: request(signature), settings }],
  to: (peer) => ({ kind: 'xUser', value: peer }),
  nobody: { kind: 'xUser', value: '42' },
  externalIdOf: (message) => message.externalId,
  faults: [
    { fault: 'rateLimit', class: 'rateLimited' },
    { fault: 'serverError', class: 'retryable' },
    { fault: 'htmlError', class: 'retryable' },
    { fault: 'resetBeforeAccept', class: 'unknown' },
    { fault: 'resetAfterAccept', class: 'unknown' },
    { fault: 'hang', class: 'unknown' },
    { fault: 'badCredentials', class: 'auth' },
    { fault: 'blocked', class: 'permanent', unreachable: true },
  ],
  secretOf: (simulator) => String(simulator.settings.accessSecret),
  wrongSettings: (good) => [
    { settings: { ...good, accessSecret: 'not the secret of anybody' }, class: 'auth', field: 'accessToken' },
    { settings: { ...good, appKey: ' ' }, class: 'permanent', field: 'appKey' },
    { settings: { ...good, userId: 'me' }, class: 'permanent', field: 'userId' },
    { settings: { ...good, userId: '12' }, class: 'permanent', field: 'userId' },
    { settings: { ...good, handle: 'not a handle' }, class: 'permanent', field: 'handle' },
    { settings: { ...good, handle: '@somebody_else' }, class: 'permanent', field: 'handle' },
  ],
  listenCalls: ['dm_events', 'mentions'],
  handshakes: [
    {
      why: 'the token, signed with the secret',
      raw: challenge({ crc_token: 'OWU2YzZkMjEtZml4dHVyZQ==' }),
      settings,
      answer: {
        status: 200,
        body: '{"response_token":"sha256=2/of4HsaEsE9L+5xpVgDwa1MC/fL9kTAsZLDCliw27c="}',
      },
    },
    { why: 'no token', raw: challenge({}), settings, answer: null },
    { why: 'an endless token', raw: challenge({ crc_token: 'a'.repeat(513) }), settings, answer: null },
    {
      why: 'no secret here',
      raw: challenge({ crc_token: 'OWU2YzZkMjEtZml4dHVyZQ==' }),
      settings: { ...settings, appSecret: '' },
      answer: null,
    },
    {
      why: 'a POST',
      raw: request(null, { query: { crc_token: 'OWU2YzZkMjEtZml4dHVyZQ==' } }),
      settings,
      answer: null,
    },
  ],
  async inPublic(simulator) {
    const peer = simulator.peer(1);
    await simulator.act({ do: 'public', peer, text: 'سفارشم کجاست؟' });
    const said = simulator.messages().at(-1)?.externalId ?? '';
    return { to: { kind: 'xUser', value: peer }, threadKey: `post:${said}`, inReplyTo: said };
  },
};
