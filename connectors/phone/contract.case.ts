import { createHmac } from 'node:crypto';
import type { RawRequest } from '../connector.ts';
import type { ContractCase } from '../contract.cases.ts';

/** What the contract suite must be told about telephone systems. */

const request = (change: Partial<RawRequest>): RawRequest => ({
  source: 'hook',
  method: 'POST',
  path: '/',
  query: {},
  headers: {},
  body: new Uint8Array(),
  ...change,
});

const phoneSettings = {
  system: 'fixture-pbx',
  secret: 'fixture-signing-key-0123456789',
  areaCode: '021',
  recordings: 'https://pbx.example/rec/',
};
const phoneBody = new TextEncoder().encode('{"callId":"1"}');
const phoneSigned = {
  'x-yekja-signature': `sha256=${createHmac('sha256', phoneSettings.secret).update(phoneBody).digest('hex')}`,
};

export const phoneCase: ContractCase = {
  settings: phoneSettings,
  paths: ['/'],
  forged: [
    { why: 'no signature', raw: request({ body: phoneBody }), settings: phoneSettings },
    {
      why: 'the signature of other bytes',
      raw: request({ headers: phoneSigned, body: new TextEncoder().encode('{"callId":"2"}') }),
      settings: phoneSettings,
    },
    {
      why: 'the signature of another key',
      raw: request({ headers: phoneSigned, body: phoneBody }),
      settings: { ...phoneSettings, secret: 'another-signing-key-0123456789' },
    },
    {
      why: 'signed, and no key to hold it against',
      raw: request({ headers: phoneSigned, body: phoneBody }),
      settings: { system: 'fixture-pbx' },
    },
    {
      why: 'signed, in a GET',
      raw: request({ method: 'GET', headers: phoneSigned, body: phoneBody }),
      settings: phoneSettings,
    },
  ],
  genuine: [
    { why: 'signed', raw: request({ headers: phoneSigned, body: phoneBody }), settings: phoneSettings },
    {
      why: 'signed, without the name of the digest',
      raw: request({
        headers: { 'x-yekja-signature': phoneSigned['x-yekja-signature'].replace('sha256=', '') },
        body: phoneBody,
      }),
      settings: phoneSettings,
    },
  ],
  to: (peer) => ({ kind: 'phone', value: peer }),
  nobody: { kind: 'phone', value: '+982188000001' },
  externalIdOf: (message) => message.externalId,
  faults: [],
  secretOf: (simulator) => String(simulator.settings.secret),
  wrongSettings: (good) => [
    { settings: { ...good, system: 'پ' }, class: 'permanent', field: 'system' },
    { settings: { ...good, secret: 'short' }, class: 'permanent', field: 'secret' },
    { settings: { ...good, timeZone: 'Mars/Olympus' }, class: 'permanent', field: 'timeZone' },
    { settings: { ...good, recordings: 'file:///etc/' }, class: 'permanent', field: 'recordings' },
  ],
  listenCalls: [],
};
