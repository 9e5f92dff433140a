import type { ErrorClass } from '../shared/connector.ts';
import type {
  Fault,
  OutboundMessage,
  RawRequest,
  Settings,
  SimulatedMessage,
  Simulator,
} from './connector.ts';
import { instagramCase, messengerCase } from './meta/contract.case.ts';
import { phoneCase } from './phone/contract.case.ts';
import { baleCase, telegramCase } from './telegram/contract.case.ts';
import { whatsappCase } from './whatsapp/contract.case.ts';
import { xCase } from './x/contract.case.ts';

/** What the contract suite must be told about a connector, because it is the provider's and not the contract's. */
export interface ContractCase {
  /** Settings that fit the fixtures. */
  settings: Settings;
  /** Paths below the hook. */
  paths: string[];
  forged: { why: string; raw: RawRequest; settings: Settings }[];
  genuine: { why: string; raw: RawRequest; settings: Settings }[];
  /** Who a simulator's peer is to us. */
  to(peer: string): OutboundMessage['to'];
  /** Somebody who can never be written to. */
  nobody: OutboundMessage['to'];
  externalIdOf(message: SimulatedMessage): string;
  /** What a fault on a send must be called. */
  faults: { fault: Fault; class: ErrorClass; unreachable?: boolean }[];
  /** Must appear in no error. */
  secretOf(simulator: Simulator): string;
  wrongSettings(good: Record<string, string | number | boolean>): {
    settings: Record<string, string | number | boolean>;
    class: ErrorClass;
    field: string;
  }[];
  /** What is public comes by webhook, and the listener reads only what that missed. */
  catchesUpInPublic?: true;
  /** The provider's methods that the listener begins with. */
  listenCalls: string[];
  /** Challenges of the provider, and what is answered; null: it is none, or not for these settings. With `handshake`, one of each. */
  handshakes?: {
    why: string;
    raw: RawRequest;
    settings: Settings;
    answer: { status: number; body: string } | null;
  }[];
  /** Somebody says something to us in public: where it is answered. With the visibility `public`. */
  inPublic?(simulator: Simulator): Promise<Required<Pick<OutboundMessage, 'to' | 'threadKey' | 'inReplyTo'>>>;
  /** Somebody whose window is closed and past every tag. With the capability `window`. */
  closedWindow?(simulator: Simulator): Promise<OutboundMessage['to']>;
}

const request = (change: Partial<RawRequest>): RawRequest => ({
  source: 'hook',
  method: 'POST',
  path: '/',
  query: {},
  headers: {},
  body: new Uint8Array(),
  ...change,
});

const webchatSettings = { site: 'simulated-shop', name: 'Example Shop' };

const smsSettings = { apiKey: '0123456789ABCDEF', line: '30005050' };

const emailSettings = {
  address: 'support@example.net',
  password: 'fixture password',
  imapHost: 'imap.example.net',
  smtpHost: 'smtp.example.net',
};

