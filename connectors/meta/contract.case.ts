import type { RawRequest, Settings } from '../connector.ts';
import type { ContractCase } from '../contract.cases.ts';
import { sign } from './signature.ts';
import type { MetaSimulator } from './simulator.account.ts';

/** What the contract suite must be told about the channels of Meta's that speak the Messenger Platform's language. */

const shared = {
  accessToken: 'EAAFixtureTokenOfNoRealPageAtAll0000001',
  appId: '700000000000001',
  appSecret: '0123456789abcdef0123456789abcdef',
  verifyToken: 'fixture-verify-token',
  graphVersion: 'v24.0',
};

/** Escaped as Meta escapes: read and written again, it has another signature. */
const body = new TextEncoder().encode('{"object":"page","entry":[],"x":"\\u0633\\/"}');
const header = 'x-hub-signature-256';
const signature = sign(body, shared.appSecret);

const request = (change: Partial<RawRequest>): RawRequest => ({
  source: 'hook',
  method: 'POST',
  path: '/',
  query: {},
  headers: { [header]: signature },
  body,
  ...change,
});

/** As Meta asks whether an address is ours. */
const challenge = (change: Record<string, string>): RawRequest => ({
  ...request({ method: 'GET', headers: {}, body: new Uint8Array() }),
  query: {
    'hub.mode': 'subscribe',
    'hub.verify_token': shared.verifyToken,
    'hub.challenge': '1158201444',
    ...change,
  },
});

/** What Meta's challenge is answered with, by whichever of its channels. */
export const handshakes = (settings: Settings): NonNullable<ContractCase['handshakes']> => [
  { why: 'with our token', raw: challenge({}), settings, answer: { status: 200, body: '1158201444' } },
  { why: 'with another token', raw: challenge({ 'hub.verify_token': 'guessed' }), settings, answer: null },
  {
    why: 'without a token of ours',
    raw: challenge({}),
    settings: { ...settings, verifyToken: '' },
    answer: null,
  },
  { why: 'of another mode', raw: challenge({ 'hub.mode': 'unsubscribe' }), settings, answer: null },
  { why: 'that would be a page', raw: challenge({ 'hub.challenge': '<b>1</b>' }), settings, answer: null },
  { why: 'in a POST', raw: { ...challenge({}), method: 'POST' }, settings, answer: null },
];

function caseOf(options: {
  settings: Settings;
  kind: 'messengerUser' | 'instagramUser';
  /** The setting that names the account. */
  idField: string;
  account: string;
}): ContractCase {
  const { settings, kind, idField, account } = options;
  return {
    settings,
    paths: ['/', '/conversations'],
    forged: [
      { why: 'no signature', raw: request({ headers: {} }), settings },
      { why: 'an empty signature', raw: request({ headers: { [header]: 'sha256=' } }), settings },
      { why: 'the old digest', raw: request({ headers: { 'x-hub-signature': signature } }), settings },
      {
        why: 'the signature of another secret',
        raw: request({ headers: { [header]: sign(body, 'f'.repeat(32)) } }),
        settings,
      },
      {
        why: 'the same JSON in other bytes',
        raw: request({ body: new TextEncoder().encode('{"object":"page","entry":[],"x":"س/"}') }),
        settings,
      },
      { why: 'signed, in a GET', raw: request({ method: 'GET' }), settings },
      { why: 'signed, and no secret to hold it against', raw: request({}), settings: { verifyToken: 'x' } },
    ],
    genuine: [
      { why: 'signed', raw: request({}), settings },
      {
        why: 'signed in capital letters',
        raw: request({ headers: { [header]: `sha256=${signature.slice(7).toUpperCase()}` } }),
        settings,
      },
    ],
    to: (peer) => ({ kind, value: `${account}:${peer}` }),
    nobody: { kind: 'mobile', value: '+989901234567' },
    externalIdOf: (message) => message.externalId,
    faults: [
      { fault: 'rateLimit', class: 'rateLimited' },
      { fault: 'serverError', class: 'retryable' },
      { fault: 'htmlError', class: 'unknown' },
      { fault: 'resetBeforeAccept', class: 'unknown' },
      { fault: 'resetAfterAccept', class: 'unknown' },
      { fault: 'hang', class: 'unknown' },
      { fault: 'badCredentials', class: 'auth' },
      { fault: 'blocked', class: 'permanent', unreachable: true },
    ],
    secretOf: (simulator) => String(simulator.settings.accessToken),
    wrongSettings: (good) => [
      {
        settings: { ...good, accessToken: 'EAAAnotherTokenThatOpensNothing000000' },
        class: 'auth',
        field: 'accessToken',
      },
      { settings: { ...good, accessToken: 'short' }, class: 'permanent', field: 'accessToken' },
      { settings: { ...good, appSecret: 'e'.repeat(32) }, class: 'auth', field: 'appSecret' },
      { settings: { ...good, appSecret: 'none' }, class: 'permanent', field: 'appSecret' },
      { settings: { ...good, appId: 'my app' }, class: 'permanent', field: 'appId' },
      { settings: { ...good, graphVersion: 'latest' }, class: 'permanent', field: 'graphVersion' },
      { settings: { ...good, [idField]: '99999999999' }, class: 'permanent', field: idField },
      { settings: { ...good, [idField]: 'our page' }, class: 'permanent', field: idField },
    ],
    catchesUpInPublic: true,
    listenCalls: ['conversations'],
    handshakes: handshakes(settings),
    inPublic: async (simulator) => {
      const peer = simulator.peer(2);
      await simulator.act({ do: 'public', peer, text: 'قیمت این چند است؟' });
      const comment = simulator.messages().find((message) => message.peer === peer);
      const { wall } = simulator as MetaSimulator;
      const post = wall.comments.get(comment?.externalId ?? '')?.post;
      return {
        to: { kind, value: `${account}:${peer}` },
        threadKey: `post:${post}`,
        inReplyTo: comment?.externalId ?? '',
      };
    },
    closedWindow: async (simulator) => {
      const peer = simulator.peer(3);
      await simulator.customerWrites({ peer, text: 'سلام' });
      await simulator.act({ do: 'lapse', peer });
      return { kind, value: `${account}:${peer}` };
    },
  };
}

export const messengerCase = caseOf({
  settings: { pageId: '104000000000001', ...shared },
  kind: 'messengerUser',
  idField: 'pageId',
  account: '104000000000001',
});

export const instagramCase = caseOf({
  settings: { instagramId: '17841400000000001', pageId: '104000000000002', ...shared },
  kind: 'instagramUser',
  idField: 'instagramId',
  account: '17841400000000001',
});
