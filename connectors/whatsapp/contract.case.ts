import type { RawRequest } from '../connector.ts';
import type { ContractCase } from '../contract.cases.ts';
import { handshakes } from '../meta/contract.case.ts';
import { sign } from '../meta/signature.ts';

const settings = {
  phoneNumberId: '106540000000001',
  businessAccountId: '102290000000001',
  accessToken: 'EAAFixtureTokenOfNoRealBusinessAtAll0001',
  appId: '700000000000003',
  appSecret: '0123456789abcdef0123456789abcdef',
  verifyToken: 'fixture-verify-token',
  graphVersion: 'v24.0',
};

/** Escaped as Meta escapes: read and written again, it has another signature. */
const body = new TextEncoder().encode('{"object":"whatsapp_business_account","entry":[],"x":"\\u0633\\/"}');
const header = 'x-hub-signature-256';
const signature = sign(body, settings.appSecret);

const request = (change: Partial<RawRequest>): RawRequest => ({
  source: 'hook',
  method: 'POST',
  path: '/',
  query: {},
  headers: { [header]: signature },
  body,
  ...change,
});

/** What the contract suite must be told about WhatsApp. */
export const whatsappCase: ContractCase = {
  settings,
  paths: ['/'],
  forged: [
    { why: 'no signature', raw: request({ headers: {} }), settings },
    {
      why: 'the signature of another secret',
      raw: request({ headers: { [header]: sign(body, 'f'.repeat(32)) } }),
      settings,
    },
    {
      why: 'the same JSON in other bytes',
      raw: request({
        body: new TextEncoder().encode('{"object":"whatsapp_business_account","entry":[],"x":"س/"}'),
      }),
      settings,
    },
    { why: 'signed, in a GET', raw: request({ method: 'GET' }), settings },
    { why: 'signed, and no secret to hold it against', raw: request({}), settings: { verifyToken: 'x' } },
  ],
  genuine: [{ why: 'signed', raw: request({}), settings }],
  to: (peer) => ({ kind: 'whatsappUser', value: peer }),
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
    { settings: { ...good, appSecret: 'none' }, class: 'permanent', field: 'appSecret' },
    { settings: { ...good, phoneNumberId: '99999999999' }, class: 'permanent', field: 'phoneNumberId' },
    { settings: { ...good, phoneNumberId: '+98 990' }, class: 'permanent', field: 'phoneNumberId' },
    { settings: { ...good, businessAccountId: 'ours' }, class: 'permanent', field: 'businessAccountId' },
    { settings: { ...good, graphVersion: 'latest' }, class: 'permanent', field: 'graphVersion' },
  ],
  listenCalls: [],
  handshakes: handshakes(settings),
  closedWindow: async (simulator) => {
    const peer = simulator.peer(3);
    await simulator.customerWrites({ peer, text: 'سلام' });
    await simulator.act({ do: 'lapse', peer });
    return { kind: 'whatsappUser', value: peer };
  },
};