export const contractCases: Record<string, ContractCase> = {
  sms: {
    settings: smsSettings,
    paths: ['/', '/inbound', '/status', '/receive'],
    forged: [
      { why: 'another path', raw: request({ path: '/admin' }), settings: smsSettings },
      { why: 'a path that climbs', raw: request({ path: '/inbound/../x' }), settings: smsSettings },
      {
        why: 'far too large',
        raw: request({ path: '/inbound', body: new Uint8Array(9000) }),
        settings: smsSettings,
      },
    ],
    genuine: [
      { why: 'a message', raw: request({ path: '/inbound' }), settings: smsSettings },
      { why: 'a status', raw: request({ path: '/status', method: 'GET' }), settings: smsSettings },
    ],
    to: (peer) => ({ kind: 'mobile', value: peer }),
    nobody: { kind: 'smsLine', value: '10004346' },
    externalIdOf: (message) => message.externalId,
    faults: [
      { fault: 'rateLimit', class: 'rateLimited' },
      { fault: 'serverError', class: 'retryable' },
      { fault: 'htmlError', class: 'unknown' },
      { fault: 'resetBeforeAccept', class: 'unknown' },
      { fault: 'resetAfterAccept', class: 'unknown' },
      { fault: 'hang', class: 'unknown' },
      { fault: 'badCredentials', class: 'auth' },
    ],
    secretOf: (simulator) => String(simulator.settings.apiKey),
    wrongSettings: (good) => [
      { settings: { ...good, apiKey: 'WRONG-KEY' }, class: 'auth', field: 'apiKey' },
      { settings: { ...good, line: '99999' }, class: 'permanent', field: 'line' },
    ],
    listenCalls: ['sms/inboxpaged'],
  },
  webchat: {
    settings: webchatSettings,
    paths: ['/'],
    forged: [
      {
        why: 'nobody but the server itself says what a visitor wrote',
        raw: request({
          body: new TextEncoder().encode(
            JSON.stringify({
              visitorId: 'AAAAAAAAAAAAAAAAAAAAAA',
              id: '1',
              at: '2026-01-01T00:00:00Z',
              text: 'x',
            }),
          ),
        }),
        settings: webchatSettings,
      },
    ],
    genuine: [],
    to: (peer) => ({ kind: 'webVisitor', value: `${webchatSettings.site}:${peer}` }),
    nobody: { kind: 'webVisitor', value: 'another-site:AAAAAAAAAAAAAAAAAAAAAA' },
    externalIdOf: (message) => message.externalId,
    faults: [],
    secretOf: (simulator) => String(simulator.settings.identitySecret),
    wrongSettings: (good) => [
      { settings: { ...good, site: 'short' }, class: 'permanent', field: 'site' },
      {
        settings: { ...good, allowedOrigins: 'https://a.example/shop' },
        class: 'permanent',
        field: 'allowedOrigins',
      },
      { settings: { ...good, allowedOrigins: '*' }, class: 'permanent', field: 'allowedOrigins' },
      { settings: { ...good, colour: 'red' }, class: 'permanent', field: 'colour' },
      { settings: { ...good, followUpAfter: 0 }, class: 'permanent', field: 'followUpAfter' },
    ],
    listenCalls: [],
  },
  email: {
    settings: emailSettings,
    paths: ['/', '/mail'],
    forged: [
      { why: 'nobody calls a mailbox’s hook', raw: request({}), settings: emailSettings },
      { why: 'nor with a path', raw: request({ path: '/mail' }), settings: emailSettings },
    ],
    genuine: [
      { why: 'what the listener fetched', raw: request({ source: 'listen' }), settings: emailSettings },
    ],
    to: (peer) => ({ kind: 'emailAddress', value: peer }),
    nobody: { kind: 'mobile', value: '+989901234567' },
    externalIdOf: (message) => message.externalId,
    faults: [
      { fault: 'rateLimit', class: 'rateLimited' },
      { fault: 'serverError', class: 'retryable' },
      { fault: 'resetBeforeAccept', class: 'retryable' },
      { fault: 'resetAfterAccept', class: 'unknown' },
      { fault: 'hang', class: 'unknown' },
      { fault: 'badCredentials', class: 'auth' },
      { fault: 'blocked', class: 'permanent', unreachable: true },
    ],
    secretOf: (simulator) => String(simulator.settings.password),
    wrongSettings: (good) => [
      { settings: { ...good, password: 'wrong' }, class: 'auth', field: 'password' },
      { settings: { ...good, address: 'nobody' }, class: 'permanent', field: 'address' },
      { settings: { ...good, folder: 'Nowhere' }, class: 'permanent', field: 'folder' },
    ],
    listenCalls: ['imap/examine'],
  },
  telegram: telegramCase,
  bale: baleCase,
  phone: phoneCase,
  messenger: messengerCase,
  instagram: instagramCase,
  x: xCase,
  whatsapp: whatsappCase,
};
